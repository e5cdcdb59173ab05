//! The result of a scan for people: a table with a summary.

pub(in crate::report) mod cause;
pub(in crate::report) mod table;
pub(in crate::report) mod totals;

use super::Report;
use crate::report::text::Style;

impl Report {
    /// The table, grouped by base interpreter where `by_base` asks for it, and the summary. Unless it `is_wrapped`, each
    /// environment has one line.
    pub fn to_text(&self, by_base: bool, style: &Style, is_wrapped: bool) -> String {
        table::render(self, by_base, style, is_wrapped)
    }
}
