//! The lines and files that fail while Python starts, according to the simulation.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::{files, hooks};
use crate::environment::Survey;
use crate::rules::Evidence;
use crate::startup::{Failure, Hook};

/// The files that fail, with the line if a line fails.
pub struct Failing<'s>(HashSet<(&'s BStr, Option<usize>)>);

impl<'s> Failing<'s> {
    /// Those of the resolution.
    pub fn of(survey: &'s Survey<'_>) -> Self {
        let failures = &survey.resolution.failures;
        Self(failures.iter().map(|failure| (failure.file.as_bstr(), failure.line)).collect())
    }

    /// Whether it is known that a startup hook fails.
    pub fn contains(&self, hook: &Hook) -> bool {
        self.0.contains(&(hook.file.as_bstr(), hook.line))
    }
}

/// `line 1 of FILE (from DISTRIBUTION)`, or without the line if the whole file fails.
pub fn place(survey: &Survey<'_>, failure: &Failure) -> BString {
    let file = failure.file.as_bstr();
    hooks::place(file, failure.line, &survey.owner_of(file))
}

/// The line that fails, with the part that is the reason, or the file.
pub fn evidence(survey: &Survey<'_>, failure: &Failure, needle: &[u8]) -> Evidence {
    let file = failure.file.as_bstr();
    match failure.line {
        Some(line) => files::line_evidence(survey, file, line, needle),
        None => Evidence::about(file, needle),
    }
}
