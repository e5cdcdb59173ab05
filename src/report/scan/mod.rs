//! What a scan has found: a table with a summary for people, a line of JSON for each environment for programs.

mod cause;
mod json;
mod table;

use bstr::BString;

use crate::report::text::Style;
use crate::scan::Environment;

pub use json::{environment as to_json_line, schema, summary as to_json_summary};

/// A directory that could not be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The directory.
    pub dir: BString,
    /// Why not.
    pub reason: String,
}

/// Everything that a scan has come to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The environments that are shown, in the order in which they are shown.
    pub environments: Vec<Environment>,
    /// How many were found, shown or not.
    pub found: usize,
    /// The directories that were listed.
    pub dirs: usize,
    /// The directories that could not be.
    pub unreadable: Vec<Unreadable>,
    /// Whether the scan was ended before it was done.
    pub stopped: bool,
}

impl Report {
    /// The table, grouped by base interpreter where that is wanted, and the summary.
    pub fn to_text(&self, by_base: bool, style: &Style) -> String {
        table::render(self, by_base, style)
    }
}
