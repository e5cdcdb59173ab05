//! VD7xx: extension modules, and what the interpreter can load.

mod support;

use super::family::{Family, Topic};
use crate::environment::{Distribution, Survey};

include!(concat!(env!("OUT_DIR"), "/rules/extensions.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD7", title: "Extension modules", topics: TOPICS };

/// Whether the modules of a distribution show by themselves that they are for another interpreter.
pub(super) fn tells(survey: &Survey<'_>, distribution: &Distribution) -> bool {
    modules::of(survey, distribution).is_some()
}
