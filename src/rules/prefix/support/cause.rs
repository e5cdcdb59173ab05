//! Why Python fails to start before it runs any code.

use bstr::{BString, ByteSlice};

use super::base;
use crate::environment::Survey;
use crate::host::{Answer, Op};
use crate::startup::behaviors::Behavior;
use crate::startup::{Status, Step, StepId, Value};

/// What has to be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `PYTHONHOME`, which Python uses without checking it.
    PythonHome,
    /// `PYTHONPLATLIBDIR`, which renames the directory of the standard library.
    Platlibdir,
    /// A `pyvenv.cfg` that cannot be read or decoded.
    Cfg,
    /// `home` in `pyvenv.cfg`.
    Home,
    /// A file that misleads the search for the standard library: one that marks a build tree, or the zip file of a
    /// standard library.
    Landmark(BString),
    /// The standard library, which is missing or incomplete, although nothing misled the search.
    Stdlib,
    /// Something else, such as code that runs at startup.
    Other,
}

/// Why Python fails to start; none where it starts, or is not executed at all.
pub fn of_failure(survey: &Survey<'_>) -> Option<Cause> {
    let resolution = survey.resolution;
    if resolution.outcome.status != Status::FailsToInitialize {
        return None;
    }
    let fatal = resolution.steps.iter().find(|step| Some(step.number) == resolution.outcome.step)?;
    Some(match fatal.id {
        StepId::SiteVenvCfg | StepId::VenvSearch => Cause::Cfg,
        StepId::BuildTree if home_is_no_dir(survey) => Cause::Home,
        StepId::Encodings => of_missing_stdlib(survey),
        _ => Cause::Other,
    })
}

/// Whether the path configuration looked for a file below a `home` that is not a directory.
fn home_is_no_dir(survey: &Survey<'_>) -> bool {
    base::searched_home(survey).is_some_and(|(home, _)| survey.exists(home) && !survey.is_dir(home))
}

fn of_missing_stdlib(survey: &Survey<'_>) -> Cause {
    let ran = |rule| base::step(survey, rule).is_some();
    let is_set = |name| survey.resolution.invocation.variable(name).is_some_and(|value| !value.is_empty());
    if ran(StepId::UnderPthPath) {
        Cause::Other
    } else if ran(StepId::PrefixHome) && is_set("PYTHONHOME") {
        Cause::PythonHome
    } else if renames_library(survey) {
        Cause::Platlibdir
    } else if let Some(file) = misleading_file(survey) {
        Cause::Landmark(file)
    } else if ran(StepId::PrefixCompiled) && base::searched_home(survey).is_some() {
        Cause::Home
    } else {
        Cause::Stdlib
    }
}

/// Whether `PYTHONPLATLIBDIR` (3.9 and later) is in effect and differs from the value of the build.
fn renames_library(survey: &Survey<'_>) -> bool {
    let invocation = &survey.resolution.invocation;
    let flags = invocation.flags;
    let knows = survey.has(Behavior::PlatlibdirVariable);
    let compiled = survey.resolution.identification.interpreter.compiled.platlibdir.as_ref();
    let is_other = |value: &bstr::BStr| !value.is_empty() && compiled.is_none_or(|compiled| compiled != value);
    knows
        && !flags.isolated
        && !flags.ignore_environment
        && invocation.variable("PYTHONPLATLIBDIR").is_some_and(is_other)
}

/// The file that made Python search outside its own directories.
pub fn misleading_file(survey: &Survey<'_>) -> Option<BString> {
    survey.resolution.steps.iter().find_map(|step| match step.id {
        StepId::BuildTree if step.sets.iter().any(is_stdlib) => answered(step, &["pybuilddir.txt", "Setup.local"]),
        StepId::ExecPrefix => answered(step, &["pybuilddir.txt"]),
        StepId::PrefixZip | StepId::PrefixLibrary => answered(step, &[".zip"]),
        _ => None,
    })
}

fn is_stdlib((name, value): &(&'static str, Value)) -> bool {
    *name == "sys._stdlib_dir" && matches!(value, Value::Text(_))
}

/// The file with one of these endings that a step looked up and found.
fn answered(step: &Step, endings: &[&str]) -> Option<BString> {
    let was_found = |op: Op, answer: &Answer| match op {
        Op::IsFile => *answer == Answer::Bool(true),
        Op::Read => matches!(answer, Answer::Bytes(_)),
        _ => false,
    };
    let mut found = step.lookups.iter().filter(|check| was_found(check.op, &check.answer));
    let has_ending = |path: &BString| endings.iter().any(|ending| path.as_bstr().ends_with(ending.as_bytes()));
    found.find(|check| has_ending(&check.path)).map(|check| check.path.clone())
}
