//! The exit codes, as the help and the manual list them.

use std::process::ExitCode;

use crate::Explanation;
use crate::rules::Severity;

/// The exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Python starts, or its startup is not simulated, and no finding is an error; for `verify`, prediction and reality agree.
    Success,
    /// Python does not start, or a finding is an error; for `verify`, a value differs.
    Problems,
    /// The arguments or the input were invalid, so that there is no complete answer.
    Unusable,
}

impl Exit {
    /// The exit code of an explanation.
    pub fn of(resolution: &Explanation) -> Self {
        let fails = resolution.resolution.outcome.status.fails();
        let errors = resolution.findings.iter().any(|finding| finding.severity == Severity::Error);
        if fails || errors { Self::Problems } else { Self::Success }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::from(0),
            Exit::Problems => Self::from(1),
            Exit::Unusable => Self::from(2),
        }
    }
}
