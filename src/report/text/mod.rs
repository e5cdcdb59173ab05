//! The report for people.

use bstr::BString;

use crate::startup::Resolution;

/// How the text is to look.
#[derive(Clone, Debug)]
pub struct Style {
    /// Columns to fill.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
    /// Whether to show every check.
    pub verbose: bool,
    /// The folder shown as `~`.
    pub home: Option<BString>,
}

/// The whole report.
pub fn render(_resolution: &Resolution, _notes: &[BString], _style: &Style) -> String {
    String::new()
}
