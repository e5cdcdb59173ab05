//! What is wrong with one environment or with several: for people, for programs, and for those who collect such
//! reports.

mod github;
mod json;
mod sarif;
mod snippet;
mod text;

use bstr::BString;

use crate::Explanation;
use crate::report::text::Style;
use crate::rules::{Finding, Selection, Severity};

pub use json::schema;

/// An environment that has been examined.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What was asked about, as it was typed; none where nothing was.
    pub asked: Option<BString>,
    /// What it does, and what is wrong with it.
    pub explanation: Explanation,
    /// How the arguments were understood.
    pub notes: Vec<BString>,
}

/// Everything that was examined, and what is wanted of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The environments, in the order in which they were named.
    pub examined: Vec<Examined>,
    /// Which findings are wanted.
    pub selection: Selection,
    /// The directory that paths are shown relative to by those who know only one: the working directory.
    pub dir: Option<BString>,
}

impl Report {
    /// For people, with the lines that are meant.
    pub fn to_text(&self, style: &Style) -> String {
        text::render(self, style)
    }

    /// One line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }

    /// SARIF 2.1.0, for code scanning and editors.
    pub fn to_sarif(&self) -> Vec<u8> {
        sarif::render(self)
    }

    /// Commands that GitHub Actions turn into annotations.
    pub fn to_github(&self) -> String {
        github::render(self)
    }

    /// How bad the worst finding is that counts; none where there is none.
    pub fn worst(&self) -> Option<Severity> {
        let findings = self.examined.iter().flat_map(|one| &one.explanation.findings);
        findings.filter(|finding| self.selection.counts(finding)).map(|finding| finding.severity).max()
    }

    /// The findings that are shown.
    fn shown<'r>(&'r self, examined: &'r Examined) -> impl Iterator<Item = &'r Finding> {
        examined.explanation.findings.iter().filter(|finding| self.selection.shows(finding))
    }

    /// How many findings of a severity count.
    fn count(&self, severity: Severity) -> usize {
        let findings = self.examined.iter().flat_map(|one| &one.explanation.findings);
        findings.filter(|finding| finding.severity == severity && self.selection.counts(finding)).count()
    }
}
