//! VD2xx: Python dies before it runs any code.

use bstr::BString;

use super::{Finding, Proof, Severity};
use crate::sentence;
use crate::startup::{Reader, Resolution, Status};

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
        evidence: home_line(resolution),
        fix: Some(fix(resolution)),
        step: resolution.outcome.step,
    });
}

/// The line of `pyvenv.cfg` that sent the search astray, where one did.
fn home_line(resolution: &Resolution) -> Vec<Proof> {
    let Some(cfg) = &resolution.pyvenv_cfg else { return Vec::new() };
    let used = cfg.entries.iter().filter(|entry| entry.used_by.contains(&Reader::Getpath));
    used.map(|entry| Proof { file: cfg.path.clone(), line: Some(entry.line), text: entry.text.clone() }).collect()
}

fn fix(resolution: &Resolution) -> BString {
    let is_set = |name| resolution.invocation.variable(name).is_some_and(|value| !value.is_empty());
    if is_set("PYTHONHOME") {
        return "unset PYTHONHOME".into();
    }
    if is_set("PYTHONPLATLIBDIR") {
        return "unset PYTHONPLATLIBDIR".into();
    }
    if !home_line(resolution).is_empty() {
        return "correct home in pyvenv.cfg so that the standard library lies above it, or make the environment anew"
            .into();
    }
    "see the step named above: repair what it names, or make the environment anew".into()
}
