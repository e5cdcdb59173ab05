//! VD2xx: Python dies before it runs any code.

use bstr::BString;

use super::{Facts, Finding, Proof, Severity};
use crate::sentence;
use crate::startup::Status;

/// Judges the end of start-up.
pub fn find(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    if facts.outcome.status != Status::FailsToInitialize {
        return;
    }
    let reason = facts.outcome.reason.clone().unwrap_or_default();
    findings.push(Finding {
        code: "VD201",
        severity: Severity::Error,
        message: sentence!("Python dies before it runs any code: ", reason),
        evidence: home_line(facts),
        fix: Some(fix(facts)),
        step: facts.outcome.step,
    });
}

/// The line of `pyvenv.cfg` that sent the search astray, where one did.
fn home_line(facts: &Facts<'_>) -> Vec<Proof> {
    let Some(config) = facts.config else { return Vec::new() };
    let (Some(file), Some(line)) = (&config.cfg.path, config.cfg.home_line) else { return Vec::new() };
    let text: BString = config.cfg.content.split(|&byte| byte == b'\n').nth(line - 1).unwrap_or_default().into();
    vec![Proof { file: file.clone(), line: Some(line), text }]
}

fn fix(facts: &Facts<'_>) -> BString {
    let is_set = |name| facts.invocation.variable(name).is_some_and(|value| !value.is_empty());
    if facts.config.is_none_or(|config| config.home.is_some()) && is_set("PYTHONHOME") {
        return "unset PYTHONHOME".into();
    }
    if is_set("PYTHONPLATLIBDIR") {
        return "unset PYTHONPLATLIBDIR".into();
    }
    if facts.config.is_some_and(|config| config.cfg.home_line.is_some()) {
        return "correct home in pyvenv.cfg so that the standard library lies above it, or make the environment anew".into();
    }
    "see the step named above: repair what it names, or make the environment anew".into()
}
