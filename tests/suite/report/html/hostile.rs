//! No text breaks out of a page: its markup stays ours, and the text is shown as the text report shows it.

use proptest::prelude::*;
use venv_doctor::internals::text::escape::{escape, is_unsafe};

use super::corpus::corpus;
use super::markup::examine;
use super::pages;
use crate::report::sample;

fn judge(text: &[u8]) {
    for (name, page) in pages::hostile(text, &sample::hostile(text)) {
        let markup = examine(&page);
        assert!(markup.faults.is_empty(), "{name}, {:?}: {:#?}", bstr::BStr::new(text), markup.faults);
        let control = page.chars().find(|&c| c != '\n' && is_unsafe(c));
        assert_eq!(control, None, "{name}, {:?}", bstr::BStr::new(text));
        // Longer texts are cut, as they are elsewhere.
        let shown = escape(text.into());
        if shown.len() < 1000 {
            assert!(markup.text.contains(&shown), "{name}: {shown:?} is not shown");
        }
    }
}

#[test]
fn the_corpus_stays_text() {
    for text in corpus() {
        judge(&text);
    }
}

#[test]
fn what_would_break_out_is_seen() {
    let page = pages::explain(&sample::broken());
    assert_eq!(examine(&page).faults, Vec::<String>::new());
    for (from, to) in [
        ("</main>", "<script>1</script></main>"),
        ("<main ", "<main onclick=\"1\" "),
        ("<main ", "<main style=\"color:red\" "),
        ("href=\"#", "href=\"javascript:#"),
        ("<style>", "<style>b{}"),
        ("</main>", ""),
        ("default-src &#39;none", "default-src &#39;self"),
        ("<footer>", "<footer><!-- x -->"),
    ] {
        assert!(page.contains(from), "{from}");
        assert!(!examine(&page.replacen(from, to, 1)).faults.is_empty(), "{from} became {to}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_stay_text(text in proptest::collection::vec(any::<u8>(), 0..60)) {
        judge(&text);
    }

    #[test]
    fn any_markup_stays_text(text in "[<>&'\"/=a-z!\\-\\[\\] \\PC]{0,60}") {
        judge(text.as_bytes());
    }
}
