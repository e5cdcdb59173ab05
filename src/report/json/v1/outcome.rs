//! Whether Python starts.

use schemars::JsonSchema;
use serde::Serialize;

use super::string::{Text, optional};
use crate::startup::Outcome;

/// Whether Python would run the launched code; `not-simulated` says neither that it would nor that it would not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
pub(in crate::report) struct OutcomeReport<'a> {
    #[schemars(extend("enum" = ["starts", "fails-to-execute", "fails-to-initialize", "not-simulated"]))]
    status: &'static str,
    /// Why not, or what limits the answer.
    reason: Option<Text<'a>>,
    /// The step that decided a failure.
    step: Option<usize>,
}

impl<'a> From<&'a Outcome> for OutcomeReport<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        Self { status: outcome.status.name(), reason: optional(outcome.reason.as_ref()), step: outcome.step }
    }
}
