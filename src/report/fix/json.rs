//! The plan of repairs as JSON, version 1: a public interface. Keys may be added, none renamed.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

use super::Report;
use super::actions::ActionReport;
use crate::environment::Installed;
use crate::repair::{Plan, PlannedFix, Standing};
use crate::report::json::v1::{Text, Tool, optional, texts};
use crate::text::document::{line, schema_of};

/// The name and version of the document.
const SCHEMA: &str = "venv-doctor/fix/1";

/// The JSON Schema of the document, indented.
pub fn schema() -> String {
    schema_of::<Document<'_>>(SchemaSettings::draft2020_12().for_serialize())
}

pub(super) fn render(report: &Report) -> Vec<u8> {
    line(&Document::from(report))
}

pub(super) fn value(report: &Report) -> Value {
    // Every key is a string, so that this cannot fail.
    serde_json::to_value(Document::from(report)).unwrap_or_default()
}

/// The document of a transaction that was undone: it tells what was done, and each environment is again as it was before.
pub fn undone(mut document: Value, transaction: &str) -> Vec<u8> {
    document["state"] = "undone".into();
    document["transaction"] = transaction.into();
    let environments = document["environments"].as_array_mut().into_iter().flatten();
    for environment in environments {
        let before = environment["before"].take();
        environment["before"] = environment["after"].take();
        environment["after"] = before;
    }
    line(&document)
}

/// What `fix` does, or has done.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor plan of repairs, version 1")]
struct Document<'a> {
    /// The name and version of this document.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: Tool,
    /// `applied`: at least one fix was; `failed`: none could be; `nothing`: there is nothing to do.
    #[schemars(extend("enum" = ["planned", "applied", "failed", "nothing", "undone"]))]
    state: &'static str,
    /// The entry of the journal that `venv-doctor undo` takes back; null where nothing was applied.
    transaction: Option<&'a str>,
    environments: Vec<EnvironmentReport<'a>>,
}

/// The plan of one environment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Environment")]
struct EnvironmentReport<'a> {
    /// Its directory.
    path: Text<'a>,
    before: StandingReport,
    /// As it will be; after fixes were applied, as it is.
    after: StandingReport,
    fixes: Vec<FixReport<'a>>,
}

/// How an environment is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Standing")]
struct StandingReport {
    /// Whether its Python starts.
    status: &'static str,
    errors: usize,
    warnings: usize,
}

/// A fix.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fix")]
struct FixReport<'a> {
    /// The rules of the findings that it is for.
    codes: Vec<&'static str>,
    /// What it does, in words.
    title: Text<'a>,
    /// Whether a check of its result shows that it fixes what it is for, adds nothing as bad, and changes nothing outside.
    safe: bool,
    #[schemars(extend("enum" = ["planned", "applied", "skipped", "failed"]))]
    state: &'static str,
    /// Why it was skipped or failed; null otherwise.
    reason: Option<Text<'a>>,
    /// The commands that do the same, ready to paste into a shell.
    commands: Vec<Text<'a>>,
    actions: Vec<ActionReport<'a>>,
    /// What was installed in the environment that it recreates; empty for all other fixes.
    distributions: Vec<InstalledReport<'a>>,
}

/// A distribution that was installed in the old environment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Distribution")]
struct InstalledReport<'a> {
    name: Text<'a>,
    /// Null where it is not known.
    version: Option<Text<'a>>,
    /// The URL that it was installed from; null where that was an index.
    direct_url: Option<&'a str>,
    /// The directory of the project, where it is installed in editable mode; null otherwise.
    editable: Option<Text<'a>>,
    /// Whether the fix reinstalls it: not where its source is gone, and not what the creator of an environment installs.
    reinstalled: bool,
}

impl<'a> From<&'a Installed> for InstalledReport<'a> {
    fn from(one: &'a Installed) -> Self {
        Self {
            name: (&one.name).into(),
            version: optional(one.version.as_ref()),
            direct_url: one.direct_url.as_deref(),
            editable: optional(one.editable.as_ref()),
            reinstalled: !one.requirement.is_empty(),
        }
    }
}

impl<'a> From<&'a Report> for Document<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            state: report.state().name(),
            transaction: report.transaction.as_deref(),
            environments: report.plans.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> From<&'a Plan> for EnvironmentReport<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self {
            path: (&plan.path).into(),
            before: plan.before.into(),
            after: plan.after.into(),
            fixes: plan.fixes.iter().map(Into::into).collect(),
        }
    }
}

impl From<Standing> for StandingReport {
    fn from(standing: Standing) -> Self {
        Self { status: standing.status, errors: standing.errors, warnings: standing.warnings }
    }
}

impl<'a> From<&'a PlannedFix> for FixReport<'a> {
    fn from(fix: &'a PlannedFix) -> Self {
        Self {
            codes: fix.codes.iter().map(|code| code.text()).collect(),
            title: (&fix.title).into(),
            safe: fix.safe,
            state: fix.progress.name(),
            reason: optional(fix.reason.as_ref()),
            commands: texts(&fix.commands),
            actions: fix.operations.iter().map(Into::into).collect(),
            distributions: fix.inventory.iter().map(Into::into).collect(),
        }
    }
}
