//! Findings about a file that is not a Python that starts: what the rules about the different problems share.

use bstr::{BString, ByteSlice};

use super::problem_fix;
use crate::environment::Survey;
use crate::interpreter::Problem;
use crate::rules::{Evidence, Finding, Rule};
use crate::text::sentence;

/// The documentation of the fix that most of these rules share.
pub const RELINK: &str = "\
Where an interpreter of the same minor version is found, the commands replace the broken names by symlinks to that \
interpreter; installed packages stay. Otherwise, move the environment aside and recreate it.";

/// The effect of a missing program that the file itself names: the error sounds as if the file were missing.
pub const NOT_FOUND_THOUGH_PRESENT: &str =
    "starting it fails with `No such file or directory`, although the file itself exists";

/// What a rule says about a problem.
pub struct Description {
    /// The rule.
    pub rule: &'static Rule,
    /// What whoever starts the file gets to see.
    effect: &'static str,
    /// What is said of the file at the end of the symlinks; none where the last symlink shows it.
    evidence: Option<BString>,
}

impl Description {
    /// A problem that the file shows.
    pub fn of(rule: &'static Rule, effect: &'static str, evidence: impl Into<BString>) -> Self {
        Self { rule, effect, evidence: Some(evidence.into()) }
    }

    /// A problem that the symlinks show.
    pub fn by_symlinks(rule: &'static Rule, effect: &'static str) -> Self {
        Self { rule, effect, evidence: None }
    }

    /// Adds to a finding the symlinks on the way to the file, what the file is, and what follows from it.
    pub fn complete(self, survey: &Survey<'_>, finding: Finding) -> Finding {
        let resolution = survey.resolution;
        let identification = &resolution.identification;
        let symlinks = identification.hops.iter();
        let symlinks = symlinks.map(|hop| Evidence::about(hop.path.clone(), sentence!("is a symlink to ", hop.target)));
        let file = identification.file.as_ref().unwrap_or(&resolution.invocation.executable);
        let end = self.evidence.map(|text| Evidence::about(file.clone(), text));
        let effect = finding.effect.clone().unwrap_or_else(|| self.effect.into());
        finding.all_evidence(symlinks).all_evidence(end).effect(effect).step(resolution.outcome.step)
    }
}

/// A finding with its message and fix.
pub fn finding(survey: &Survey<'_>, problem: &Problem, rule: &'static Rule) -> Finding {
    Finding::new(rule, message(survey, problem)).fix(problem_fix::fix(survey, problem))
}

/// What was typed and what is wrong with it; a complaint about the typed path itself already says both.
fn message(survey: &Survey<'_>, problem: &Problem) -> BString {
    let resolution = survey.resolution;
    let executable = resolution.invocation.executable.as_bstr();
    let complaint = resolution.identification.complaint(executable).unwrap_or_default();
    let is_about_typed = complaint.strip_prefix(executable.as_bytes()).is_some_and(|rest| rest.starts_with(b" "));
    // What cannot be loaded for certain may well be an interpreter.
    if is_about_typed || matches!(problem, Problem::LoadingUnknown { .. }) {
        complaint
    } else if problem.is_started() {
        sentence!(executable, " is not itself a Python interpreter: ", complaint)
    } else {
        sentence!(executable, " cannot start Python: ", complaint)
    }
}
