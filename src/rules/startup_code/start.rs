//! `.start` files: their entry points, and the `.pth` files of the same name.

use bstr::{BStr, ByteSlice};

use super::support::{by_owner, failing, files};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::Failure;
use crate::startup::behaviors::Behavior;
use crate::text::{python, sentence};

pub(in crate::rules) static START_SYNTAX: Rule = Rule {
    code: Code("VD412"),
    name: "start-syntax",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .start file does not have the form package.module:callable.",
    why: "\
Since 3.15, each line of a .start file names one function, with one colon and without blanks or parentheses. Python \
reports any other line at every start, does not call it, and continues. The usual mistake is a dot instead of the \
colon.",
    example: "\
$ cat .venv/lib/python3.15/site-packages/app.start
app.hooks.install
$ .venv/bin/python -c pass
Invalid entry point syntax in .venv/lib/python3.15/site-packages/app.start: 'app.hooks.install'",
    fix: "Write package.module:callable, or reinstall the distribution that owns the file.",
    sources: &["PEP 829", "CPython Lib/site.py: StartupState"],
};

pub(in crate::rules) static START_UNRESOLVED: Rule = Rule {
    code: Code("VD413"),
    name: "start-unresolved",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .start file names a module that does not exist.",
    why: "\
Python imports the entry points of .start files after all paths are on sys.path. It reports one that it does not find \
at every start, and calls the others. Such a line is left over from a package that was removed by hand, or from an \
editable install whose project was moved.",
    example: "\
$ cat .venv/lib/python3.15/site-packages/app.start
app.hooks:install
$ .venv/bin/python -c pass
Error resolving entry point app.hooks:install from .venv/lib/python3.15/site-packages/app.start",
    fix: "Reinstall the distribution that owns the file, install what provides the module, or remove the line.",
    sources: &["PEP 829", "python/cpython#149109"],
};

pub(in crate::rules) static START_SUPPRESSES_PTH: Rule = Rule {
    code: Code("VD415"),
    name: "start-suppresses-pth",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "A .start file keeps the import lines of the .pth file of the same name from running.",
    why: "\
Since 3.15, the mere presence of NAME.start, even if it is empty, disables the code in NAME.pth of the same directory; \
the paths in NAME.pth still count. Projects ship both files on purpose, one for older versions and one for newer ones. \
If the .start file calls nothing, or only what fails, the code that ran up to 3.14 silently does not run, and the \
finding is a warning.",
    example: "\
$ ls .venv/lib/python3.15/site-packages/hook.*
hook.pth  hook.start
$ wc -c hook.start
0 hook.start",
    fix: "Write the functions to call into the .start file, or remove it.",
    sources: &["PEP 829"],
};

/// The rules of this file. The judge of [`super::failures`] finds those about entry points.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&START_SYNTAX, &START_UNRESOLVED, &START_SUPPRESSES_PTH],
    judges: &[Judge { when: When::Startup(430), find }],
};

/// Judges `.start` files next to a `.pth` file of the same name. Projects that support old and new versions of Python
/// have both; a `.start` file that calls nothing is a mistake.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !files::has(survey, Behavior::StartFiles) {
        return;
    }
    let considered = files::considered(survey);
    for start in files::named(survey, ".start") {
        let Some(stem) = start.strip_suffix(b".start") else { continue };
        let pth = sentence!(stem, ".pth");
        if files::is_skipped_by_name(survey, start.as_bstr()) || !considered.contains(&pth) {
            continue;
        }
        findings.extend(suppressed(survey, start.as_bstr(), pth.as_bstr()));
    }
}

fn suppressed(survey: &Survey<'_>, start: &BStr, pth: &BStr) -> Option<Finding> {
    let content = files::content(survey, start).ok()?;
    content.strip_prefix(python::BYTE_ORDER_MARK).unwrap_or(&content).to_str().ok()?;
    let lines = files::lines(survey, pth);
    let (number, line) = (1..).zip(&lines).find(|(_, line)| files::is_import(python::strip(line)))?;
    let calls = files::count_meaningful(survey, start);
    let failed = survey.resolution.failures.iter().filter(|failure| failure.file == start).count();
    let (severity, instead) =
        if calls == failed { (Severity::Warning, ", and calls nothing itself") } else { (Severity::Info, "") };
    let origin = by_owner::origin(&survey.owner_of(start));
    let message = sentence!(start, origin, " keeps the import lines of ", pth, " from running", instead);
    Some(
        Finding::new(&START_SUPPRESSES_PTH, message)
            .severity(severity)
            .evidence(files::line_evidence(survey, pth, number, python::strip(line)))
            .effect("Python adds the paths of the .pth file but does not run its code, which it does up to 3.14")
            .fix(fix(survey, start, "write the functions to call into the .start file, or remove it"))
            .step(files::step_of(survey, start)),
    )
}

/// A line that is not an entry point.
pub fn malformed(survey: &Survey<'_>, failure: &Failure) -> Finding {
    let file = failure.file.as_bstr();
    let line = failure.line.and_then(|line| files::lines(survey, file).into_iter().nth(line.saturating_sub(1)));
    let line = line.unwrap_or_default();
    let line = python::strip(&line);
    let message =
        sentence!(failing::place(survey, failure), ", ", line, ", does not have the form package.module:callable");
    Finding::new(&START_SYNTAX, message)
        .evidence(failing::evidence(survey, failure, line))
        .effect("Python prints an error at every start and does not call the function that is meant")
        .fix(fix(survey, file, "write the line as package.module:callable"))
}

/// An entry point whose module is missing.
pub fn unresolved(survey: &Survey<'_>, failure: &Failure, module: &str) -> Finding {
    let message = sentence!(failing::place(survey, failure), " names ", module, ", which is not found on sys.path");
    let advice = "install what provides the module, or remove the line";
    Finding::new(&START_UNRESOLVED, message)
        .evidence(failing::evidence(survey, failure, module.as_bytes()))
        .effect("Python prints an error at every start and continues without the call")
        .fix(fix(survey, failure.file.as_bstr(), advice))
}

/// An entry point whose module is there and does not have what is named.
pub fn without_object(survey: &Survey<'_>, failure: &Failure, name: &str, source: &BStr) -> Finding {
    let message = sentence!(failing::place(survey, failure), " names ", name, ", which ", source, " does not have");
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    Finding::new(&START_UNRESOLVED, message)
        .evidence(failing::evidence(survey, failure, last.as_bytes()))
        .effect("Python prints an error at every start and continues without the call")
        .fix(fix(survey, failure.file.as_bstr(), "correct the name, or remove the line"))
}

/// Reinstalls the owner; if there is none, somebody has to edit the file as advised.
fn fix(survey: &Survey<'_>, file: &BStr, advice: &str) -> Fix {
    let ownership = survey.owner_of(file);
    match ownership.owner() {
        Some(_) => by_owner::reinstall_or_remove(survey, file, &ownership, false),
        None => Fix::advice(advice),
    }
}
