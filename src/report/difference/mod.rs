//! The report of `explain --what-if`: what some changes would change.

pub mod json;
mod lists;
pub(in crate::report) mod overview;
pub(in crate::report) mod steps;

use bstr::BString;

use crate::difference::Difference;
use crate::report::text::Style;

/// A difference, and the changes that make it.
#[derive(Clone, Debug)]
pub struct Supposition<'e> {
    /// What is different.
    pub difference: Difference<'e>,
    /// What was supposed, one sentence for each change.
    pub supposed: &'e [BString],
    /// How the arguments were understood, and what limits the answer.
    pub notes: &'e [BString],
}

impl Supposition<'_> {
    /// The difference for people.
    pub fn to_text(&self, style: &Style) -> String {
        overview::render(self, style)
    }

    /// The difference as one line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }
}
