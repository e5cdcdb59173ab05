//! Site directories that this interpreter does not look into, because another kind of Python made them.

use bstr::{BString, ByteSlice};

use crate::environment::{Abi, Survey, System};
use crate::interpreter::Implementation;
use crate::rules::{Code, Evidence, Finding, Severity, fixes};
use crate::text::sentence;

/// Looks at the names below `lib`.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(abi) = survey.abi() else { return };
    if !survey.is_environment() || abi.system == System::Windows {
        return;
    }
    let lib = survey.join(survey.root(), "lib");
    let names = survey.names(lib.as_bstr()).unwrap_or_default();
    let own = own_name(abi);
    // With its own directory there too, the environment serves both.
    if names.iter().any(|name| *name == own.as_str() && has_packages(survey, &lib, name)) {
        return;
    }
    for name in names.iter() {
        let Some((code, maker)) = other_kind(abi, name) else { continue };
        if !has_packages(survey, &lib, name) {
            continue;
        }
        let dir = survey.join(survey.join(&lib, name), "site-packages");
        let message = sentence!(
            "the packages of ",
            survey.root(),
            " are in ",
            dir,
            ", which ",
            maker,
            " uses; this Python is ",
            abi.words()
        );
        findings.push(
            Finding::new(code, message)
                .severity(Severity::Warning)
                .evidence(Evidence::about(dir, "holds packages"))
                .effect(sentence!("this Python looks in ", survey.join(&lib, &own), " only, and finds none of them"))
                .fix(fixes::recreate(survey)),
        );
        return;
    }
}

/// `python3.12`, `python3.13t`, `pypy3.11`.
fn own_name(abi: &Abi) -> String {
    let (major, minor) = abi.version;
    match (&abi.implementation, abi.free_threaded) {
        (Implementation::PyPy, _) => format!("pypy{major}.{minor}"),
        (_, true) => format!("python{major}.{minor}t"),
        (_, false) => format!("python{major}.{minor}"),
    }
}

/// Who else names a directory so.
fn other_kind(abi: &Abi, name: &BString) -> Option<(Code, &'static str)> {
    let (major, minor) = abi.version;
    let release = format!("{major}.{minor}");
    if abi.implementation == Implementation::CPython {
        if name.starts_with(b"pypy") {
            return Some((Code::ImplementationMismatch, "PyPy"));
        }
        let rest = name.strip_prefix(b"python")?.strip_prefix(release.as_bytes())?;
        return match (rest, abi.free_threaded) {
            (b"t", false) => Some((Code::FreeThreadedMismatch, "the free-threaded build")),
            (b"", true) => Some((Code::FreeThreadedMismatch, "the build with the global lock")),
            _ => None,
        };
    }
    let rest = name.strip_prefix(b"python")?;
    rest.starts_with(b"3").then_some((Code::ImplementationMismatch, "CPython"))
}

/// Whether anything is installed there.
fn has_packages(survey: &Survey<'_>, lib: &BString, name: &BString) -> bool {
    let dir = survey.join(survey.join(lib, name), "site-packages");
    survey.names(dir.as_bstr()).is_some_and(|names| !names.is_empty())
}
