//! VD5xx: scripts, activation, and where the environment stands.

mod activation;
mod conda;
mod creation;
mod first_line;
mod foreign;
mod git;
mod kernels;
mod layout;
mod linked;
mod mode;
mod moved;
mod naming;
mod orphans;
mod own_fixes;
mod owners;
mod redirect;
mod rules;
mod strays;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    redirect::find(survey, findings);
    layout::find(survey, findings);
    if !survey.is_environment() {
        conda::find(survey, findings);
        return;
    }
    let scripts = survey.scripts();
    let activations = survey.activations();
    let strays = strays::find(survey, scripts, &activations);
    moved::find(survey, &strays, findings);
    first_line::find(survey, scripts, findings);
    mode::find(survey, scripts, findings);
    foreign::find(survey, scripts, &strays, findings);
    activation::find(survey, &activations, findings);
    creation::find(survey, findings);
    linked::find(survey, scripts, findings);
    orphans::find(survey, scripts, &strays, findings);
    kernels::find(survey, &activations, findings);
    git::find(survey, findings);
}
