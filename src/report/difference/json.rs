//! The difference as JSON, version 1: a public interface. Keys may be added, none renamed.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::Supposition;
use crate::difference::{Fate, Numbered, Pair, ValueChange, decides_otherwise};
use crate::report::json::v1::{
    FindingReport, OutcomeReport, PathEntryReport, StartupReport, StepReport, Text, Tool, ValueReport, texts,
};
use crate::startup::{PathEntry, Step};
use crate::text::document::{line, schema_of};

/// The name and version of the document.
pub const SCHEMA: &str = "venv-doctor/what-if/1";

/// One line of JSON.
pub(super) fn render(supposition: &Supposition<'_>) -> Vec<u8> {
    line(&Report::from(supposition))
}

/// The JSON Schema of the document, indented.
pub fn schema() -> String {
    schema_of::<Report>(SchemaSettings::draft2020_12().for_serialize())
}

/// What a Python would do differently if something were changed.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor what-if report, version 1")]
struct Report<'a> {
    /// `venv-doctor/what-if/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: Tool,
    /// `argv[0]`, as typed.
    executable_arg: Text<'a>,
    /// The changes, one sentence each.
    supposed: Vec<Text<'a>>,
    /// Whether Python does and shows the same; steps may differ.
    same: bool,
    outcome: Outcomes<'a>,
    /// The values that differ, by their names in Python; `sys.path` has a list of its own.
    values: Vec<ValueChangeReport<'a>>,
    /// The whole of `sys.path` with the changes, in order; an entry that is gone is where it was.
    path: Vec<PairReport<NumberedEntry<'a>>>,
    /// The steps that differ.
    steps: Vec<StepPair<'a>>,
    /// Startup hooks that are new or gone.
    startup: Vec<PairReport<StartupReport<'a>>>,
    /// Messages that are new or gone.
    messages: Vec<PairReport<Text<'a>>>,
    /// Findings that are new or gone.
    findings: Vec<PairReport<FindingReport<'a>>>,
    /// How the arguments were understood.
    notes: Vec<Text<'a>>,
}

impl<'a> From<&'a Supposition<'a>> for Report<'a> {
    fn from(supposition: &'a Supposition<'a>) -> Self {
        let difference = &supposition.difference;
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            executable_arg: difference.before.resolution.typed().into(),
            supposed: texts(supposition.supposed),
            same: difference.is_empty(),
            outcome: Outcomes {
                before: (&difference.before.resolution.outcome).into(),
                after: (&difference.after.resolution.outcome).into(),
            },
            values: difference.values.iter().map(Into::into).collect(),
            path: difference.path.iter().map(|pair| PairReport::new(pair, NumberedEntry::from)).collect(),
            steps: changed(&difference.steps).map(Into::into).collect(),
            startup: items(&difference.startup),
            messages: items(&difference.messages),
            findings: items(&difference.findings),
            notes: texts(supposition.notes),
        }
    }
}

fn changed<'p, 'e, T>(pairs: &'p [Pair<'e, T>]) -> impl Iterator<Item = &'p Pair<'e, T>> {
    pairs.iter().filter(|pair| pair.fate != Fate::Kept)
}

fn items<'e, T, R: From<&'e T>>(pairs: &[Pair<'e, T>]) -> Vec<PairReport<R>> {
    changed(pairs).map(|pair| PairReport::new(pair, |numbered| numbered.item.into())).collect()
}

/// Whether Python starts, before and after.
#[derive(Serialize, JsonSchema)]
struct Outcomes<'a> {
    before: OutcomeReport<'a>,
    after: OutcomeReport<'a>,
}

/// A value that differs. A side without the key is an attribute that does not exist, or was not computed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ValueChange")]
struct ValueChangeReport<'a> {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<ValueReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<ValueReport<'a>>,
}

impl<'a> From<&'a ValueChange> for ValueChangeReport<'a> {
    fn from(change: &'a ValueChange) -> Self {
        Self {
            name: change.name,
            before: change.before.as_ref().map(Into::into),
            after: change.after.as_ref().map(Into::into),
        }
    }
}

/// An element of a list, before and after.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}Change")]
struct PairReport<T> {
    #[schemars(extend("enum" = ["kept", "added", "removed", "moved", "altered"]))]
    change: &'static str,
    /// Null where it is new.
    before: Option<T>,
    /// Null where it is gone.
    after: Option<T>,
}

impl<T> PairReport<T> {
    fn new<'e, S>(pair: &Pair<'e, S>, report: impl Fn(Numbered<'e, S>) -> T) -> Self {
        Self { change: pair.fate.name(), before: pair.before.map(&report), after: pair.after.map(&report) }
    }
}

/// An entry of `sys.path` with its index.
#[derive(Serialize, JsonSchema)]
struct NumberedEntry<'a> {
    /// From 0.
    index: usize,
    #[serde(flatten)]
    entry: PathEntryReport<'a>,
}

impl<'e> From<Numbered<'e, PathEntry>> for NumberedEntry<'e> {
    fn from(numbered: Numbered<'e, PathEntry>) -> Self {
        Self { index: numbered.index, entry: numbered.item.into() }
    }
}

/// A step, before and after.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StepChange")]
struct StepPair<'a> {
    #[schemars(extend("enum" = ["added", "removed", "moved", "altered"]))]
    change: &'static str,
    /// Whether an altered step decides something else; otherwise only its lookups or their answers differ.
    decides_otherwise: bool,
    /// Null where it is new.
    before: Option<StepReport<'a>>,
    /// Null where it is gone.
    after: Option<StepReport<'a>>,
}

impl<'e> From<&Pair<'e, Step>> for StepPair<'e> {
    fn from(pair: &Pair<'e, Step>) -> Self {
        Self {
            change: pair.fate.name(),
            decides_otherwise: decides_otherwise(pair),
            before: pair.before.map(|step| step.item.into()),
            after: pair.after.map(|step| step.item.into()),
        }
    }
}
