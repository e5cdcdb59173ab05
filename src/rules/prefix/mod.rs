//! VD2xx: `pyvenv.cfg`, prefix and base.

mod support;

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/prefix.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD2", title: "pyvenv.cfg, prefix and base", topics: TOPICS };
