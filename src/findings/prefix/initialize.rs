//! VD201: Python dies before it runs any code, and no other rule says why.

use super::stdlib;
use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof, Severity};
use crate::sentence;
use crate::startup::Status;

/// Judges the end of start-up, after all others have.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    if resolution.outcome.status != Status::FailsToInitialize || findings.iter().any(|other| names(survey, other)) {
        return;
    }
    let reason = resolution.outcome.reason.clone().unwrap_or_default();
    let fatal = resolution.steps.iter().find(|step| Some(step.id) == resolution.outcome.step);
    let proof = Proof::about(
        survey.executable(),
        fatal.map_or_else(|| "dies while it starts".into(), |step| sentence!("dies in the step ", step.rule)),
    );
    findings.push(
        Finding::new(Code::FailsToInitialize, sentence!("Python dies before it runs any code: ", reason))
            .proof(proof)
            .proofs(stdlib::home_line(survey))
            .cure(Cure::advice("see the step named above: repair what it names, or make the environment anew"))
            .step(resolution.outcome.step),
    );
}

/// Whether a finding says what Python dies of: it is an error of the same step, or one of a file or variable that
/// start-up reads.
fn names(survey: &Survey<'_>, finding: &Finding) -> bool {
    let is_read_at_start = (200..500).contains(&(finding.code as u16));
    finding.severity == Severity::Error && (is_read_at_start || finding.step == survey.resolution.outcome.step)
}
