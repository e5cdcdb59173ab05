//! VD201: Python dies before it runs any code, and no other rule says why.

use super::stdlib;
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::Status;
use crate::text::sentence;

pub(in crate::rules) static FAILS_TO_INITIALIZE: Rule = Rule {
    code: Code("VD201"),
    name: "fails-to-initialize",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Python dies before it runs any code, for a reason that no other rule names.",
    why: "\
The path configuration or the site module ends in an error that Python does not survive. It prints what it had computed \
so far, if anything, and leaves the reader to find out which file or variable led it there.",
    example: "\
$ .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
    fix: "Repair what the step of the explanation names, or make the environment anew.",
    sources: &["CPython Python/pylifecycle.c: init_interp_main"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&FAILS_TO_INITIALIZE], judges: &[Judge { when: When::Startup(900), find }] };

/// Judges the end of startup, after all others have.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    if resolution.outcome.status != Status::FailsToInitialize || findings.iter().any(|other| names(survey, other)) {
        return;
    }
    let reason = resolution.outcome.reason.clone().unwrap_or_default();
    let fatal = resolution.steps.iter().find(|step| Some(step.number) == resolution.outcome.step);
    let evidence = Evidence::about(
        survey.executable(),
        fatal.map_or_else(|| "dies while it starts".into(), |step| sentence!("dies in the step ", step.id.name())),
    );
    findings.push(
        Finding::new(&FAILS_TO_INITIALIZE, sentence!("Python dies before it runs any code: ", reason))
            .evidence(evidence)
            .all_evidence(stdlib::home_line(survey))
            .fix(Fix::advice("see the step named above: repair what it names, or make the environment anew"))
            .step(resolution.outcome.step),
    );
}

/// Whether a finding says what Python dies of: it is an error of the same step, or one of a file or variable that
/// startup reads.
fn names(survey: &Survey<'_>, finding: &Finding) -> bool {
    let is_read_at_start = ("VD200".."VD500").contains(&finding.code().text());
    finding.severity == Severity::Error && (is_read_at_start || finding.step == survey.resolution.outcome.step)
}
