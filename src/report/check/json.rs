//! The check as JSON, version 1.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::{Examined, Forecast, Report};
use crate::report::json::v1::{EnvironmentReport, FindingReport, Text, Tool, optional, texts};
use crate::rules::Severity;
use crate::text::document::{line, schema_of};

const SCHEMA: &str = "venv-doctor/check/1";

/// The JSON Schema of the document, indented.
pub fn schema() -> String {
    schema_of::<CheckReport<'_>>(SchemaSettings::draft2020_12().for_serialize())
}

/// What is wrong with the environments that were checked.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor check, version 1")]
struct CheckReport<'a> {
    /// The name and version of this document.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: Tool,
    /// The environments, in the order of the arguments.
    environments: Vec<ExaminedReport<'a>>,
    summary: Summary,
}

/// An environment that was checked.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Environment")]
struct ExaminedReport<'a> {
    /// The argument as typed; null where there was none.
    asked: Option<Text<'a>>,
    /// `argv[0]` of the Python that was checked.
    executable_arg: Text<'a>,
    /// What it belongs to; null where there is nothing to tell.
    environment: Option<EnvironmentReport<'a>>,
    /// Its implementation: `cpython`, `pypy`, …
    implementation: &'a str,
    /// Its version; null where it is unknown.
    version: Option<String>,
    /// Whether it starts: `starts`, `fails-to-execute`, `fails-to-initialize` or `not-simulated`.
    status: &'static str,
    /// Why not, or what limits the answer.
    reason: Option<Text<'a>>,
    /// How the arguments were understood.
    notes: Vec<Text<'a>>,
    /// The selected findings, the worst first.
    findings: Vec<FindingReport<'a>>,
    /// What `venv-doctor fix` would do; null where no fix is safe, and for a snapshot.
    forecast: Option<ForecastReport>,
}

/// What the safe fixes would leave.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Forecast")]
struct ForecastReport {
    /// How many there are.
    fixes: usize,
    /// Whether Python would start.
    status: &'static str,
    errors: usize,
    warnings: usize,
}

impl From<Forecast> for ForecastReport {
    fn from(Forecast { fixes, after }: Forecast) -> Self {
        Self { fixes, status: after.status, errors: after.errors, warnings: after.warnings }
    }
}

/// How many of the selected findings there are, including those below the minimum severity.
#[derive(Serialize, JsonSchema)]
struct Summary {
    environments: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

pub fn render(report: &Report) -> Vec<u8> {
    line(&CheckReport {
        schema: SCHEMA,
        tool: Tool::this(),
        environments: report.examined.iter().map(|examined| environment(report, examined)).collect(),
        summary: Summary {
            environments: report.examined.len(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            infos: report.count(Severity::Info),
        },
    })
}

fn environment<'a>(report: &'a Report, examined: &'a Examined) -> ExaminedReport<'a> {
    let resolution = &examined.explanation.resolution;
    let interpreter = &resolution.identification.interpreter;
    ExaminedReport {
        asked: optional(examined.asked.as_ref()),
        executable_arg: resolution.typed().into(),
        environment: examined.explanation.environment.as_ref().map(Into::into),
        implementation: interpreter.implementation.name(),
        version: interpreter.version.map(|version| version.to_string()),
        status: resolution.outcome.status.name(),
        reason: optional(resolution.outcome.reason.as_ref()),
        notes: texts(&examined.notes),
        findings: report.shown(examined).map(Into::into).collect(),
        forecast: examined.forecast.map(Into::into),
    }
}
