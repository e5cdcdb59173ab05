//! What is wrong, and the places that prove it.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::text::{Text, optional};
use crate::findings::{Finding, Proof};

/// A problem that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(in crate::report) struct FindingReport<'a> {
    /// `VD` and three digits.
    code: &'static str,
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: &'static str,
    message: Text<'a>,
    /// The places that prove it.
    evidence: Vec<ProofReport<'a>>,
    /// What to do.
    fix: Option<Text<'a>>,
    /// The step in which it shows.
    step: Option<usize>,
}

impl<'a> From<&'a Finding> for FindingReport<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.code,
            severity: finding.severity.name(),
            message: (&finding.message).into(),
            evidence: each(&finding.evidence),
            fix: optional(finding.fix.as_ref()),
            step: finding.step,
        }
    }
}

/// A place that proves a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Proof")]
struct ProofReport<'a> {
    file: Text<'a>,
    /// From 1; null where no single line is meant.
    line: Option<usize>,
    text: Text<'a>,
}

impl<'a> From<&'a Proof> for ProofReport<'a> {
    fn from(proof: &'a Proof) -> Self {
        Self { file: (&proof.file).into(), line: proof.line, text: (&proof.text).into() }
    }
}
