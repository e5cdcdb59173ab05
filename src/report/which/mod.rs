//! The report of `which`: the answer first, then the search that leads to it.

mod json;
pub(in crate::report) mod search;
mod text;
pub(in crate::report) mod words;

use bstr::BString;

use super::text::Style;
use crate::which::Told;

pub use json::schema;

/// What was told, and how the arguments were understood.
pub struct Report<'a> {
    /// What was told.
    pub told: &'a Told,
    /// How the arguments were understood.
    pub notes: &'a [BString],
}

impl Report<'_> {
    /// One line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }

    /// Text for people.
    pub fn to_text(&self, style: &Style) -> String {
        text::render(self, style)
    }
}
