//! VD8xx: permissions and places.

mod rules;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What start-up shows.
pub fn start_up(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}

/// What further reading shows.
pub fn environment(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
