//! What a scan has found: for people a table with a summary, for programs a line of JSON for each environment.

mod json;
#[cfg(feature = "cli")]
pub(in crate::report) mod people;

#[cfg(feature = "cli")]
use bstr::BString;

#[cfg(feature = "cli")]
use crate::scan::{Duplicate, Environment, Totals};

#[cfg(feature = "cli")]
pub use json::summary as to_json_summary;
pub use json::{environment as to_json_line, schema};

/// A directory that could not be listed.
#[cfg(feature = "cli")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The directory.
    pub dir: BString,
    /// Why not.
    pub reason: String,
}

/// The result of a scan.
#[cfg(feature = "cli")]
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
    /// What the environments that are shown take together, where that was measured.
    pub totals: Option<Totals>,
    /// Whether distributions are told that several of them have.
    pub has_duplicates: bool,
}

#[cfg(feature = "cli")]
impl Report {
    /// The distributions that several environments have, where they are wanted.
    pub(in crate::report) fn duplicates(&self) -> Option<Vec<Duplicate>> {
        self.totals.as_ref().filter(|_| self.has_duplicates).map(Totals::duplicates)
    }
}
