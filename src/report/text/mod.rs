//! The report for people: the answer first, then how Python comes to it, then what is wrong.
//!
//! Everything that was read from the disk goes through one function on its way to the page, so that no name can command
//! a terminal.

pub(in crate::report) mod findings;
pub(in crate::report) mod page;
pub(in crate::report) mod palette;
pub(in crate::report) mod shown;
mod startup_code;
pub(in crate::report) mod steps;
mod summary;
pub(in crate::report) mod sys_path;

use bstr::BString;

use crate::Explanation;
use page::Page;

pub(in crate::report) use summary::headline;

/// How the text is to look.
#[derive(Clone, Debug)]
pub struct Style {
    /// Columns to fill.
    pub width: usize,
    /// Whether to color.
    pub color: bool,
    /// Whether to show every check.
    pub verbose: bool,
    /// The directory shown as `~`.
    pub home: Option<BString>,
}

/// The whole report.
pub fn render(explanation: &Explanation, notes: &[BString], style: &Style) -> String {
    let mut page = Page::new(style);
    summary::render(&mut page, explanation, notes);
    steps::render(&mut page, explanation, style.verbose);
    sys_path::render(&mut page, explanation);
    startup_code::render(&mut page, explanation);
    findings::render(&mut page, explanation);
    page.finish()
}

/// `1 question`, `2 questions`.
pub(in crate::report) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
