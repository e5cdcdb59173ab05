//! The report of `check`: what is wrong with one environment or with several.

mod github;
mod gitlab;
mod json;
pub(in crate::report) mod listing;
mod sarif;

pub use json::schema;

use bstr::BString;

use crate::Explanation;
use crate::repair::Standing;
use crate::report::text::Style;
use crate::rules::{Finding, Selection, Severity};

/// An environment that was checked.
#[derive(Clone, Debug)]
pub struct Examined {
    /// The argument as typed; none where there was none.
    pub asked: Option<BString>,
    /// What its Python does, and what is wrong.
    pub explanation: Explanation,
    /// How the arguments were understood.
    pub notes: Vec<BString>,
    /// What `fix` would do; none where nothing was planned, since no fix is safe, or since the machine is a snapshot.
    pub forecast: Option<Forecast>,
}

/// What the safe fixes would leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// How many there are.
    pub fixes: usize,
    /// How the environment would be.
    pub after: Standing,
}

/// All environments that were checked, and which of their findings are wanted.
#[derive(Clone, Debug)]
pub struct Report {
    /// The environments, in the order in which they were named.
    pub examined: Vec<Examined>,
    /// Which findings are wanted.
    pub selection: Selection,
    /// The working directory, to which SARIF, GitHub and GitLab want paths to be relative.
    pub dir: Option<BString>,
}

impl Report {
    /// Text for people.
    pub fn to_text(&self, style: &Style) -> String {
        listing::render(self, style)
    }

    /// One line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }

    /// SARIF 2.1.0, for code scanning and editors.
    pub fn to_sarif(&self) -> Vec<u8> {
        sarif::render(self)
    }

    /// Workflow commands, which GitHub Actions turns into annotations.
    pub fn to_github(&self) -> String {
        github::render(self)
    }

    /// A Code Quality report, which GitLab shows in merge requests.
    pub fn to_gitlab(&self) -> Vec<u8> {
        gitlab::render(self)
    }

    /// The severity of the worst selected finding; none where there is none.
    pub fn worst(&self) -> Option<Severity> {
        let findings = self.examined.iter().flat_map(|one| &one.explanation.findings);
        findings.filter(|finding| self.selection.counts(finding)).map(|finding| finding.severity).max()
    }

    /// The findings to show.
    pub(in crate::report) fn shown<'r>(&'r self, examined: &'r Examined) -> impl Iterator<Item = &'r Finding> {
        examined.explanation.findings.iter().filter(|finding| self.selection.shows(finding))
    }

    /// How many selected findings have this severity.
    fn count(&self, severity: Severity) -> usize {
        let findings = self.examined.iter().flat_map(|one| &one.explanation.findings);
        findings.filter(|finding| finding.severity == severity && self.selection.counts(finding)).count()
    }
}
