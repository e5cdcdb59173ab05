//! VD8xx: permissions and places.

mod access;
mod devices;
mod rules;
mod spelling;
mod synced;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What startup shows.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    spelling::find(survey, findings);
}

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    access::find(survey, findings);
    spelling::find_too_long(survey, findings);
    devices::find(survey, findings);
    synced::find(survey, findings);
}
