//! VD9xx: where certainty ends.

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/certainty.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD9", title: "Where certainty ends", topics: TOPICS };
