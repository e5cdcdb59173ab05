//! Site directories that this interpreter does not look into, because another kind of Python made them.

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
Packages are installed for a build with the global lock and this Python is one without it, or the other way round.",
    why: "\
A free-threaded build (3.13 and later) has its own directory, lib/python3.13t/site-packages, and its own tag, \
cpython-313t. When a link that led to one build leads to the other, packages vanish, and modules with the other tag \
are not seen. The file may be called python3.13 in both.",
    example: "\
$ ls .venv/lib
python3.13t
$ .venv/bin/python -c 'import sys; print(sys.abiflags)'
",
    fix: "Make the environment anew with the build that is wanted.",
    sources: &["python/cpython#109740", "pypa/virtualenv#2776"],
};

pub(in crate::rules) static IMPLEMENTATION_MISMATCH: Rule = Rule {
    code: Code("VD706"),
    name: "implementation-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Packages are installed for PyPy and this Python is CPython, or the other way round.",
    why: "\
The site module makes the name of the directory from the program that runs: lib/pypy3.11 for PyPy, lib/python3.11 for \
CPython. After a link is turned to the other, Python starts in the right environment and finds nothing in it. \
Extension modules carry a tag of their own and are not seen either.",
    example: "\
$ ls .venv/lib
pypy3.11
$ .venv/bin/python -V
Python 3.11.7",
    fix: "Make the environment anew with the Python that is wanted.",
    sources: &["CPython Lib/site.py: getsitepackages", "PyPy lib-python/3/site.py"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&FREE_THREADED_MISMATCH, &IMPLEMENTATION_MISMATCH],
    judges: &[Judge { when: When::Environment(700), find }],
};

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
fn other_kind(abi: &Abi, name: &BString) -> Option<(&'static Rule, &'static str)> {
    let (major, minor) = abi.version;
    let release = format!("{major}.{minor}");
    if abi.implementation == Implementation::CPython {
        if name.starts_with(b"pypy") {
            return Some((&IMPLEMENTATION_MISMATCH, "PyPy"));
        }
        let rest = name.strip_prefix(b"python")?.strip_prefix(release.as_bytes())?;
        return match (rest, abi.free_threaded) {
            (b"t", false) => Some((&FREE_THREADED_MISMATCH, "the free-threaded build")),
            (b"", true) => Some((&FREE_THREADED_MISMATCH, "the build with the global lock")),
            _ => None,
        };
    }
    let rest = name.strip_prefix(b"python")?;
    rest.starts_with(b"3").then_some((&IMPLEMENTATION_MISMATCH, "CPython"))
}

/// Whether anything is installed there.
fn has_packages(survey: &Survey<'_>, lib: &BString, name: &BString) -> bool {
    let dir = survey.join(survey.join(lib, name), "site-packages");
    survey.names(dir.as_bstr()).is_some_and(|names| !names.is_empty())
}
