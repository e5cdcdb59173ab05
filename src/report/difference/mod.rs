//! What a change makes of a resolution, for people and for programs.

pub mod json;
mod lists;
mod steps;
mod text;

use bstr::BString;

use crate::difference::Difference;
use crate::report::text::Style;

/// A difference, and what led to it.
#[derive(Clone, Debug)]
pub struct Supposition<'e> {
    /// What is different.
    pub difference: Difference<'e>,
    /// What was supposed, one sentence for each change.
    pub supposed: &'e [BString],
    /// What about it is worth telling.
    pub notes: &'e [BString],
}

impl Supposition<'_> {
    /// The difference for people.
    pub fn to_text(&self, style: &Style) -> String {
        text::render(self, style)
    }

    /// The difference as one line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }
}
