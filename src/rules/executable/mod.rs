//! VD1xx: the file that is started.

mod broken;
mod copies;
mod dangling;
mod library;
mod mount;
mod names;
mod own_fixes;
mod privilege;
mod redirector;
mod rules;
mod under_pth;

use super::Finding;
use crate::environment::Survey;
use crate::startup::steps::StepId;

pub use rules::RULES;

/// What startup shows.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    broken::find(survey, findings);
    redirector::find(survey, findings);
    under_pth::find(survey, findings);
    library::find(survey, findings);
    names::find_at_once(survey, findings);
    privilege::find_setuid(survey, findings);
}

/// The step that says what the executable is.
fn step(survey: &Survey<'_>) -> Option<usize> {
    let mut steps = survey.resolution.steps.iter();
    steps.find(|step| step.id == StepId::Identify).map(|step| step.number)
}

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    names::find(survey, findings);
    under_pth::find_unused(survey, findings);
    mount::find(survey, findings);
    copies::find(survey, findings);
    privilege::find_private(survey, findings);
}
