//! What is wrong with an environment. A finding is data; renderers choose how to show it.

mod certainty;
mod executable;
mod home;
mod initialize;
mod pth;

use bstr::BString;

use crate::startup::Resolution;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Works, but not as it seems.
    Warning,
    /// Does not work.
    Error,
}

impl Severity {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The place in a file that proves a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The file.
    pub file: BString,
    /// The line, from 1, where one line is meant.
    pub line: Option<usize>,
    /// What stands there, or what was found out about it.
    pub text: BString,
}

/// A problem that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable code, `VD` and three digits.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence with the real paths.
    pub message: BString,
    /// The places that prove it.
    pub evidence: Vec<Proof>,
    /// What to do, where something can be said.
    pub fix: Option<BString>,
    /// The step of the explanation in which it shows.
    pub step: Option<usize>,
}

/// Every finding, family by family. Nothing is derived again: the resolution has established it all.
pub fn all(resolution: &Resolution) -> Vec<Finding> {
    let mut findings = Vec::new();
    executable::find(resolution, &mut findings);
    initialize::find(resolution, &mut findings);
    home::find(resolution, &mut findings);
    pth::find(resolution, &mut findings);
    certainty::find(resolution, &mut findings);
    findings
}
