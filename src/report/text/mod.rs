//! The text of `explain`: the answer first, then how Python comes to it, then what is wrong.
//!
//! Everything that was read from the disk is escaped on its way to the page, so that no file name can control the
//! terminal.

pub(in crate::report) mod page;
pub(in crate::report) mod palette;
pub(in crate::report) mod shown;
pub(in crate::report) mod startup_code;
pub(in crate::report) mod steps;
pub(in crate::report) mod summary;
pub(in crate::report) mod sys_path;

use bstr::BString;

use super::finding;
use crate::Explanation;
use crate::rules::Severity;
use page::Page;

pub(in crate::report) use crate::text::number::count;

pub(in crate::report) use summary::headline;

/// How text looks.
#[derive(Clone, Debug)]
pub struct Style {
    /// The width of the page in columns.
    pub width: usize,
    /// Whether to use colors.
    pub color: bool,
    /// Whether to show every lookup and every reason.
    pub verbose: bool,
    /// The directory that is shown as `~`.
    pub home: Option<BString>,
}

/// The whole report.
pub fn render(explanation: &Explanation, notes: &[BString], style: &Style) -> String {
    let mut page = Page::new(style);
    summary::render(&mut page, explanation, notes);
    steps::render(&mut page, explanation, style.verbose);
    sys_path::render(&mut page, explanation);
    startup_code::render(&mut page, explanation, style.verbose);
    findings(&mut page, explanation);
    page.finish()
}

/// Every finding, the worst first; nothing where there is none.
fn findings(page: &mut Page, explanation: &Explanation) {
    if explanation.findings.is_empty() {
        return;
    }
    page.heading("Findings");
    for (index, finding) in explanation.findings.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        finding::render(page, finding);
    }
}

/// `2 errors, 1 warning, 3 infos`: how many there are of each severity, those that there are.
pub(in crate::report) fn tally(errors: usize, warnings: usize, infos: usize) -> String {
    let counted = [(errors, Severity::Error), (warnings, Severity::Warning), (infos, Severity::Info)];
    let counted = counted.iter().filter(|(number, _)| *number > 0);
    counted.map(|(number, severity)| count(*number, severity.name())).collect::<Vec<_>>().join(", ")
}

/// The text as the beginning of a sentence, which begins with a capital letter.
pub(in crate::report) fn first_upper(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
