//! VD2xx: Python dies before it runs any code.

use bstr::BString;

use super::home;
use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, startup_code};
use crate::sentence;
use crate::startup::{Resolution, Status};

/// Judges the end of start-up.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    // Start-up code that ends Python has rules of its own.
    if resolution.outcome.status != Status::FailsToInitialize || startup_code::explain_end(survey) {
        return;
    }
    let reason = resolution.outcome.reason.clone().unwrap_or_default();
    findings.push(
        Finding::new(Code::FailsToInitialize, sentence!("Python dies before it runs any code: ", reason))
            .proofs(home::line(resolution))
            .cure(Cure::advice(fix(resolution)))
            .step(resolution.outcome.step),
    );
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
