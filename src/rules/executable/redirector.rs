//! The redirector of a Windows environment, where it is intact but finds no Python to start.

use crate::environment::{Creator, Survey};
use crate::host::Answer;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::Status;
use crate::text::sentence;

pub(in crate::rules) static REDIRECTOR_FINDS_NOTHING: Rule = Rule {
    code: Code("VD119"),
    name: "redirector-finds-nothing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The redirector, python.exe of a Windows environment, finds no Python to start.",
    why: "\
On Windows, python.exe of an environment is a redirector: a small program that reads home from pyvenv.cfg and starts \
the python.exe in that directory. If the base was uninstalled, or the environment comes from another machine, the \
redirector prints `No Python at …` and exits with code 103; other codes mean that pyvenv.cfg is missing or has no \
home.",
    example: r"
> .venv\Scripts\python.exe
No Python at 'C:\Users\ada\AppData\Local\Programs\Python\Python312\python.exe'",
    fix: "Run venv --upgrade with an installed Python of the same minor version, which rewrites home in pyvenv.cfg.",
    sources: &["CPython PC/venvlauncher.c", "CPython PC/launcher.c: process", "astral-sh/uv#12538"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&REDIRECTOR_FINDS_NOTHING], judges: &[Judge { when: When::Startup(110), find }] };

/// Finds a redirector that fails.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let outcome = &resolution.outcome;
    if resolution.identification.problem.is_some() || outcome.status != Status::FailsToExecute {
        return;
    }
    let Some(reason) = &outcome.reason else { return };
    let Some(step) = resolution.steps.iter().find(|step| Some(step.number) == outcome.step) else { return };
    let checks = step.lookups.iter().map(|check| {
        let found = !matches!(check.answer, Answer::Bool(false) | Answer::Error(_));
        Evidence::about(check.path.clone(), if found { "exists" } else { "cannot be used" })
    });
    let home = survey
        .cfg_line("home")
        .zip(survey.cfg())
        .map(|(entry, cfg)| Evidence::line(cfg, entry.number, entry.text.clone()).marking(&entry.value));
    findings.push(
        Finding::new(
            &REDIRECTOR_FINDS_NOTHING,
            sentence!(resolution.invocation.executable, " cannot start Python: ", reason),
        )
        .all_evidence(home)
        .all_evidence(checks)
        .effect("the redirector fails before it starts Python, and so does every .exe in Scripts")
        .fix(fix(survey))
        .step(outcome.step),
    );
}

/// The `py` launcher finds an installed Python, whose `venv` rewrites home and the redirector.
fn fix(survey: &Survey<'_>) -> Fix {
    let version = survey.wanted().map(|wanted| wanted.short());
    match (survey.creator(), version) {
        (Creator::Venv, Some(version)) if survey.is_environment() => {
            let advice =
                sentence!("let an installed Python ", version, " rewrite home in pyvenv.cfg; installed packages stay");
            let line = fixes::line(survey, "py").word(format!("-{version}"));
            Fix::advice(advice).command(line.words(["-m", "venv", "--upgrade"]).word(survey.root()))
        }
        _ => {
            let fix = fixes::recreate(survey);
            let advice = "set home in pyvenv.cfg to the directory of a python.exe of the same version, or ";
            Fix { advice: sentence!(advice, fix.advice), ..fix }
        }
    }
}
