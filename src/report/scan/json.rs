//! A scan as JSON Lines: an object for each environment as soon as it is examined, and a summary at the end.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

#[cfg(feature = "cli")]
use super::Report;
use crate::environment::Identity;
use crate::report::json::v1::{EnvironmentReport, Text, optional};
#[cfg(feature = "cli")]
use crate::scan::Duplicate;
use crate::scan::{Environment, Mark, PackageSize};
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
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the command sums up; the schema describes it"))]
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
    /// What it was recognized by: `pyvenv.cfg`, `pyvenv.cfg in bin`, `conda-meta`, `activate` or `installation`; `redirect`
    /// or `symlink` where `path` is a `.venv` that is a file or a symlink, and the rest is about what that leads to.
    mark: &'static str,
    /// The directory to which a `redirect` or a `symlink` leads; null for all others.
    target: Option<Text<'a>>,
    /// The tool that created it, such as `venv`, `uv` or `conda`, as in `environment`; null where nothing tells.
    creator: Option<&'static str>,
    /// What its interpreter belongs to; null where there is nothing to tell.
    environment: Option<EnvironmentReport<'a>>,
    /// The path of its interpreter.
    python: Text<'a>,
    /// The implementation of its Python, such as `cpython`.
    implementation: &'a str,
    /// The version that would run, or where nothing runs, the one that it was made for; null where neither is known.
    version: Option<String>,
    /// The base interpreter: the file to which the symlinks of its interpreter lead; null where that is not known.
    base: Option<Text<'a>>,
    /// Whether the base interpreter exists.
    base_exists: bool,
    /// `starts`, `fails-to-execute`, `fails-to-initialize` or `not-simulated`.
    status: &'static str,
    /// Why it does not start, or what limits the answer; null where there is nothing to say.
    reason: Option<Text<'a>>,
    /// Whether nothing shows that it fails to start, and no finding is an error.
    healthy: bool,
    /// The number of errors.
    errors: usize,
    /// The number of warnings.
    warnings: usize,
    /// The number of infos.
    infos: usize,
    /// The code of each finding, the worst first.
    codes: Vec<&'static str>,
    /// The worst finding; null where there is none.
    first: Option<FirstFinding<'a>>,
    /// Seconds since its pyvenv.cfg was last changed, or its directory where it has none; null where that is not known.
    age: Option<u64>,
    /// The bytes that it takes of the disk; null without --size.
    bytes: Option<u64>,
    /// The number of files in it; null without --size.
    files: Option<u64>,
    /// What of `bytes` would be free without it: files that have other names elsewhere do not count. Null without --size.
    reclaimable: Option<u64>,
    /// What each distribution takes of the disk; null without --size.
    distributions: Option<Vec<DistributionSize<'a>>>,
    /// When it was last used, as far as its files show; null without --size, and where that is not known.
    last_use: Option<LastUseReport<'a>>,
}

/// What the files of a distribution take of the disk.
#[derive(Serialize, JsonSchema)]
struct DistributionSize<'a> {
    /// Its name, normalized.
    name: Text<'a>,
    version: Option<Text<'a>>,
    /// The bytes of the files that its RECORD lists, with the bytecode that was made of them.
    bytes: u64,
    /// What of that would be free without them.
    reclaimable: u64,
}

impl<'a> From<&'a PackageSize> for DistributionSize<'a> {
    fn from(package: &'a PackageSize) -> Self {
        let PackageSize { name, version, bytes, reclaimable } = package;
        Self { name: name.into(), version: optional(version.as_ref()), bytes: *bytes, reclaimable: *reclaimable }
    }
}

/// When an environment was last used: evidence, and no certainty.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LastUse")]
struct LastUseReport<'a> {
    /// How many seconds ago.
    seconds: u64,
    /// What shows it: `access` of a module or of what activates the environment, or `change` of a file.
    #[schemars(extend("enum" = ["access", "change"]))]
    sign: &'static str,
    /// The file that shows it.
    file: Text<'a>,
}

/// A distribution that several environments have in the same version.
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the command sums up; the schema describes it"))]
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Duplicate")]
struct DuplicateReport<'a> {
    /// Its name, normalized.
    name: Text<'a>,
    version: Text<'a>,
    /// The environments that have it.
    environments: Vec<Text<'a>>,
    /// What the copies take beyond one: files that have other names elsewhere take nothing.
    bytes: u64,
}

/// The worst finding of an environment.
#[derive(Serialize, JsonSchema)]
struct FirstFinding<'a> {
    code: &'static str,
    severity: &'static str,
    message: Text<'a>,
}

/// The summary of the scan.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
struct SummaryLine<'a> {
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The number of environments that were found.
    environments: usize,
    /// The number of those that are shown and healthy.
    healthy: usize,
    /// The number of those that are shown and not healthy.
    broken: usize,
    /// The number of directories that were listed.
    directories: usize,
    /// The directories that could not be listed.
    unreadable: Vec<UnreadableLine<'a>>,
    /// Whether the scan was interrupted.
    stopped: bool,
    /// What the environments that are shown take together, a file with several names counted once; null without --size.
    bytes: Option<u64>,
    /// What would be free without all of them; null without --size.
    reclaimable: Option<u64>,
    /// The bytes of files that several of them have in common, as hard links; null without --size.
    common: Option<u64>,
    /// The distributions that several of them have in the same version, those first whose copies cost most; null without
    /// --duplicates.
    duplicates: Option<Vec<DuplicateReport<'a>>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Unreadable")]
struct UnreadableLine<'a> {
    path: Text<'a>,
    reason: &'a str,
}

#[cfg(feature = "cli")]
impl<'a> From<&'a Duplicate> for DuplicateReport<'a> {
    fn from(duplicate: &'a Duplicate) -> Self {
        Self {
            name: (&duplicate.name).into(),
            version: (&duplicate.version).into(),
            environments: duplicate.environments.iter().map(Into::into).collect(),
            bytes: duplicate.bytes,
        }
    }
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Cfg => "pyvenv.cfg",
        Mark::CfgInBin => "pyvenv.cfg in bin",
        Mark::Conda => "conda-meta",
        Mark::Activate => "activate",
        Mark::Redirect => "redirect",
        Mark::Symlink => "symlink",
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
        target: optional(environment.target.as_ref()),
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
        codes: environment.rules.iter().map(|rule| rule.code.text()).collect(),
        first: first.map(|(rule, severity, message)| FirstFinding {
            code: rule.code.text(),
            severity: severity.name(),
            message: message.into(),
        }),
        age: environment.age.map(|age| age.as_secs()),
        bytes: environment.size.map(|size| size.bytes),
        files: environment.size.map(|size| size.files),
        reclaimable: environment.size.map(|size| size.reclaimable),
        distributions: environment.size.map(|_| environment.packages.iter().map(Into::into).collect()),
        last_use: environment.last_use.as_ref().zip(environment.unused).map(|(last, ago)| LastUseReport {
            seconds: ago.as_secs(),
            sign: last.sign.name(),
            file: (&last.file).into(),
        }),
    })))
}

/// The last line. The report need not hold the environments themselves, only the numbers of healthy and broken ones count.
#[cfg(feature = "cli")]
pub fn summary(report: &Report, healthy: usize, broken: usize) -> Vec<u8> {
    let unreadable = report.unreadable.iter();
    let duplicates = report.duplicates();
    line(&Line::Summary(SummaryLine {
        schema: SCHEMA,
        environments: report.found,
        healthy,
        broken,
        directories: report.dirs,
        unreadable: unreadable.map(|one| UnreadableLine { path: (&one.dir).into(), reason: &one.reason }).collect(),
        stopped: report.stopped,
        bytes: report.totals.as_ref().map(|totals| totals.bytes),
        reclaimable: report.totals.as_ref().map(|totals| totals.reclaimable),
        common: report.totals.as_ref().map(|totals| totals.common),
        duplicates: duplicates.as_ref().map(|duplicates| duplicates.iter().map(Into::into).collect()),
    }))
}
