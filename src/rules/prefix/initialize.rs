//! VD201: Python fails to start before it runs any code, and no other rule says why.

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::{ImportFault, ImportProblem, Reader, Status};
use crate::text::sentence;

pub(in crate::rules) static FAILS_TO_INITIALIZE: Rule = Rule {
    code: Code("VD201"),
    name: "fails-to-initialize",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Python fails to start before it runs any code, for a reason that no other rule covers.",
    why: "\
The path configuration or the site module ends in a fatal error. Python prints what it has computed so far, if anything, \
but does not say which file or variable is the cause.",
    example: "\
$ .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
    fix: "Repair what the failing step of the explanation names, or recreate the environment.",
    sources: &["CPython Python/pylifecycle.c: init_interp_main"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&FAILS_TO_INITIALIZE], judges: &[Judge { when: When::Startup(900), find }] };

/// Judges how startup ended, after all other judges of startup.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    if resolution.outcome.status != Status::FailsToInitialize || findings.iter().any(|other| explains(survey, other)) {
        return;
    }
    let reason = resolution.outcome.reason.clone().unwrap_or_default();
    let fatal = resolution.steps.iter().find(|step| Some(step.number) == resolution.outcome.step);
    let evidence = Evidence::about(
        survey.executable(),
        fatal.map_or_else(|| "fails to start".into(), |step| sentence!("fails in the step ", step.id.name())),
    );
    findings.push(
        Finding::new(&FAILS_TO_INITIALIZE, sentence!("Python fails to start before it runs any code: ", reason))
            .evidence(evidence)
            .all_evidence(import_files(survey))
            .all_evidence(home_lines(survey))
            .fix(Fix::advice(if survey.is_environment() {
                "repair what the message names, or recreate the environment"
            } else {
                "repair what the message names, or reinstall this Python"
            }))
            .step(resolution.outcome.step),
    );
}

/// Whether a finding says why Python fails to start: it is an error of the same step, or an error in a file or
/// variable that startup reads.
fn explains(survey: &Survey<'_>, finding: &Finding) -> bool {
    let is_read_at_startup = ("VD200".."VD500").contains(&finding.code().text());
    finding.severity == Severity::Error && (is_read_at_startup || finding.step == survey.resolution.outcome.step)
}

/// The files of modules with which startup fails.
fn import_files(survey: &Survey<'_>) -> Vec<Evidence> {
    let fatal = survey.resolution.imports.iter().filter(|problem| problem.fault.is_fatal());
    let text = |problem: &ImportProblem| match problem.fault {
        ImportFault::Missing => format!("is missing; startup imports {}", problem.module),
        ImportFault::BadMagic => format!("is not compiled code of this release; startup imports {}", problem.module),
        ImportFault::CutBytecode => format!("is cut off; startup imports {}", problem.module),
        ImportFault::DamagedSource => format!("is damaged; startup imports {}", problem.module),
        ImportFault::OfAnotherMicro => format!("is that of a later micro version; startup imports {}", problem.module),
        _ => format!("is imported by startup as {}", problem.module),
    };
    fatal.map(|problem| Evidence::about(problem.file.clone(), text(problem))).collect()
}

/// The lines of `pyvenv.cfg` that the path configuration used.
fn home_lines(survey: &Survey<'_>) -> Vec<Evidence> {
    let Some(cfg) = &survey.resolution.pyvenv_cfg else { return Vec::new() };
    let used = cfg.entries.iter().filter(|entry| entry.used_by.contains(&Reader::Getpath));
    used.map(|entry| Evidence::line(cfg.path.clone(), entry.line, entry.text.clone())).collect()
}
