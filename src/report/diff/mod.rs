//! The report of `diff`: what explains the differences of two environments, and everything that differs.

mod json;
pub(in crate::report) mod text;

use bstr::BString;

use super::text::Style;
use crate::difference::environments::{Contrast, Letter, Side};

pub use json::schema;

/// One of the two, as it was named.
pub struct Named<'a> {
    /// The argument.
    pub typed: BString,
    /// Whether it is a snapshot.
    pub is_snapshot: bool,
    /// What it is.
    pub side: &'a Side<'a>,
    /// How the argument was understood.
    pub notes: Vec<BString>,
}

/// Two environments, and in what they differ.
pub struct Report<'a> {
    /// The first.
    pub a: Named<'a>,
    /// The second.
    pub b: Named<'a>,
    /// In what they differ.
    pub contrast: Contrast,
}

impl Report<'_> {
    /// One of the two.
    pub fn of(&self, letter: Letter) -> &Named<'_> {
        letter.of(&self.a, &self.b)
    }

    /// Text for people. Its first line is the answer as a whole, unless it `is_wrapped` like the rest.
    pub fn to_text(&self, style: &Style, is_wrapped: bool) -> String {
        text::render(self, style, is_wrapped)
    }

    /// One line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }
}
