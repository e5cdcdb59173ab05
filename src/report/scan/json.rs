//! A scan as JSON Lines: an object for each environment as it is found, and one at the end.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::Report;
use crate::environment::Identity;
use crate::report::json::v1::{EnvironmentReport, Text, optional};
use crate::scan::{Environment, Mark};
use crate::text::document::{line, schema_of};

const SCHEMA: &str = "venv-doctor/scan/1";

/// The JSON Schema of a line, indented.
pub fn schema() -> String {
    schema_of::<Line<'_>>(SchemaSettings::draft2020_12().for_serialize())
}

/// A line of a scan.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
#[schemars(title = "venv-doctor scan, version 1: one line")]
enum Line<'a> {
    /// An environment.
    Environment(Box<EnvironmentLine<'a>>),
    /// The last line.
    Summary(SummaryLine<'a>),
}

/// An environment that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Environment")]
struct EnvironmentLine<'a> {
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// Its directory.
    path: Text<'a>,
    /// By what it was found: `pyvenv.cfg`, `pyvenv.cfg in bin`, `conda-meta`, `activate` or `installation`.
    mark: &'static str,
    /// The tool that created it, such as `venv`, `uv` or `conda`, as in `environment`; null where nothing tells.
    creator: Option<&'static str>,
    /// What its interpreter belongs to; null where there is nothing to tell.
    environment: Option<EnvironmentReport<'a>>,
    /// Its interpreter, as it was examined.
    python: Text<'a>,
    /// The implementation of its Python, such as `cpython`.
    implementation: &'a str,
    /// The version that would run, or where none would, that which it was made for; null where neither is known.
    version: Option<String>,
    /// The base interpreter; null where that is not known.
    base: Option<Text<'a>>,
    base_exists: bool,
    /// `starts`, `fails-to-execute` or `fails-to-initialize`.
    status: &'static str,
    /// Why not, or what limits the answer.
    reason: Option<Text<'a>>,
    /// Whether it starts and no finding is an error.
    healthy: bool,
    errors: usize,
    warnings: usize,
    infos: usize,
    /// The worst finding; null where there is none.
    first: Option<FirstFinding<'a>>,
    /// Seconds since its pyvenv.cfg was written; null where that is not known.
    age: Option<u64>,
    /// What it takes of the disk, in bytes; null where that was not asked for.
    bytes: Option<u64>,
    /// The files in it; null where that was not asked for.
    files: Option<u64>,
}

/// The worst finding of an environment.
#[derive(Serialize, JsonSchema)]
struct FirstFinding<'a> {
    code: &'static str,
    severity: &'static str,
    message: Text<'a>,
}

/// What the scan has come to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
struct SummaryLine<'a> {
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The environments that were found.
    environments: usize,
    /// Those of them that were shown and are healthy.
    healthy: usize,
    /// Those of them that were shown and are not.
    broken: usize,
    /// The directories that were listed.
    directories: usize,
    /// The directories that could not be listed.
    unreadable: Vec<UnreadableLine<'a>>,
    /// Whether the scan was ended before it was done.
    stopped: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Unreadable")]
struct UnreadableLine<'a> {
    path: Text<'a>,
    reason: &'a str,
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Cfg => "pyvenv.cfg",
        Mark::CfgInBin => "pyvenv.cfg in bin",
        Mark::Conda => "conda-meta",
        Mark::Activate => "activate",
        Mark::Installation => "installation",
    }
}

/// The line of an environment.
pub fn environment(environment: &Environment) -> Vec<u8> {
    let first = environment.first.as_ref();
    line(&Line::Environment(Box::new(EnvironmentLine {
        schema: SCHEMA,
        path: (&environment.root).into(),
        mark: mark(environment.mark),
        creator: environment.identity.as_ref().and_then(Identity::creator_name),
        environment: environment.identity.as_ref().map(Into::into),
        python: (&environment.python).into(),
        implementation: &environment.implementation,
        version: environment.version.map(|version| version.to_string()),
        base: optional(environment.base.as_ref()),
        base_exists: environment.base_exists,
        status: environment.status.name(),
        reason: optional(environment.reason.as_ref()),
        healthy: environment.is_healthy(),
        errors: environment.tally.errors,
        warnings: environment.tally.warnings,
        infos: environment.tally.infos,
        first: first.map(|(rule, severity, message)| FirstFinding {
            code: rule.code.text(),
            severity: severity.name(),
            message: message.into(),
        }),
        age: environment.age.map(|age| age.as_secs()),
        bytes: environment.size.map(|size| size.bytes),
        files: environment.size.map(|size| size.files),
    })))
}

/// The last line. The environments themselves need not be in the report, only how many are healthy and broken.
pub fn summary(report: &Report, healthy: usize, broken: usize) -> Vec<u8> {
    let unreadable = report.unreadable.iter();
    line(&Line::Summary(SummaryLine {
        schema: SCHEMA,
        environments: report.found,
        healthy,
        broken,
        directories: report.dirs,
        unreadable: unreadable.map(|one| UnreadableLine { path: (&one.dir).into(), reason: &one.reason }).collect(),
        stopped: report.stopped,
    }))
}
