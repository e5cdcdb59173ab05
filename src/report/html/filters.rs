//! What templates do with text beyond escaping it.
#![expect(clippy::inline_always, clippy::unused_self, clippy::unnecessary_wraps, reason = "askama makes filters so")]

use askama::{Result, Template, Values};

/// Text in which lines may end after each separator of a path; a browser would break a long path anywhere.
#[derive(Template)]
#[template(path = "breakable.html")]
pub(super) struct Breakable {
    parts: Vec<String>,
}

/// Its template has escaped what is in it.
impl askama::filters::HtmlSafe for Breakable {}

impl Breakable {
    fn new(text: &str) -> Self {
        let mut parts: Vec<String> = Vec::new();
        for name in text.split_inclusive(['/', '\\']) {
            match parts.last_mut() {
                // The beginning of a path is not left alone at the end of a line.
                Some(part) if part.rsplit(' ').next().is_some_and(|word| word.len() <= 2) => part.push_str(name),
                _ => parts.push(name.to_owned()),
            }
        }
        Self { parts }
    }
}

/// Lets lines end after the separators of paths.
#[askama::filter_fn]
pub(super) fn paths<T: AsRef<str>>(text: T, _: &dyn Values) -> Result<Breakable> {
    Ok(Breakable::new(text.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_after_separators_but_not_after_the_first() {
        for (text, shown) in [
            ("in ~/app/.venv", "in ~/app/<wbr>.venv"),
            ("/usr/bin", "/usr/<wbr>bin"),
            (r"C:\Users\u", r"C:\<wbr>Users\<wbr>u"),
            ("</b>/x", "&#60;/b&#62;/<wbr>x"),
            ("", ""),
        ] {
            assert_eq!(Breakable::new(text).to_string(), shown);
        }
    }
}
