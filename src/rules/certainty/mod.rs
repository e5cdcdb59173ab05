//! VD9xx: what venv-doctor could not determine, and where its prediction is therefore uncertain.

use super::family::{Family, Topic};

include!(concat!(env!("OUT_DIR"), "/rules/certainty.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD9", title: "Limits of the prediction", topics: TOPICS };
