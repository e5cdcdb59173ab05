//! Findings with their evidence.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::{Text, optional};
use crate::report::fix::{ActionReport, actions};
use crate::rules::{Evidence, Finding};

/// A problem that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(in crate::report) struct FindingReport<'a> {
    /// `VD` and three digits.
    code: &'static str,
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: &'static str,
    message: Text<'a>,
    /// The places that show it.
    evidence: Vec<EvidenceReport<'a>>,
    /// What follows from it.
    effect: Option<Text<'a>>,
    /// What to do, in words.
    fix: Option<Text<'a>>,
    /// The commands that do it, ready to paste into a shell.
    commands: Vec<Text<'a>>,
    /// What the fix does, in order; empty where only the user can do it.
    actions: Vec<ActionReport<'a>>,
    /// Whether the fix is safe: it repairs exactly what was found, and nothing is lost.
    safe: bool,
    /// The step of the explanation in which it shows.
    step: Option<usize>,
}

impl<'a> From<&'a Finding> for FindingReport<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.code().text(),
            severity: finding.severity.name(),
            message: (&finding.message).into(),
            evidence: each(&finding.evidence),
            effect: optional(finding.effect.as_ref()),
            fix: optional(finding.fix.as_ref().map(|fix| &fix.advice)),
            commands: finding.fix.as_ref().map(|fix| each(&fix.commands)).unwrap_or_default(),
            actions: finding.fix.as_ref().map(actions).unwrap_or_default(),
            safe: finding.fix.as_ref().is_some_and(|fix| fix.safe),
            step: finding.step,
        }
    }
}

/// A place that shows a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Evidence")]
struct EvidenceReport<'a> {
    file: Text<'a>,
    /// From 1; null where the evidence is not a single line.
    line: Option<usize>,
    /// The bytes of `text` to mark: the first, and the one after the last; null where none are marked.
    span: Option<[usize; 2]>,
    text: Text<'a>,
}

impl<'a> From<&'a Evidence> for EvidenceReport<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        Self {
            file: (&evidence.file).into(),
            line: evidence.line,
            span: evidence.span.as_ref().map(|span| [span.start, span.end]),
            text: (&evidence.text).into(),
        }
    }
}
