//! What is left out of a list, because there is too much of it.

use askama::Template;

use crate::text::number::count;

/// `and 2 more steps`, with what shows them; nothing where nothing is left out.
#[derive(Template)]
#[template(path = "more.html")]
pub(super) struct More {
    number: usize,
    /// What is left out, in the singular; may be empty.
    noun: &'static str,
    /// What shows all.
    shown_by: &'static str,
}

/// Its template has escaped what is in it.
impl askama::filters::HtmlSafe for More {}

impl More {
    /// What is left out of a list that the JSON of the same command has.
    pub(super) fn new(number: usize, noun: &'static str) -> Self {
        Self { number, noun, shown_by: "--format json" }
    }

    /// The same, where something else has it.
    pub(super) fn of(number: usize, noun: &'static str, shown_by: &'static str) -> Self {
        Self { number, noun, shown_by }
    }

    /// `2 more steps`.
    fn told(&self) -> String {
        if self.noun.is_empty() { format!("{} more", self.number) } else { count(self.number, self.noun) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        for (number, noun, told) in
            [(1, "more entry", "1 more entry"), (3, "more entry", "3 more entries"), (1, "", "1 more")]
        {
            assert!(More::new(number, noun).to_string().contains(&format!("and {told}, which")), "{told}");
        }
        assert_eq!(More::new(0, "more step").to_string().trim(), "");
    }
}
