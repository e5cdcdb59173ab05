//! VD329: the working directory does not exist any more.

use bstr::{BStr, ByteSlice};

use super::support::settings;
use crate::environment::Survey;
use crate::invocation::Launch;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::{Status, StepId};
use crate::text::sentence;

pub(in crate::rules) static WORKING_DIRECTORY_REMOVED: Rule = Rule {
    code: Code("VD329"),
    name: "working-directory-removed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The working directory was removed, and a Python that is started by a relative path fails to start.",
    why: "\
A shell stays in a directory that another process removes, for example when a build directory is made again or a branch is \
switched. Python cannot make any path absolute then. Started by a relative path, it fails: since 3.11 in the path \
configuration, before in the site module. Started by an absolute path, it starts, but relative entries of PYTHONPATH \
lead nowhere, and programs that ask for the working directory, such as pip, fail with FileNotFoundError.",
    example: "\
$ cd build; rm -rf ../build; ../.venv/bin/python3.12
OSError: failed to make path absolute
Fatal Python error: error evaluating path",
    fix: "Change to a directory that exists: cd.",
    sources: &["pypa/pip#4255", "python/cpython#12450", "CPython Modules/getpath.py: abspath"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&WORKING_DIRECTORY_REMOVED], judges: &[Judge { when: When::Startup(190), find }] };

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    if resolution.invocation.cwd.is_some() {
        return;
    }
    let typed = &resolution.invocation.executable;
    let is_relative = typed.contains(&b'/') && !survey.is_absolute(typed.as_bstr());
    let fails = is_relative && matches!(resolution.outcome.status, Status::FailsToExecute | Status::FailsToInitialize);
    let removed = survey.ask.removed_dir();
    let place = removed.map_or_else(|| "the working directory".into(), |dir| sentence!("the working directory ", dir));
    let (message, severity) = if fails {
        let because = sentence!(", so that Python, which is started by the relative path ", typed, ", fails to start");
        (sentence!(place, " does not exist any more", because), Severity::Error)
    } else {
        (sentence!(place, " does not exist any more"), Severity::Warning)
    };
    let evidence = match removed {
        Some(dir) => Evidence::about(dir, "was removed while it was the working directory"),
        None => Evidence::about(typed.clone(), "is started in a directory that was removed"),
    };
    let finding = Finding::new(&WORKING_DIRECTORY_REMOVED, message)
        .severity(severity)
        .evidence(evidence)
        .effect(effect(survey, fails))
        .fix(leave(survey, removed));
    let step = if fails { resolution.outcome.step } else { settings::step(survey, StepId::Launch) };
    findings.push(finding.step(step));
}

fn effect(survey: &Survey<'_>, fails: bool) -> &'static str {
    if fails {
        return "no relative path can be made absolute; nothing is wrong with the interpreter or the environment";
    }
    match survey.resolution.invocation.launch {
        Launch::Module(_) => "nothing in the working directory can be imported, and programs that ask for it fail",
        _ => "relative paths lead nowhere, and programs that ask for the working directory fail with FileNotFoundError",
    }
}

/// Another directory: the same one where it was made again, else the nearest above it that exists.
fn leave(survey: &Survey<'_>, removed: Option<&BStr>) -> Fix {
    let mut dir = removed.map(ToOwned::to_owned);
    while let Some(path) = dir.take_if(|path| !survey.is_dir(path.as_bstr())) {
        let above = survey.parent(path.as_bstr());
        dir = (above != path).then_some(above);
    }
    let Some(dir) = dir else { return Fix::advice("change to a directory that exists") };
    let command = fixes::line(survey, "cd").word(&dir);
    Fix::advice(sentence!("change to a directory that exists, for example ", dir)).command(command).safe()
}
