//! VD7xx: extension modules, and whether the interpreter can load them.

mod support;

use super::family::{Family, Topic};
use crate::environment::{Distribution, Survey};

include!(concat!(env!("OUT_DIR"), "/rules/extensions.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD7", title: "Extension modules", topics: TOPICS };

/// Whether a rule of this family reports that the extension modules of a distribution do not fit this Python.
pub(super) fn tells(survey: &Survey<'_>, distribution: &Distribution) -> bool {
    modules::of(survey, distribution).is_some()
}
