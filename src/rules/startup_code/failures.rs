//! Lines and files that fail while Python starts, according to the simulation, and the exceptions of import lines.

use std::collections::HashSet;

use bstr::{BStr, ByteSlice};

use super::support::{by_owner, failing, files};
use super::{customize, start, stops, undecodable};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::behaviors::Behavior;
use crate::startup::{Failure, Fault};
use crate::text::sentence;

pub(in crate::rules) static PTH_IMPORT_FAILS: Rule = Rule {
    code: Code("VD402"),
    name: "pth-import-fails",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "\
A line of a .pth file raises an exception at every start, usually because the module that it imports is gone.",
    why: "\
Python executes a line that begins with import. Up to 3.14, it prints an exception and ignores the rest of the file; \
since 3.15, it ignores only the line. In an environment, Python up to 3.14 prints the error twice, because it \
processes the directory twice. Programs that compare or parse standard error do not expect the text. Such a line is \
left over when a package is removed and its .pth file is not.",
    example: "\
$ .venv/bin/python -c pass
Error processing line 1 of .venv/lib/python3.12/site-packages/distutils-precedence.pth:

  Traceback (most recent call last):
  ModuleNotFoundError: No module named '_distutils_hack'

Remainder of file ignored",
    fix: "Reinstall the distribution that owns the file; if none owns it, remove the file.",
    sources: &["CPython Lib/site.py: addpackage", "pdm-project/pdm#821", "pypa/get-pip#226"],
};

pub(in crate::rules) static NSPKG_LEGACY: Rule = Rule {
    code: Code("VD417"),
    name: "nspkg-legacy",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The .pth file of a namespace package reads a variable that this pre-release of 3.15 does not have.",
    why: "\
Old versions of setuptools set up namespace packages with a line that reads the variable sitedir of the function that \
executes it. The first two betas of 3.15 executed such lines in another function, and every start printed a KeyError. \
3.15.0b3 restored the variable.",
    example: "\
$ .venv/bin/python -c pass
Error in import line from .venv/lib/python3.15/site-packages/repoze.lru-0.7-nspkg.pth: import sys, types, os;...
  KeyError: \"local variable ''sitedir'' is not defined\"",
    fix: "Use 3.15.0b3 or later, or versions of the packages that do not need such a file.",
    sources: &["python/cpython#149671", "python/cpython#156404", "tox-dev/tox#3937"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&PTH_IMPORT_FAILS, &NSPKG_LEGACY], judges: &[Judge { when: When::Startup(400), find }] };

/// Judges every failure. A file that Python processes twice is reported once.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen: HashSet<(&BStr, Option<usize>)> = HashSet::new();
    let mut count = 0;
    for failure in &survey.resolution.failures {
        let place = (failure.file.as_bstr(), failure.line);
        // Another rule reports an AppleDouble file as a whole: nobody wrote its lines.
        if !seen.insert(place) || files::is_apple_double(survey, place.0) {
            continue;
        }
        // What keeps Python from starting is always reported.
        count += 1;
        if count > files::MOST_REPORTED && !failure.fault.is_fatal() {
            continue;
        }
        findings.push(judge(survey, failure).step(failure.step));
    }
    if let Some(more) = count.checked_sub(files::MOST_REPORTED + 1) {
        let message = format!("{} more lines and files fail at every start", more + 1);
        let advice = "recreate the environment, or remove the files that nothing needs";
        findings.push(Finding::new(&PTH_IMPORT_FAILS, message).fix(Fix::advice(advice)));
    }
}

fn judge(survey: &Survey<'_>, failure: &Failure) -> Finding {
    match &failure.fault {
        Fault::MissingModule(module) if failure.line.is_none() => {
            customize::fails(survey, failure, sentence!("imports ", module, ", which is not found on sys.path"))
        }
        Fault::MissingModule(module) => {
            fails(survey, failure, &format!("imports {module}, which is not found on sys.path"), module.as_bytes())
        }
        Fault::Syntax(Some(line)) => customize::invalid(survey, failure, *line),
        Fault::Syntax(None) => fails(survey, failure, "is not valid Python", b"import"),
        Fault::Raises(exception) if failure.line.is_none() => {
            customize::fails(survey, failure, sentence!("raises ", exception))
        }
        Fault::Raises(exception) => fails(survey, failure, &format!("raises {exception}"), b"import"),
        Fault::NulByte => fails(survey, failure, "contains a NUL byte", b"\0"),
        Fault::SitedirGone => sitedir(survey, failure),
        Fault::EntryPointForm => start::malformed(survey, failure),
        Fault::EntryPointModule(module) => start::unresolved(survey, failure, module),
        Fault::EntryPointObject { name, source } => start::without_object(survey, failure, name, source.as_bstr()),
        Fault::Exits(exception) if failure.line.is_none() => customize::exits(survey, failure, exception),
        Fault::Exits(exception) => stops::exits(survey, failure, exception),
        Fault::Undecodable(error) => undecodable::finding(survey, failure, error),
        Fault::Blocks => stops::blocks(survey, failure),
    }
}

/// An import line, or a path, that raises an exception after which Python continues.
fn fails(survey: &Survey<'_>, failure: &Failure, what: &str, needle: &[u8]) -> Finding {
    let file = failure.file.as_bstr();
    let ownership = survey.owner_of(file);
    let fix = match failure.line {
        // The other lines may be needed.
        Some(line) if ownership.is_nobody() && files::count_meaningful(survey, file) > 1 => {
            by_owner::delete_line(survey, file, line)
        }
        _ => by_owner::reinstall_or_remove(survey, file, &ownership, true),
    };
    let effect = if files::has(survey, Behavior::StartFiles) {
        "Python prints an error at every start and continues with the next line"
    } else {
        "Python prints an error at every start and ignores the rest of the file"
    };
    Finding::new(&PTH_IMPORT_FAILS, sentence!(failing::place(survey, failure), " ", what))
        .evidence(failing::evidence(survey, failure, needle))
        .effect(effect)
        .fix(fix)
}

fn sitedir(survey: &Survey<'_>, failure: &Failure) -> Finding {
    let version = survey.version().map(|version| version.to_string()).unwrap_or_default();
    let message = sentence!(
        failing::place(survey, failure),
        " reads sitedir from the function that runs it, which has no such variable in Python ",
        version
    );
    Finding::new(&NSPKG_LEGACY, message)
        .evidence(failing::evidence(survey, failure, b"sys._getframe(1).f_locals['sitedir']"))
        .effect("Python prints a KeyError at every start, and the line does not set up the namespace package")
        .fix(Fix::advice(
            "use 3.15.0b3 or later, which restores the variable, or a version of the distribution without this file",
        ))
}
