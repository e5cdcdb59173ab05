//! Which variables Python reads, how they are shown as evidence, and how they are corrected.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::rules::shell::Line;
use crate::rules::{Evidence, Fix, fixes};
use crate::startup::{Status, StepId};
use crate::text::sentence;

/// The step that runs where a `._pth` file isolates Python, which then ignores every variable.
const UNDER_PTH: StepId = StepId::UnderPthPath;

/// The value of a variable that is not empty, whether Python reads it or not.
pub fn set<'a>(survey: &Survey<'a>, name: &str) -> Option<&'a BStr> {
    survey.resolution.invocation.variable(name).filter(|value| !value.is_empty())
}

/// The value of a `PYTHON*` variable that is not empty, unless a flag or a `._pth` file makes Python ignore all of
/// them.
pub fn counted<'a>(survey: &Survey<'a>, name: &str) -> Option<&'a BStr> {
    let flags = survey.resolution.invocation.flags;
    let is_ignored = flags.isolated || flags.ignore_environment || step(survey, UNDER_PTH).is_some();
    set(survey, name).filter(|_| !is_ignored)
}

/// The number of the step with this id.
pub fn step(survey: &Survey<'_>, id: StepId) -> Option<usize> {
    survey.resolution.steps.iter().find(|step| step.id == id).map(|step| step.number)
}

/// Whether Python fails to start because the standard library, or a part of it that startup needs, is missing.
pub fn fails_without_library(survey: &Survey<'_>) -> bool {
    let outcome = &survey.resolution.outcome;
    let decided = outcome.step.is_some() && outcome.step == step(survey, StepId::Encodings);
    outcome.status == Status::FailsToInitialize && decided
}

/// The variable with its value.
pub fn evidence(name: &str, value: &BStr) -> Evidence {
    Evidence::about(name, value)
}

/// Gives a variable another value.
pub fn export(survey: &Survey<'_>, name: &str, value: &BStr) -> Fix {
    Fix::advice(sentence!("set ", name, " to ", value, " in this shell, and in the profile that sets it"))
        .command(Line::setting(survey.platform(), name, value))
        .safe()
}

/// Gives a variable a value that the shell makes of a text, which is quoted already.
pub fn export_expanded(survey: &Survey<'_>, name: &str, text: &BStr) -> Fix {
    let line = fixes::line(survey, "export").raw(sentence!(name, "=", text));
    Fix::advice(sentence!("set ", name, " to ", text, ", as a shell expands it, here and in the file that sets it"))
        .command(line)
}

/// Reduces a list in a variable to the parts that are kept, or unsets it where none is.
pub fn keep<'v>(survey: &Survey<'_>, name: &str, kept: impl IntoIterator<Item = &'v BStr>) -> Fix {
    let separator = [survey.flavor().delimiter()];
    let rest: BString = bstr::join(separator, kept).into();
    if rest.is_empty() { fixes::unset(survey, name) } else { export(survey, name, rest.as_bstr()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HostError, Lookups, MemoryHost, Platform};
    use crate::interpreter::Version;
    use crate::invocation::{Flags, Invocation};
    use crate::startup::{self, Options};

    #[test]
    fn ignored_variables_are_not_reported() {
        let host = MemoryHost::new(Platform::Linux)
            .executable("/usr/bin/python3.12")
            .error("/usr/bin/python3.12", HostError::PermissionDenied)
            .file("/usr/lib/python3.12/os.py", "")
            .file("/usr/lib/python3.12/encodings/__init__.py", "")
            .directory("/usr/lib/python3.12/lib-dynload")
            .cwd("/");
        for (flags, counts) in [
            (Flags::default(), true),
            (Flags { isolated: true, ..Flags::default() }, false),
            (Flags { ignore_environment: true, ..Flags::default() }, false),
        ] {
            let mut invocation = Invocation::on(&host, "/usr/bin/python3.12").unwrap();
            invocation.flags = flags;
            let set = [("PYTHONHOME", "/opt"), ("PYTHONPATH", ":~/x"), ("PYTHONDEVMODE", "0"), ("PYTHONOPTIMIZE", "")];
            invocation.environment = set.map(|(name, value)| (name.to_owned(), value.into())).into();
            let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
            let lookups = Lookups::new(&host, invocation.cwd.clone());
            let (resolution, lookups) = startup::resolve_asking(lookups, &invocation, &options);
            let survey = Survey::new(&resolution, &lookups);
            let findings = [crate::rules::startup(&survey), crate::rules::environment(&survey)].concat();
            let codes = findings.iter().map(|finding| finding.code().text());
            let codes: Vec<&str> = codes.filter(|code| code.starts_with("VD3")).collect();
            assert_eq!(codes, if counts { vec!["VD301", "VD305", "VD306", "VD313"] } else { vec![] }, "{flags:?}");
        }
    }
}
