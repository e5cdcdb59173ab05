//! VD3xx: variables, and what they and the rest put on `sys.path`.

mod activation;
mod home;
mod launcher;
mod loader;
mod other_sites;
mod packages;
mod pip;
mod python_path;
mod rules;
mod settings;
mod shadow;
mod stdlib_names;
mod truth;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What startup shows.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    home::find(survey, findings);
    launcher::find(survey, findings);
    python_path::find(survey, findings);
    truth::find(survey, findings);
}

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    shadow::find_on_python_path(survey, findings);
    shadow::find_at_launch(survey, findings);
    activation::find(survey, findings);
    loader::find(survey, findings);
    pip::find(survey, findings);
    other_sites::find(survey, findings);
    packages::find(survey, findings);
}
