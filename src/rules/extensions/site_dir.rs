//! VD705 and VD706: site directories of another build or implementation, which this Python does not search.

use bstr::{BString, ByteSlice};

use crate::environment::{Abi, Survey, System};
use crate::interpreter::Implementation;
use crate::rules::{Code, Confidence, Evidence, Finding, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static FREE_THREADED_MISMATCH: Rule = Rule {
    code: Code("VD705"),
    name: "free-threaded-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "\
Packages are installed for a build with the GIL, but this Python is a free-threaded build, or vice versa.",
    why: "\
A free-threaded build (3.13 and later) has its own directory, lib/python3.13t/site-packages, and its own tag, \
cpython-313t. If a symlink to one build is changed to the other, Python does not search the directory of the packages \
and does not see modules with the other tag. The executable may be called python3.13 in both builds.",
    example: "\
$ ls .venv/lib
python3.13t
$ .venv/bin/python -c 'import sys; print(sys.abiflags)'
",
    fix: "Recreate the environment with the intended build.",
    sources: &["python/cpython#109740", "pypa/virtualenv#2776"],
};

pub(in crate::rules) static IMPLEMENTATION_MISMATCH: Rule = Rule {
    code: Code("VD706"),
    name: "implementation-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Packages are installed for PyPy, but this Python is CPython, or vice versa.",
    why: "\
The name of the directory depends on the implementation: lib/pypy3.11 for PyPy, lib/python3.11 for CPython. If the \
symlink is changed from one to the other, Python starts in the right environment and finds no packages in it. Extension \
modules have different tags and are not seen either.",
    example: "\
$ ls .venv/lib
pypy3.11
$ .venv/bin/python -V
Python 3.11.7",
    fix: "Recreate the environment with the intended implementation.",
    sources: &["CPython Lib/site.py: getsitepackages", "PyPy lib-python/3/site.py"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&FREE_THREADED_MISMATCH, &IMPLEMENTATION_MISMATCH],
    judges: &[Judge { when: When::Environment(700), find }],
};

/// Judges the names below `lib`.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(abi) = survey.abi() else { return };
    if !survey.is_environment() || abi.system == System::Windows {
        return;
    }
    let lib = survey.join(survey.root(), "lib");
    let names = survey.names(lib.as_bstr()).unwrap_or_default();
    let own = own_name(abi);
    // An environment with packages for this Python, too, serves both.
    if names.iter().any(|name| *name == own.as_str() && has_packages(survey, &lib, name)) {
        return;
    }
    for name in names.iter() {
        let Some((rule, user)) = other_kind(abi, name) else { continue };
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
            user,
            " uses; this Python is ",
            abi.words()
        );
        findings.push(
            Finding::new(rule, message)
                .severity(Severity::Warning)
                .evidence(Evidence::about(dir, "contains packages"))
                .effect(sentence!("this Python searches only ", survey.join(&lib, &own), ", and finds none of them"))
                .fix(fixes::recreate(survey)),
        );
        return;
    }
}

/// The name of this Python's directory below `lib`: `python3.12`, `python3.13t` or `pypy3.11`.
fn own_name(abi: &Abi) -> String {
    let (major, minor) = abi.version;
    match (&abi.implementation, abi.free_threaded) {
        (Implementation::PyPy, _) => format!("pypy{major}.{minor}"),
        (_, true) => format!("python{major}.{minor}t"),
        (_, false) => format!("python{major}.{minor}"),
    }
}

/// Which other build or implementation uses a directory of this name, and the rule about it.
fn other_kind(abi: &Abi, name: &BString) -> Option<(&'static Rule, &'static str)> {
    let (major, minor) = abi.version;
    let version = format!("{major}.{minor}");
    if abi.implementation == Implementation::CPython {
        if name.starts_with(b"pypy") {
            return Some((&IMPLEMENTATION_MISMATCH, "PyPy"));
        }
        let rest = name.strip_prefix(b"python")?.strip_prefix(version.as_bytes())?;
        return match (rest, abi.free_threaded) {
            (b"t", false) => Some((&FREE_THREADED_MISMATCH, "the free-threaded build")),
            (b"", true) => Some((&FREE_THREADED_MISMATCH, "the build with the GIL")),
            _ => None,
        };
    }
    let rest = name.strip_prefix(b"python")?;
    rest.starts_with(b"3").then_some((&IMPLEMENTATION_MISMATCH, "CPython"))
}

/// Whether the site directory contains anything.
fn has_packages(survey: &Survey<'_>, lib: &BString, name: &BString) -> bool {
    let dir = survey.join(survey.join(lib, name), "site-packages");
    survey.names(dir.as_bstr()).is_some_and(|names| !names.is_empty())
}
