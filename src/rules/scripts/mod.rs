//! VD5xx: scripts, activation, and the location of the environment.

mod support;

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/scripts.rs"));

/// The family.
pub(super) static FAMILY: Family =
    Family { prefix: "VD5", title: "Scripts, activation, and the location of the environment", topics: TOPICS };
