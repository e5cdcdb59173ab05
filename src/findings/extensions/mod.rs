//! VD7xx: extension modules, and what the interpreter can load.

mod rules;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What further reading shows.
pub fn environment(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
