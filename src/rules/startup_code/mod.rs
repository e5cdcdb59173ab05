//! VD4xx: `.pth` and `.start` files, and the customization modules.

pub(in crate::rules) mod support;

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/startup_code.rs"));

/// The family.
pub(super) static FAMILY: Family =
    Family { prefix: "VD4", title: "Startup code: .pth and .start files, customization modules", topics: TOPICS };
