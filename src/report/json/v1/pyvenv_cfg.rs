//! The `pyvenv.cfg` that decided: where it was looked for, and who read which line of it.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::Text;
use crate::startup::{CfgCandidate, CfgEntry, PyvenvCfg};

/// The `pyvenv.cfg` that decided.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PyvenvCfg")]
pub(super) struct PyvenvCfgReport<'a> {
    path: Text<'a>,
    /// Its lines with an equals sign.
    entries: Vec<CfgEntryReport<'a>>,
    /// Every place where it was looked for, in order.
    candidates: Vec<CfgCandidateReport<'a>>,
}

impl<'a> From<&'a PyvenvCfg> for PyvenvCfgReport<'a> {
    fn from(file: &'a PyvenvCfg) -> Self {
        Self { path: (&file.path).into(), entries: each(&file.entries), candidates: each(&file.candidates) }
    }
}

/// A line of `pyvenv.cfg`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CfgEntry")]
struct CfgEntryReport<'a> {
    /// From 1.
    line: usize,
    key: Text<'a>,
    value: Text<'a>,
    /// Who uses the value of this line.
    #[schemars(extend("items" = {"enum": ["getpath", "site"]}))]
    used_by: Vec<&'static str>,
}

impl<'a> From<&'a CfgEntry> for CfgEntryReport<'a> {
    fn from(entry: &'a CfgEntry) -> Self {
        Self {
            line: entry.line,
            key: (&entry.key).into(),
            value: (&entry.value).into(),
            used_by: entry.used_by.iter().map(|reader| reader.name()).collect(),
        }
    }
}

/// A place where `pyvenv.cfg` was looked for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CfgCandidate")]
struct CfgCandidateReport<'a> {
    path: Text<'a>,
    found: bool,
    #[schemars(extend("enum" = ["getpath", "site"]))]
    stage: &'static str,
}

impl<'a> From<&'a CfgCandidate> for CfgCandidateReport<'a> {
    fn from(candidate: &'a CfgCandidate) -> Self {
        Self { path: (&candidate.path).into(), found: candidate.found, stage: candidate.stage.name() }
    }
}
