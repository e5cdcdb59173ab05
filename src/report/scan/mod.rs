//! What a scan has found: for people a table with a summary, for programs a line of JSON for each environment.

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

/// The result of a scan.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The environments that are shown, in the order in which they are shown.
    pub environments: Vec<Environment>,
    /// The number of environments that were found, shown or not.
    pub found: usize,
    /// The number of directories that were listed.
    pub dirs: usize,
    /// The directories that could not be listed.
    pub unreadable: Vec<Unreadable>,
    /// Whether the scan was interrupted.
    pub stopped: bool,
}

impl Report {
    /// The table, grouped by base interpreter where `by_base` asks for it, and the summary.
    pub fn to_text(&self, by_base: bool, style: &Style) -> String {
        table::render(self, by_base, style)
    }
}
