//! VD2xx: `pyvenv.cfg`, prefix and base.

mod home;
mod initialize;
mod rules;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What start-up shows.
pub fn start_up(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    initialize::find(survey, findings);
    home::find(survey, findings);
}

/// What further reading shows.
pub fn environment(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
