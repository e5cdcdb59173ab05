//! The steps of the explanation with their lookups.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::Text;
use super::values::Sets;
use crate::host::{Answer, Lookup};
use crate::startup::Step;

/// A step of the explanation.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Step")]
pub(in crate::report) struct StepReport<'a> {
    /// From 1.
    id: usize,
    #[schemars(extend("enum" = ["executable", "environment", "venv", "prefix", "path", "site", "pth", "customize"]))]
    phase: &'static str,
    title: &'static str,
    detail: Text<'a>,
    /// The stable name of the step, such as `getpath.venv.home`.
    rule: &'static str,
    /// The upstream file and function, and the versions for which this holds.
    source: &'a str,
    /// The upstream issues that brought this behavior.
    issues: &'a [&'static str],
    /// Every lookup of this step, in order.
    checks: Vec<CheckReport<'a>>,
    sets: Sets<'a>,
}

impl<'a> From<&'a Step> for StepReport<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            id: step.number,
            phase: step.phase.name(),
            title: step.title,
            detail: (&step.detail).into(),
            rule: step.id.name(),
            source: &step.source,
            issues: &step.issues,
            checks: each(&step.lookups),
            sets: Sets(&step.sets),
        }
    }
}

/// A lookup with its answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Check")]
struct CheckReport<'a> {
    #[schemars(extend("enum" = ["is_file", "is_dir", "is_executable", "read", "read_link", "real_path", "list_dir", "exists"]))]
    op: &'static str,
    /// As Python spells it; may be relative to the working directory.
    path: Text<'a>,
    result: ResultReport<'a>,
}

impl<'a> From<&'a Lookup> for CheckReport<'a> {
    fn from(check: &'a Lookup) -> Self {
        let result = match &check.answer {
            Answer::Bool(yes) => ResultReport::Bool(*yes),
            Answer::Bytes(bytes) => ResultReport::Read { bytes: *bytes },
            Answer::Path(path) => ResultReport::Resolved { path: path.into() },
            Answer::Names(names) => ResultReport::Listed { names: *names },
            Answer::Error(error) => ResultReport::Failed { error: error.name() },
        };
        Self { op: check.op.name(), path: (&check.path).into(), result }
    }
}

/// The answer of the machine.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Result")]
#[serde(untagged)]
enum ResultReport<'a> {
    /// To `is_file`, `is_dir`, `is_executable` and `exists`.
    Bool(bool),
    /// To `read`: how many bytes.
    Read { bytes: usize },
    /// To `read_link` and `real_path`.
    Resolved { path: Text<'a> },
    /// To `list_dir`: how many names.
    Listed { names: usize },
    /// To any: why there is no answer.
    Failed { error: &'static str },
}
