//! `._pth` files next to the interpreter.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{InterpreterName, Survey};
use crate::host::path::Flavor;
use crate::host::{Answer, Op};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behavior;
use crate::startup::{self, StepId};
use crate::text::sentence;

pub(in crate::rules) static UNDERPTH_OVERRIDE: Rule = Rule {
    code: Code("VD127"),
    name: "underpth-override",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A ._pth file named after the interpreter replaces the whole of sys.path.",
    why: "\
Python looks for NAME._pth next to its library and its executable before anything else: on Windows always, elsewhere \
from 3.11 on. The lines of the file become sys.path, Python is isolated, and the site module does not run unless the \
file says so: packages and pip are missing without any message. Neither -I nor -E disables the file, so whoever may \
write such a file decides what runs. The embeddable distribution for Windows contains one on purpose.",
    example: "\
$ cat .venv/bin/python._pth
/opt/app/lib",
    fix: "Rename the file.",
    sources: &["CPython Modules/getpath.py: DETECT _pth FILE", "python/cpython#102169"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&UNDERPTH_OVERRIDE],
    judges: &[Judge { when: When::Startup(120), find }, Judge { when: When::Environment(110), find: find_unused }],
};

/// How many lines of the file are shown at most.
const MOST_LINES: usize = 4;

/// Finds the `._pth` file that startup used. Outside of an environment it is there on purpose.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let steps = &survey.resolution.steps;
    let Some(decided) = steps.iter().find(|step| step.id == StepId::UnderPthPath) else { return };
    let Some(file) = used_file(survey) else { return };
    let path = survey.absolute(file.as_bstr());
    let severity = if survey.is_environment() { Severity::Error } else { Severity::Info };
    let message = if survey.is_environment() {
        sentence!(path, " replaces the whole of sys.path, so the environment's packages are not found")
    } else {
        sentence!(path, " alone sets sys.path, as in the embeddable distribution")
    };
    let finding = Finding::new(&UNDERPTH_OVERRIDE, message)
        .severity(severity)
        .all_evidence(lines(survey, file.as_bstr()))
        .effect(
            "Python is isolated: PYTHONPATH is ignored, site does not run unless the file says so, and neither \
                 -E nor -I disables the file",
        )
        .step(decided.number);
    findings.push(if survey.is_environment() { finding.fix(fix(survey, path.as_bstr())) } else { finding });
}

/// Finds `._pth` files that take effect when the interpreter is started under another of its names.
pub fn find_unused(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let is_windows = survey.flavor() == Flavor::Windows;
    let is_read = is_windows || survey.has(Behavior::GetpathInPython);
    if !is_read || !survey.is_environment() {
        return;
    }
    let used = used_file(survey).map(|file| survey.absolute(file.as_bstr()));
    let bin = survey.bin();
    for name in survey.list(bin) {
        let Some(stem) = name.strip_suffix(b"._pth") else { continue };
        let program = if is_windows { sentence!(stem, ".exe") } else { stem.into() };
        let is_name = is_windows || InterpreterName::parse(stem.as_bstr()).is_some();
        let path = survey.join(bin, &name);
        if !is_name || used.as_ref() == Some(&path) || !survey.is_file(survey.join(bin, &program).as_bstr()) {
            continue;
        }
        if !survey.metadata(path.as_bstr()).is_ok_and(|metadata| metadata.len > 0) {
            continue;
        }
        let message =
            sentence!(path, " replaces the whole of sys.path when Python is started as ", survey.join(bin, &program));
        findings.push(
            Finding::new(&UNDERPTH_OVERRIDE, message)
                .severity(Severity::Warning)
                .all_evidence(lines(survey, path.as_bstr()))
                .effect("scripts that name this interpreter do not find the environment's packages")
                .fix(fix(survey, path.as_bstr())),
        );
    }
}

/// The file that the search found: the last one that it could read, or on Windows up to 3.10, that exists.
fn used_file(survey: &Survey<'_>) -> Option<BString> {
    let mut steps = survey.resolution.steps.iter();
    let search = steps.find(|step| step.id == StepId::UnderPth)?;
    let is_found = |answer: &Answer| matches!(answer, Answer::Bytes(_) | Answer::Bool(true));
    let mut checks = search.lookups.iter().filter(|check| matches!(check.op, Op::Read | Op::Exists));
    checks.rfind(|check| is_found(&check.answer)).map(|check| check.path.clone())
}

/// The lines of the file.
fn lines(survey: &Survey<'_>, file: &BStr) -> Vec<Evidence> {
    let Ok(content) = survey.ask.read(file, startup::MOST_BYTES) else { return Vec::new() };
    let lines = content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.take(MOST_LINES).map(|(index, line)| Evidence::line(file, index + 1, line)).collect()
}

/// Under another name the file has no effect, and nothing is lost.
fn fix(survey: &Survey<'_>, path: &BStr) -> Fix {
    let advice = "rename the file so that it has no effect, and find out what created it";
    Fix::advice(advice).command(fixes::rename(survey, path, fixes::unused(survey, path, ".off"))).safe()
}
