//! VD5xx: scripts, activation, and where the environment stands.

mod rules;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What further reading shows.
pub fn environment(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
