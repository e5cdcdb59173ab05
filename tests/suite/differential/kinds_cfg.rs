//! What `pyvenv.cfg` says, how it is written and where it lies.

use bstr::{BString, ByteSlice};

use super::draft::{Draft, Node, Place, join, parent, plain};
use super::generate::{Choice, choice};
use super::kinds_exe::format_line;

/// The value of `home`.
pub const HOMES: &[Choice] = &[
    choice("ordinary", 40, |_| Ok(())),
    choice("missing-key", 2, |d| {
        take_home(d);
        Ok(())
    }),
    choice("empty", 1, |d| home(d, "home = ")),
    choice("empty-no-blank", 1, |d| home(d, "home=")),
    choice("key-only", 1, |d| home(d, "home")),
    choice("dot", 1, |d| home(d, "home = .")),
    choice("dot-dot", 1, |d| home(d, "home = ..")),
    choice("one-letter", 1, |d| home(d, "home = b")),
    choice("relative", 1, |d| home(d, "home = b/bin")),
    choice("relative-to-root", 1, |d| {
        let line = value(d).trim_start_with(|character| character == '/').to_vec();
        home(d, [b"home = ", line.as_slice()].concat())
    }),
    choice("with-dot-dot", 1, |d| {
        let line = [b"home = ", value(d).as_slice(), b"/../bin"].concat();
        home(d, line)
    }),
    choice("trailing-slash", 1, |d| {
        let line = [b"home = ", value(d).as_slice(), b"/"].concat();
        home(d, line)
    }),
    choice("double-slashes", 1, |d| {
        let line = value(d).replace("/", "//");
        home(d, [b"home = ", line.as_slice()].concat())
    }),
    choice("quoted", 1, |d| {
        let line = [b"home = \"", value(d).as_slice(), b"\""].concat();
        home(d, line)
    }),
    choice("prefix", 2, |d| {
        let line = format_line("home = ", &parent(&value(d)));
        home(d, line)
    }),
    choice("library", 1, |d| {
        let line = join(format_line("home = ", &parent(&value(d))), d.lib());
        home(d, line)
    }),
    choice("binary", 1, |d| {
        let line = format_line("home = ", &d.base_exe);
        home(d, line)
    }),
    choice("nonexistent", 2, |d| home(d, "home = /nonexistent/bin")),
    choice("root", 1, |d| home(d, "home = /")),
    choice("environment", 1, |d| {
        let line = format_line("home = ", &d.bin());
        home(d, line)
    }),
    choice("tilde", 1, |d| home(d, "home = ~/bin")),
    choice("variable", 1, |d| home(d, "home = $HOME/bin")),
    choice("twice", 1, |d| {
        let line = [b"home = ", value(d).as_slice(), b"\nhome = /nonexistent/second"].concat();
        home(d, line)
    }),
    choice("twice-wrong-first", 1, |d| {
        let line = [b"home = /nonexistent/first\nhome = ", value(d).as_slice()].concat();
        home(d, line)
    }),
    choice("last-line", 1, |d| {
        let line = format_line("home = ", &value(d));
        take_home(d);
        d.cfg.lines.push(line);
        Ok(())
    }),
    choice("upper-case", 2, |d| spelled(d, "HOME = ", "")),
    choice("no-blanks", 2, |d| spelled(d, "home=", "")),
    choice("blank-after", 1, |d| spelled(d, "home= ", "")),
    choice("blank-before", 1, |d| spelled(d, "home =", "")),
    choice("two-blanks", 1, |d| spelled(d, "home  =  ", "")),
    choice("tabs", 1, |d| spelled(d, "home\t=\t", "")),
    choice("leading-blanks", 1, |d| spelled(d, "  home = ", "")),
    choice("leading-tab", 1, |d| spelled(d, "\thome = ", "")),
    choice("trailing-blanks", 2, |d| spelled(d, "home = ", "  \t")),
    choice("trailing-comment", 1, |d| spelled(d, "home = ", " # the base")),
    choice("commented", 1, |d| spelled(d, "# home = ", "")),
    choice("colon", 1, |d| spelled(d, "home: ", "")),
    choice("two-equals", 1, |d| spelled(d, "home == ", "")),
    choice("key-with-suffix", 1, |d| spelled(d, "homes = ", "")),
    choice("form-feed", 1, |d| spelled(d, "home = ", "\x0c")),
    choice("vertical-tab-before", 1, |d| spelled(d, "\x0bhome = ", "")),
    choice("nbsp", 1, |d| spelled(d, "home\u{a0}= ", "")),
    choice("nbsp-in-value", 1, |d| spelled(d, "home = \u{a0}", "\u{2003}")),
    choice("line-separator", 1, |d| spelled(d, "x = y\u{2028}home = ", "")),
];

fn value(d: &Draft<'_>) -> BString {
    let line = d.cfg.lines.first();
    BString::from(line.and_then(|line| line.strip_prefix(b"home = ")).unwrap_or(b"/nonexistent"))
}

fn take_home(d: &mut Draft<'_>) {
    if !d.cfg.lines.is_empty() {
        d.cfg.lines.remove(0);
    }
}

fn home(d: &mut Draft<'_>, line: impl Into<BString>) -> std::io::Result<()> {
    take_home(d);
    d.cfg.lines.insert(0, line.into());
    Ok(())
}

fn spelled(d: &mut Draft<'_>, before: &str, after: &str) -> std::io::Result<()> {
    let line = [before.as_bytes(), value(d).as_slice(), after.as_bytes()].concat();
    home(d, line)
}

/// The value of `include-system-site-packages`.
pub const SYSTEM: &[Choice] = &[
    choice("ordinary", 12, |_| Ok(())),
    choice("absent", 3, |d| system(d, &[])),
    choice("true", 4, |d| system(d, &["include-system-site-packages = true"])),
    choice("TRUE", 1, |d| system(d, &["include-system-site-packages = TRUE"])),
    choice("upper-case-key", 1, |d| system(d, &["Include-System-Site-Packages = true"])),
    choice("one", 1, |d| system(d, &["include-system-site-packages = 1"])),
    choice("yes", 1, |d| system(d, &["include-system-site-packages = yes"])),
    choice("empty", 1, |d| system(d, &["include-system-site-packages ="])),
    choice("comment", 1, |d| system(d, &["include-system-site-packages = true # x"])),
    choice("quoted", 1, |d| system(d, &["include-system-site-packages = \"true\""])),
    choice("twice", 1, |d| system(d, &["include-system-site-packages = false", "include-system-site-packages = true"])),
    choice("twice-back", 1, |d| {
        system(d, &["include-system-site-packages = true", "include-system-site-packages = false"])
    }),
    choice("no-blanks", 1, |d| system(d, &["include-system-site-packages=true"])),
    choice("blanks", 1, |d| system(d, &["  include-system-site-packages \t=   true  "])),
    choice("underscores", 1, |d| system(d, &["include_system_site_packages = true"])),
    choice("commented", 1, |d| system(d, &["#include-system-site-packages = false"])),
    choice("kelvin-sign", 1, |d| system(d, &["include-system-site-pac\u{212a}ages = false"])),
    choice("nbsp", 1, |d| system(d, &["include-system-site-packages =\u{a0}true\u{a0}"])),
];

fn system(d: &mut Draft<'_>, lines: &[&str]) -> std::io::Result<()> {
    d.cfg.lines.retain(|line| !line.starts_with(b"include-system"));
    d.cfg.lines.extend(lines.iter().map(|line| BString::from(*line)));
    Ok(())
}

/// How the file is written.
pub const FORMS: &[Choice] = &[
    choice("ordinary", 34, |_| Ok(())),
    choice("crlf", 2, |d| form(d, |lines| plain(lines).replace("\n", "\r\n"))),
    choice("cr", 1, |d| form(d, |lines| plain(lines).replace("\n", "\r"))),
    choice("no-final-newline", 2, |d| form(d, |lines| plain(lines).trim_ascii_end().to_vec())),
    choice("only-home-no-newline", 1, |d| form(d, |lines| lines.first().map(|line| line.to_vec()).unwrap_or_default())),
    choice("empty", 2, |d| form(d, |_| Vec::new())),
    choice("one-newline", 1, |d| form(d, |_| b"\n".to_vec())),
    choice("blank-lines", 1, |d| form(d, |lines| plain(lines).replace("\n", "\n\n  \n"))),
    choice("bom", 1, |d| form(d, |lines| [b"\xEF\xBB\xBF", plain(lines).as_slice()].concat())),
    choice("bom-before-include", 1, |d| form(d, |lines| plain(lines).replace("include", "\u{feff}include"))),
    choice("nul-first", 1, |d| form(d, |lines| [b"\0\n", plain(lines).as_slice()].concat())),
    choice("nul-last", 1, |d| form(d, |lines| [plain(lines).as_slice(), b"\0"].concat())),
    choice("nul-in-value", 1, |d| form(d, |lines| plain(lines).replacen("\n", "\0rest\n", 1))),
    choice("comment-first", 1, |d| form(d, |lines| [b"# made by hand\n", plain(lines).as_slice()].concat())),
    choice("section-first", 1, |d| form(d, |lines| [b"[venv]\n", plain(lines).as_slice()].concat())),
    choice("not-utf-8-last", 1, |d| form(d, |lines| [plain(lines).as_slice(), b"prompt = caf\xE9\n"].concat())),
    choice("not-utf-8-first", 1, |d| form(d, |lines| [b"prompt = \xFF\n", plain(lines).as_slice()].concat())),
    choice("surrogate-bytes", 1, |d| form(d, |lines| [plain(lines).as_slice(), b"x = \xED\xB2\x80\n"].concat())),
    choice("truncated-utf-8", 1, |d| form(d, |lines| [plain(lines).as_slice(), b"x = \xE2\x82"].concat())),
    choice("utf-8", 1, |d| form(d, |lines| [plain(lines).as_slice(), "prompt = dæmon ☃\n".as_bytes()].concat())),
    choice("utf-16", 1, |d| {
        form(d, |lines| {
            let text = plain(lines);
            [vec![0xFF, 0xFE], text.iter().flat_map(|&byte| [byte, 0]).collect()].concat()
        })
    }),
    choice("long-line-first", 1, |d| form(d, |lines| [long(8300).as_slice(), &plain(lines)].concat())),
    choice("line-of-8190", 1, |d| form(d, |lines| [long(8190).as_slice(), &plain(lines)].concat())),
    choice("line-of-8191", 1, |d| form(d, |lines| [long(8191).as_slice(), &plain(lines)].concat())),
    choice("line-of-8192", 1, |d| form(d, |lines| [long(8192).as_slice(), &plain(lines)].concat())),
    choice("long-comment-first", 1, |d| form(d, |lines| [b"#".as_slice(), &long(9000), &plain(lines)].concat())),
    choice("32767-bytes", 1, |d| form(d, |lines| filled(lines, 32767))),
    choice("32768-bytes", 1, |d| form(d, |lines| filled(lines, 32768))),
    choice("40000-bytes", 1, |d| form(d, |lines| filled(lines, 40000))),
    choice("uv", 2, |d| {
        d.cfg.lines.extend(["implementation = CPython", "uv = 0.9.1", "prompt = app"].map(BString::from));
        Ok(())
    }),
];

fn form(d: &mut Draft<'_>, form: fn(&[BString]) -> Vec<u8>) -> std::io::Result<()> {
    d.cfg.form = form;
    Ok(())
}

/// A line of `length` bytes and its end.
fn long(length: usize) -> Vec<u8> {
    let mut line = b"x = ".to_vec();
    line.resize(length, b'y');
    line.push(b'\n');
    line
}

/// The lines, filled up with comments to a size.
fn filled(lines: &[BString], size: usize) -> Vec<u8> {
    let mut content = plain(lines);
    while content.len() + 80 < size {
        content.extend([b"#".repeat(70).as_slice(), b"\n"].concat());
    }
    content.extend(vec![b'#'; size - content.len()]);
    content
}

/// Where the file lies and what it is.
pub const PLACES: &[Choice] = &[
    choice("ordinary", 30, |_| Ok(())),
    choice("beside", 2, |d| place(d, Place::Beside)),
    choice("both", 2, |d| place(d, Place::Both)),
    choice("neither", 1, |d| place(d, Place::Neither)),
    choice("unreadable", 2, |d| node(d, Node::Unreadable)),
    choice("unreadable-beside", 1, |d| {
        place(d, Place::Beside)?;
        node(d, Node::Unreadable)
    }),
    choice("directory", 1, |d| node(d, Node::Directory)),
    choice("directory-beside", 1, |d| {
        place(d, Place::Beside)?;
        node(d, Node::Directory)
    }),
    choice("dangling", 1, |d| node(d, Node::Dangling)),
    choice("loop", 1, |d| node(d, Node::Loop)),
    choice("loop-beside", 1, |d| {
        place(d, Place::Beside)?;
        node(d, Node::Loop)
    }),
    choice("link", 1, |d| node(d, Node::Link)),
    choice("null", 1, |d| node(d, Node::Null)),
    choice("misspelled", 1, |d| {
        place(d, Place::Neither)?;
        let file = join(parent(&d.bin()), "PyVenv.cfg");
        if file.starts_with(d.work.as_slice()) { d.file(file, "home = /nonexistent\n") } else { Ok(()) }
    }),
    choice("directory-above-file-beside", 1, |d| {
        place(d, Place::Beside)?;
        let file = join(parent(&d.bin()), "pyvenv.cfg");
        if file.starts_with(d.work.as_slice()) { d.dir(file) } else { Ok(()) }
    }),
];

fn place(d: &mut Draft<'_>, place: Place) -> std::io::Result<()> {
    if d.exe.starts_with(d.work.as_slice()) {
        d.cfg.place = place;
    } else {
        d.impossible("the real installation is not to be changed");
    }
    Ok(())
}

fn node(d: &mut Draft<'_>, node: Node) -> std::io::Result<()> {
    d.cfg.node = node;
    Ok(())
}
