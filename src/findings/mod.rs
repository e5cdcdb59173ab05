//! What is wrong with an environment. A finding is data; renderers choose how to show it.

mod certainty;
pub mod executable;
mod initialize;
mod pth;

use bstr::BString;

use crate::host::Questions;
use crate::interpreter::Identification;
use crate::invocation::Invocation;
use crate::startup::facts::{PathConfig, SiteResult};
use crate::startup::Outcome;

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

/// What the resolution established, for the rules to judge.
pub struct Facts<'a> {
    /// Which Python it is.
    pub identification: &'a Identification,
    /// What the path configuration computed, where it came to an end.
    pub config: Option<&'a PathConfig>,
    /// What the site module did.
    pub site: &'a SiteResult,
    /// How Python is called.
    pub invocation: &'a Invocation,
    /// What becomes of the process.
    pub outcome: &'a Outcome,
    /// For bounded further looks.
    pub ask: &'a Questions<'a>,
    /// Behaviours that were asked about and depend on a micro release that is not known.
    pub unsure: &'a [crate::startup::rules::Behaviour],
}

/// Every finding, family by family.
pub fn all(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    executable::find(facts, &mut findings);
    initialize::find(facts, &mut findings);
    pth::find(facts, &mut findings);
    certainty::find(facts, &mut findings);
    findings
}
