//! VD8xx: permissions and places.

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/places.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD8", title: "Permissions and places", topics: TOPICS };
