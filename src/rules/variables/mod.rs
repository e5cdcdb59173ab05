//! VD3xx: environment variables, and what they and the launch put on `sys.path`.

mod support;

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/variables.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD3", title: "Variables and sys.path", topics: TOPICS };
