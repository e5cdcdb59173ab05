//! Variables that launchers set to tell the interpreter under which name it was started.

use bstr::ByteSlice;

use super::support::settings;
use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::StepId;
use crate::text::sentence;

pub(in crate::rules) static LAUNCHER_VARIABLE_LEAKS: Rule = Rule {
    code: Code("VD311"),
    name: "launcher-variable-leaks",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "__PYVENV_LAUNCHER__ or PYTHONEXECUTABLE makes the interpreter take itself for another executable.",
    why: "\
Launchers and redirectors set these variables to tell the real interpreter under which name they were started, and \
child processes inherit them. On macOS in every version, and elsewhere since 3.11, the value becomes sys.executable, \
and Python looks for pyvenv.cfg next to it; not even -I or -E prevents that. The interpreter of one environment then \
uses the packages of another, and pip writes the path of the other one into the shebang of scripts.",
    example: "\
$ __PYVENV_LAUNCHER__=/home/ada/other/.venv/bin/python .venv/bin/python -c 'import sys; print(sys.prefix)'
/home/ada/other/.venv",
    fix: "Unset the variable where the child process is started.",
    sources: &["python/cpython#79992", "pypa/virtualenv#1704", "CPython Modules/getpath.py: executable"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&LAUNCHER_VARIABLE_LEAKS], judges: &[Judge { when: When::Startup(210), find }] };

/// The variables, in the order in which the path configuration reads them.
const VARIABLES: [&str; 2] = ["PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"];

/// Judges a variable that makes Python take itself for another executable. On Windows, the redirector of an environment
/// sets one for its own child process, for which the value is right.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let Some(step) = settings::step(survey, StepId::Launcher) else { return };
    let given = VARIABLES.into_iter().find_map(|name| Some((name, settings::set(survey, name)?)));
    let (Some((name, value)), false) = (given, survey.platform() == Platform::Windows) else { return };
    let Some(sys) = resolution.sys.as_ref().filter(|sys| sys.executable == value) else { return };
    let dir = survey.parent(survey.absolute(value).as_bstr());
    if dir == survey.bin() || survey.same_file(dir.as_bstr(), survey.bin()) {
        return;
    }
    let message = sentence!(name, " makes ", survey.executable(), " take itself for ", value);
    let effect = sentence!(
        "sys.executable is ",
        sys.executable,
        " and sys.prefix is ",
        sys.prefix,
        ", so Python imports packages from there, and pip installs them there"
    );
    let severity = if resolution.outcome.status.fails() { Severity::Error } else { Severity::Warning };
    findings.push(
        Finding::new(&LAUNCHER_VARIABLE_LEAKS, message)
            .severity(severity)
            .evidence(settings::evidence(name, value))
            .effect(effect)
            .fix(fixes::unset(survey, name))
            .step(step),
    );
}
