//! VD6xx: installed distributions.

mod support;

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/distributions.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD6", title: "Installed distributions", topics: TOPICS };
