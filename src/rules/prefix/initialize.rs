//! VD201: Python dies before it runs any code, and no other rule says why.

use super::stdlib;
use crate::environment::Survey;
use crate::rules::{Code, Evidence, Finding, Fix, Severity};
use crate::startup::Status;
use crate::text::sentence;

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
        Finding::new(Code::FailsToInitialize, sentence!("Python dies before it runs any code: ", reason))
            .evidence(evidence)
            .all_evidence(stdlib::home_line(survey))
            .fix(Fix::advice("see the step named above: repair what it names, or make the environment anew"))
            .step(resolution.outcome.step),
    );
}

/// Whether a finding says what Python dies of: it is an error of the same step, or one of a file or variable that
/// startup reads.
fn names(survey: &Survey<'_>, finding: &Finding) -> bool {
    let is_read_at_start = (200..500).contains(&(finding.code as u16));
    finding.severity == Severity::Error && (is_read_at_start || finding.step == survey.resolution.outcome.step)
}
