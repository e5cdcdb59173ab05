//! VD2xx: Python dies before it runs any code.

use bstr::BString;

use super::{Finding, Severity, home};
use crate::sentence;
use crate::startup::{Resolution, Status};

/// Judges the end of start-up.
pub fn find(resolution: &Resolution, findings: &mut Vec<Finding>) {
    if resolution.outcome.status != Status::FailsToInitialize {
        return;
    }
    let reason = resolution.outcome.reason.clone().unwrap_or_default();
    findings.push(Finding {
        code: "VD201",
        severity: Severity::Error,
        message: sentence!("Python dies before it runs any code: ", reason),
        evidence: home::line(resolution),
        fix: Some(fix(resolution)),
        step: resolution.outcome.step,
    });
}

fn fix(resolution: &Resolution) -> BString {
    let is_set = |name| resolution.invocation.variable(name).is_some_and(|value| !value.is_empty());
    if is_set("PYTHONHOME") {
        return "unset PYTHONHOME".into();
    }
    if is_set("PYTHONPLATLIBDIR") {
        return "unset PYTHONPLATLIBDIR".into();
    }
    let searched = resolution.steps.iter().any(|step| step.rule == home::FALLBACK);
    if searched && !home::line(resolution).is_empty() {
        return "correct home in pyvenv.cfg so that the standard library lies above it, or make the environment anew"
            .into();
    }
    "see the step named above: repair what it names, or make the environment anew".into()
}
