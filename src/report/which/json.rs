//! The answer about imports as JSON, version 1: a public interface. Keys may be added, none renamed.

use bstr::BString;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::{Report, search};
use crate::imports::{Candidate, FoundBy, Kind, Place};
use crate::report::json::v1::{OutcomeReport, Text, Tool, optional, texts};
use crate::text::document::{line, schema_of};
use crate::which::{FileAnswer, Installed, Located, Near, Shadowed};

/// The name and version of the document.
const SCHEMA: &str = "venv-doctor/which/1";

/// The JSON Schema of the document, indented.
pub fn schema() -> String {
    schema_of::<Document<'_>>(SchemaSettings::draft2020_12().for_serialize())
}

pub(super) fn render(report: &Report<'_>) -> Vec<u8> {
    line(&Document::from(report))
}

/// Which files imports get.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor answer about imports, version 1")]
struct Document<'a> {
    /// The name and version of this document.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: Tool,
    /// Whether Python starts: if not, every name is `unknown`.
    outcome: OutcomeReport<'a>,
    /// One object for each name that was asked for, in the order of the arguments.
    names: Vec<NameReport<'a>>,
    /// One object for each `--file`, in the order of the arguments.
    files: Vec<FileReport<'a>>,
    /// The names that more than one entry of `sys.path` provides; null without `--shadowed`.
    shadowed: Option<Vec<ShadowedReport<'a>>>,
    /// How the arguments were understood, where they had to be interpreted.
    notes: Vec<Text<'a>>,
}

/// What the import of one name gets.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Name")]
struct NameReport<'a> {
    name: Text<'a>,
    #[schemars(extend("enum" = kinds()))]
    kind: &'static str,
    /// The file, exactly as `spec.origin` shows it; null for what is built in or frozen, a namespace, missing or unknown,
    /// and for a member of a zip file that Python finds and cannot read.
    origin: Option<Text<'a>>,
    /// `submodule_search_locations`, in their order; null where the module is no package.
    locations: Option<Vec<Text<'a>>>,
    /// Null for `missing` and `unknown`.
    found_by: Option<FoundByReport<'a>>,
    /// Every other candidate of the whole search, in its order; the first is what would be taken instead.
    shadows: Vec<CandidateReport<'a>>,
    /// The distribution whose RECORD names the file, or null.
    distribution: Option<DistributionReport<'a>>,
    /// The distribution that is installed in editable mode and leads to the file, or null.
    editable: Option<DistributionReport<'a>>,
    /// Whether the module is in `sys.modules` before the first line of the launched code.
    loaded_at_startup: bool,
    /// Why the file that is found cannot be loaded, where that is known: what is said of the file.
    problem: Option<Text<'a>>,
    /// For `missing`: what looks right and is not taken, the most likely first.
    near: Vec<NearReport<'a>>,
    /// For `missing` and `unknown`: one sentence.
    reason: Option<Text<'a>>,
    /// The search, place by place; empty where a parent decides already.
    search: Vec<PlaceReport<'a>>,
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|kind| kind.name()).collect()
}

/// Who finds a module.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundBy")]
struct FoundByReport<'a> {
    /// `builtin`, `frozen`, `path`, or the name of the module that defines the importer.
    finder: Text<'a>,
    /// The entry of `sys.path`, or of the locations of the parent; null unless `finder` is `path`.
    entry: Option<Text<'a>>,
}

/// Something that could be imported.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Candidate")]
struct CandidateReport<'a> {
    #[schemars(extend("enum" = kinds()))]
    kind: &'static str,
    /// The file, for a portion of a namespace its directory; null for what is in the binary.
    path: Option<Text<'a>>,
}

/// An installed distribution.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Distribution")]
struct DistributionReport<'a> {
    name: Text<'a>,
    version: Option<Text<'a>>,
    /// The tool that installed it, where it left its name.
    installer: Option<Text<'a>>,
}

/// Something that looks right and is not taken.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Near")]
struct NearReport<'a> {
    path: Text<'a>,
    /// What is said of the path.
    why: Text<'a>,
}

/// One place of the search.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PlaceReport<'a> {
    finder: Text<'a>,
    entry: Option<Text<'a>>,
    #[schemars(extend("enum" = ["no-entry", "no-finder", "unlistable", "nothing", "candidates"]))]
    there: &'static str,
    /// What is there, the first being what this place gives.
    candidates: Vec<CandidateReport<'a>>,
    #[schemars(extend("enum" = ["nothing", "taken", "portion", "passed-over", "hidden", "too-late", "unknown"]))]
    verdict: &'static str,
}

/// Under which names a file is imported.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "File")]
struct FileReport<'a> {
    /// The file, as it was asked for.
    path: Text<'a>,
    /// The names, the shortest first; empty where it cannot be imported.
    names: Vec<Text<'a>>,
    /// The names under which it would be imported if something else were not found first.
    hidden: Vec<HiddenReport<'a>>,
    /// Why it cannot be imported, in one sentence; null where it can.
    reason: Option<Text<'a>>,
}

/// A name of a file that gets something else.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hidden")]
struct HiddenReport<'a> {
    name: Text<'a>,
    /// What an import of that name gets.
    by: CandidateReport<'a>,
}

/// A name that more than one place provides.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Shadowed")]
struct ShadowedReport<'a> {
    /// What is over what, such as `the environment over the base`.
    group: &'a str,
    name: Text<'a>,
    /// What an import gets.
    winner: CandidateReport<'a>,
    /// What it hides, in the order of the search.
    hidden: Vec<CandidateReport<'a>>,
}

impl<'a> From<&'a Report<'_>> for Document<'a> {
    fn from(report: &'a Report<'_>) -> Self {
        let told = report.told;
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            outcome: (&told.resolution.outcome).into(),
            names: told.names.iter().map(Into::into).collect(),
            files: told.files.iter().map(Into::into).collect(),
            shadowed: told.shadowed.as_ref().map(|shadowed| shadowed.iter().map(Into::into).collect()),
            notes: texts(report.notes),
        }
    }
}

impl<'a> From<&'a Located> for NameReport<'a> {
    fn from(located: &'a Located) -> Self {
        let import = &located.import;
        Self {
            name: (&import.name).into(),
            kind: import.kind.name(),
            origin: optional(import.origin.as_ref()),
            locations: import.locations.as_ref().map(|locations| texts(locations)),
            found_by: import.found_by.as_ref().map(Into::into),
            shadows: import.shadows.iter().map(Into::into).collect(),
            distribution: located.distribution.as_ref().map(Into::into),
            editable: located.editable.as_ref().map(Into::into),
            loaded_at_startup: import.loaded_at_startup,
            problem: optional(located.problem.as_ref()),
            near: located.near.iter().map(Into::into).collect(),
            reason: optional(located.reason.as_ref()),
            search: import.search.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> From<&'a FoundBy> for FoundByReport<'a> {
    fn from(found_by: &'a FoundBy) -> Self {
        Self { finder: (&found_by.finder).into(), entry: optional(found_by.entry.as_ref()) }
    }
}

impl<'a> From<&'a Candidate> for CandidateReport<'a> {
    fn from(candidate: &'a Candidate) -> Self {
        Self { kind: candidate.kind.name(), path: optional(candidate.path.as_ref()) }
    }
}

impl<'a> From<&'a Installed> for DistributionReport<'a> {
    fn from(installed: &'a Installed) -> Self {
        Self {
            name: (&installed.name).into(),
            version: optional(installed.version.as_ref()),
            installer: optional(installed.installer.as_ref()),
        }
    }
}

impl<'a> From<&'a Near> for NearReport<'a> {
    fn from(near: &'a Near) -> Self {
        Self { path: (&near.path).into(), why: (&near.why).into() }
    }
}

impl<'a> From<&'a Place> for PlaceReport<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            finder: (&place.finder).into(),
            entry: optional(place.entry.as_ref()),
            there: search::there(&place.there),
            candidates: search::candidates(place).iter().map(Into::into).collect(),
            verdict: search::verdict(place.verdict),
        }
    }
}

impl<'a> From<&'a FileAnswer> for FileReport<'a> {
    fn from(file: &'a FileAnswer) -> Self {
        let hidden = |(name, by): &'a (BString, Candidate)| HiddenReport { name: name.into(), by: by.into() };
        Self {
            path: (&file.path).into(),
            names: texts(&file.names),
            hidden: file.hidden.iter().map(hidden).collect(),
            reason: optional(file.reason.as_ref()),
        }
    }
}

impl<'a> From<&'a Shadowed> for ShadowedReport<'a> {
    fn from(shadowed: &'a Shadowed) -> Self {
        Self {
            group: &shadowed.group,
            name: (&shadowed.name).into(),
            winner: (&shadowed.winner).into(),
            hidden: shadowed.hidden.iter().map(Into::into).collect(),
        }
    }
}
