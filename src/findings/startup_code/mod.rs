//! VD4xx: `.pth` and `.start` files, and the customisation modules.

mod pth;
mod rules;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What start-up shows.
pub fn start_up(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    pth::find(survey, findings);
}

/// What further reading shows.
pub fn environment(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
