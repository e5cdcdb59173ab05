//! VD231: the path by which Python was started contains `..`.

use super::support::base;
use crate::environment::Survey;
use crate::host::path::module;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic};
use crate::startup::StepId;
use crate::text::sentence;

pub(in crate::rules) static START_PATH_NOT_NORMAL: Rule = Rule {
    code: Code("VD231"),
    name: "start-path-not-normal",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "Python was started through a path that contains .., and 3.14 and later warn about its prefix.",
    why: "\
The path configuration makes the path absolute but leaves the .. in it; the site module normalizes it, compares the \
two, and warns about an unexpected value in sys.prefix. The environment is not damaged.",
    example: "\
$ ../env/bin/python -c pass
RuntimeWarning: Unexpected value in sys.prefix, expected /home/ada/env, got /home/ada/src/../env",
    fix: "Start it by its absolute path.",
    sources: &["python/cpython#156495", "python/cpython#156496", "CPython Lib/site.py: venv"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&START_PATH_NOT_NORMAL], judges: &[] };

/// Judges the path as it was typed, where Python warns about it.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let typed = &resolution.invocation.executable;
    let warning =
        resolution.messages.iter().find(|message| message.starts_with(b"RuntimeWarning: Unexpected value in sys."));
    let has_parent = typed.split(|byte| matches!(byte, b'/' | b'\\')).any(|name| name == b"..");
    // A `pyvenv.cfg` next to the interpreter causes the same warning.
    let is_cfg_in_bin = survey.cfg().is_some_and(|cfg| survey.parent(cfg) == survey.bin());
    let (Some(warning), true, false) = (warning, has_parent, is_cfg_in_bin) else { return };
    let real = module::normpath(survey.flavor(), survey.executable());
    findings.push(
        Finding::new(&START_PATH_NOT_NORMAL, sentence!("Python is started through a path that contains ..: ", typed))
            .evidence(Evidence::about(survey.executable(), warning.clone()))
            .effect("sys.prefix keeps the .., and the site module warns at every start; the environment is not damaged")
            .fix(Fix::advice(sentence!("start it as ", real)))
            .step(base::step(survey, StepId::SiteVenvPrefix)),
    );
}
