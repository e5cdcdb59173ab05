//! The differences as JSON, version 1: a public interface. Keys may be added, none renamed.

use bstr::BString;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::{Named, Report};
use crate::difference::environments::{Cause, Change, Gap, Letter, Place};
use crate::report::json::v1::{EnvironmentReport, OutcomeReport, Text, Tool, optional, texts};
use crate::text::document::{line, schema_of};

/// The name and version of the document.
const SCHEMA: &str = "venv-doctor/diff/1";

/// One line of JSON.
pub(super) fn render(report: &Report<'_>) -> Vec<u8> {
    line(&Document::from(report))
}

/// The JSON Schema of the document, indented.
pub fn schema() -> String {
    schema_of::<Document>(SchemaSettings::draft2020_12().for_serialize())
}

/// In what two environments differ, and what explains it.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor diff report, version 1")]
struct Document<'a> {
    /// `venv-doctor/diff/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: Tool,
    /// `same` where nothing is different in what startup does and in what is installed, `unknown` where nothing is different
    /// and it is not recorded what is installed.
    #[schemars(extend("enum" = ["same", "different", "unknown"]))]
    verdict: &'static str,
    /// The answer in one sentence.
    headline: Text<'a>,
    a: SideReport<'a>,
    b: SideReport<'a>,
    /// The directories that are not the same in the two. Paths are compared by where they lie below these, so that their
    /// being elsewhere is no difference.
    places: Vec<PlaceReport<'a>>,
    /// What explains the differences, the weightiest first.
    causes: Vec<CauseReport<'a>>,
    /// Everything that differs.
    changes: Vec<ChangeReport<'a>>,
    /// What was not compared, because it is not recorded.
    not_compared: Vec<GapReport>,
}

impl<'a> From<&'a Report<'_>> for Document<'a> {
    fn from(report: &'a Report<'_>) -> Self {
        let contrast = &report.contrast;
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            verdict: contrast.verdict().name(),
            headline: (&contrast.headline).into(),
            a: (&report.a).into(),
            b: (&report.b).into(),
            places: contrast.places.iter().map(Into::into).collect(),
            causes: contrast.causes.iter().map(Into::into).collect(),
            changes: contrast.changes.iter().map(Into::into).collect(),
            not_compared: contrast.gaps.iter().map(Into::into).collect(),
        }
    }
}

/// One of the two environments.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Side")]
struct SideReport<'a> {
    /// The argument.
    argument: Text<'a>,
    /// Whether it is a snapshot.
    snapshot: bool,
    /// `argv[0]` of the Python.
    executable_arg: Text<'a>,
    implementation: &'a str,
    /// Null where it is not known.
    version: Option<String>,
    outcome: OutcomeReport<'a>,
    /// What the interpreter belongs to; null where there is nothing to tell.
    environment: Option<EnvironmentReport<'a>>,
    /// How the argument was understood.
    notes: Vec<Text<'a>>,
}

impl<'a> From<&'a Named<'_>> for SideReport<'a> {
    fn from(named: &'a Named<'_>) -> Self {
        let explanation = &named.side.explanation;
        let interpreter = &explanation.resolution.identification.interpreter;
        Self {
            argument: (&named.typed).into(),
            snapshot: named.is_snapshot,
            executable_arg: explanation.resolution.typed().into(),
            implementation: interpreter.implementation.name(),
            version: interpreter.version.map(|version| version.to_string()),
            outcome: (&explanation.resolution.outcome).into(),
            environment: explanation.environment.as_ref().map(Into::into),
            notes: texts(&named.notes),
        }
    }
}

/// A directory by which paths are compared.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PlaceReport<'a> {
    #[schemars(extend("enum" = ["environment", "base", "interpreter", "project", "script", "home"]))]
    name: &'static str,
    a: Option<Text<'a>>,
    b: Option<Text<'a>>,
}

impl<'a> From<&'a Place> for PlaceReport<'a> {
    fn from(place: &'a Place) -> Self {
        Self { name: place.name, a: optional(place.a.as_ref()), b: optional(place.b.as_ref()) }
    }
}

/// A difference that explains others.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Cause")]
struct CauseReport<'a> {
    aspect: &'static str,
    /// What is different, as one sentence without a period.
    statement: Text<'a>,
    /// How much follows from it.
    #[schemars(extend("enum" = ["nothing", "little", "some", "error", "outcome"]))]
    weight: &'static str,
    /// The changes that it is itself: indices of `changes`.
    changes: &'a [usize],
    /// The changes that follow from it: indices of `changes`.
    consequences: &'a [usize],
}

impl<'a> From<&'a Cause> for CauseReport<'a> {
    fn from(cause: &'a Cause) -> Self {
        Self {
            aspect: cause.aspect.name(),
            statement: (&cause.statement).into(),
            weight: cause.weight.name(),
            changes: &cause.changes,
            consequences: &cause.consequences,
        }
    }
}

/// One difference.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct ChangeReport<'a> {
    #[schemars(extend("enum" = [
        "platform", "interpreter", "flags", "variables", "environment", "pyvenv_cfg", "outcome", "values", "path", "startup",
        "messages", "distributions", "scripts", "findings",
    ]))]
    aspect: &'static str,
    /// What differs, by its name; of `path`, `startup` and `messages`, the entry, the file and the message.
    name: Text<'a>,
    #[schemars(extend("enum" = ["only-in-a", "only-in-b", "different", "moved"]))]
    change: &'static str,
    /// What A has; null where it has nothing.
    a: Option<Text<'a>>,
    /// What B has; null where it has nothing.
    b: Option<Text<'a>>,
    /// The index in `causes` of what explains it.
    cause: Option<usize>,
}

impl<'a> From<&'a Change> for ChangeReport<'a> {
    fn from(change: &'a Change) -> Self {
        let value = |value: &'a Option<BString>| optional(value.as_ref());
        Self {
            aspect: change.aspect.name(),
            name: (&change.name).into(),
            change: change.kind.name(),
            a: value(&change.a),
            b: value(&change.b),
            cause: change.cause,
        }
    }
}

/// Something that was not compared.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotCompared")]
struct GapReport {
    what: &'static str,
    /// Where it is not recorded: `a`, `b` or both.
    not_recorded_in: Vec<&'static str>,
    /// How it is recorded.
    help: &'static str,
}

impl From<&Gap> for GapReport {
    fn from(gap: &Gap) -> Self {
        let name = |letter: &Letter| if *letter == Letter::A { "a" } else { "b" };
        Self { what: gap.what, not_recorded_in: gap.missing.iter().map(name).collect(), help: gap.help }
    }
}
