//! Which variables count, and how they are proved and corrected.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::findings::{Cure, Proof, recipes};
use crate::host::path::Flavour;
use crate::sentence;
use crate::startup::Status;

/// The step that a `._pth` file leads to: it isolates Python, so that no variable counts.
const UNDER_PTH: &str = "getpath.underpth.path";

/// A variable that is set to something, whoever reads it.
pub fn set<'a>(survey: &Survey<'a>, name: &str) -> Option<&'a BStr> {
    survey.resolution.invocation.variable(name).filter(|value| !value.is_empty())
}

/// A `PYTHON*` variable that is set to something, where neither a flag nor a `._pth` file switches them all off.
pub fn counted<'a>(survey: &Survey<'a>, name: &str) -> Option<&'a BStr> {
    let flags = survey.resolution.invocation.flags;
    let is_ignored = flags.isolated || flags.ignore_environment || step(survey, UNDER_PTH).is_some();
    set(survey, name).filter(|_| !is_ignored)
}

/// The step with this rule.
pub fn step(survey: &Survey<'_>, rule: &str) -> Option<usize> {
    survey.resolution.steps.iter().find(|step| step.rule == rule).map(|step| step.id)
}

/// Whether start-up ends for want of a standard library, or of a part of it that it cannot do without.
pub fn dies_without_library(survey: &Survey<'_>) -> bool {
    let outcome = &survey.resolution.outcome;
    let decided = outcome.step.is_some() && outcome.step == step(survey, "import.encodings");
    outcome.status == Status::FailsToInitialize && decided
}

/// The variable as it is set.
pub fn proof(name: &str, value: &BStr) -> Proof {
    Proof::about(name, value)
}

/// Gives a variable another value.
pub fn export(survey: &Survey<'_>, name: &str, value: &BStr) -> Cure {
    let assignment = sentence!(name, "=", value);
    let program = if survey.flavour() == Flavour::Windows { "set" } else { "export" };
    Cure::advice(sentence!("set ", name, " to ", value, " here, and in the profile of the shell that sets it"))
        .command(recipes::line(survey, program).word(assignment))
        .safe()
}

/// Gives a list in a variable only the parts that are kept, or removes it where none is.
pub fn keep<'v>(survey: &Survey<'_>, name: &str, kept: impl IntoIterator<Item = &'v BStr>) -> Cure {
    let separator = [survey.flavour().delimiter()];
    let rest: BString = bstr::join(separator, kept).into();
    if rest.is_empty() { recipes::unset(survey, name) } else { export(survey, name, rest.as_bstr()) }
}
