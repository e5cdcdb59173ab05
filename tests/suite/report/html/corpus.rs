//! Text that tries to break out of a page. What it would do, if it could, is to set [`SENTINEL`] on the document, or to ask
//! for something at [`BAIT`].

/// The attribute that a script of the corpus would set.
pub const SENTINEL: &str = "data-broken-out";

/// Where the corpus asks for things: all names of hosts lead to a listener of the test.
pub const BAIT: &str = "http://bait.example/broken-out";

/// The texts.
pub fn corpus() -> Vec<Vec<u8>> {
    let script = format!("document.documentElement.setAttribute('{SENTINEL}','1')");
    let mut texts: Vec<Vec<u8>> = [
        format!("<script>{script}</script>"),
        format!("</code></pre></title></style></svg><script>{script}</script>"),
        format!("<img src=x onerror=\"{script}\">"),
        format!("<img src={BAIT}>"),
        format!("\"><svg onload=\"{script}\"><image href='{BAIT}'/></svg>"),
        format!("' onmouseover='{script}' autofocus onfocus='{script}' x='"),
        format!("\" style=\"background:url({BAIT})\" onload=\"{script}\""),
        format!("javascript:{script}"),
        format!("</style><style>body{{background:url({BAIT})}} @import '{BAIT}';</style>"),
        format!("<link rel=stylesheet href={BAIT}><link rel=preload as=image href={BAIT}>"),
        format!("<iframe src=\"javascript:{script}\"></iframe><iframe srcdoc=\"<script>{script}</script>\"></iframe>"),
        format!("<meta http-equiv=refresh content=\"0;url={BAIT}\"><base href={BAIT}>"),
        format!("<form action={BAIT}><button autofocus>x</button></form><object data={BAIT}></object>"),
        format!("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src={BAIT}&gt;\">"),
        format!("<!--><script>{script}</script>-->"),
        format!("<![CDATA[<script>{script}</script>]]>"),
        format!("&lt;script&gt;{script}&lt;/script&gt;&#60;img src={BAIT}&#62;&amp"),
        format!("{{{{ 7*7 }}}}{{% raw %}}<script>{script}</script>{{# x #}}"),
        format!(
            "<foreignObject><body onload={script}></foreignObject><animate onbegin={script} attributeName=x dur=1s>"
        ),
        format!("<a href=\"{BAIT}\" ping=\"{BAIT}\">x</a><video poster={BAIT}></video>"),
        "::error::x ##[error]x\r\n::set-output name=x::y".to_owned(),
        "\u{202e}gnp.evil\u{2066}\u{200b}\u{feff}\u{2028}x".to_owned(),
        "\0\u{1}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}".to_owned(),
        "路径/größe/𝕏/e\u{301}".to_owned(),
        "~/a b  c\t\td\n\ne".to_owned(),
        String::new(),
    ]
    .map(String::into_bytes)
    .to_vec();
    texts.push(b"\xff\xfe<script>\xc0\xbc</script>\xe2\x80".to_vec());
    texts.push([b"+ADw-script+AD4-".as_slice(), script.as_bytes(), b"+ADw-/script+AD4-"].concat());
    texts.push("<b>/".repeat(1000).into_bytes());
    texts.push(vec![b'x'; 20_000]);
    texts
}
