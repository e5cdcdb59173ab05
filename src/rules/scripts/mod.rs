//! VD5xx: scripts, activation, and the location of the environment.

mod support;

use super::family::{Family, Topic};
use super::rule::Rule;

include!(concat!(env!("OUT_DIR"), "/rules/scripts.rs"));

/// The rules by which it is known where an environment was before it was moved or copied.
pub(super) static MOVED: [&Rule; 4] =
    [&moved::SCRIPTS_MOVED, &moved::SCRIPTS_RUN_ORIGINAL, &moved::LAUNCHER_STALE, &activation::ACTIVATE_STALE];

/// The family.
pub(super) static FAMILY: Family =
    Family { prefix: "VD5", title: "Scripts, activation, and the location of the environment", topics: TOPICS };
