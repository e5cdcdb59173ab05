//! Text that we have written ourselves, in which backticks mark code.

use askama::Template;

/// Text with its code marked. Text of a machine may contain backticks that mean themselves, and is not for this.
#[derive(Template)]
#[template(path = "marked.html")]
pub(super) struct Marked {
    parts: Vec<(bool, String)>,
}

/// Its template has escaped what is in it.
impl askama::filters::HtmlSafe for Marked {}

impl Marked {
    /// Marks what is between two backticks.
    pub(super) fn new(text: &str) -> Self {
        let parts: Vec<&str> = text.split('`').collect();
        // Without its other half, a backtick marks nothing.
        if parts.len().is_multiple_of(2) {
            return Self { parts: vec![(false, text.to_owned())] };
        }
        Self { parts: parts.into_iter().enumerate().map(|(index, part)| (index % 2 == 1, part.to_owned())).collect() }
    }

    /// Whether there is nothing to be read.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().all(|(_, part)| part.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_backticks_is_code_and_all_of_it_is_text() {
        for (text, shown) in [
            ("run `pip list` and `<b>`", "run <code>pip list</code> and <code>&#60;b&#62;</code>"),
            ("a lone ` & no code", "a lone ` &#38; no code"),
            ("", ""),
        ] {
            assert_eq!(Marked::new(text).to_string(), shown);
        }
    }
}
