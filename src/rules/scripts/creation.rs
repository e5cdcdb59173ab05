//! Environments whose creation was interrupted.

use super::support::retarget;
use crate::environment::{Creator, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static ACTIVATE_MISSING: Rule = Rule {
    code: Code("VD517"),
    name: "activate-missing",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "The creation of the environment seems to have stopped before pip was installed.",
    why: "\
venv creates the directories, pyvenv.cfg and the symlinks to Python, then runs ensurepip to install pip, and writes \
the activation scripts last. If ensurepip fails, because the system has it in a separate package or the disk is full, \
everything created before that stays. Tools treat the directory as an environment, and then find no pip. Environments \
created without pip, and those of uv and virtualenv, do have activation scripts; if they were removed on purpose, \
ignore this warning.",
    example: "\
$ python3 -m venv .venv
The virtual environment was not created successfully because ensurepip is not available.
$ ls .venv/bin
python  python3  python3.12",
    fix: "Install the package that provides ensurepip, then rerun venv on the same directory.",
    sources: &["pypa/packaging.python.org#399", "CPython Lib/venv/__init__.py: EnvBuilder.create"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&ACTIVATE_MISSING], judges: &[] };

/// Looks for an environment of venv that has a Python, but neither an activation script nor pip: venv writes the
/// scripts last, and stops before that if it cannot install pip.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Creator::Venv, Some(cfg)) = (survey.creator(), survey.cfg()) else { return };
    // Only venv writes this key: tools that omit the activation scripts write fewer keys.
    let Some(version) = survey.cfg_line("version") else { return };
    let names = survey.list(survey.bin());
    let is_there = |name: &str| names.iter().any(|it| it.to_ascii_lowercase().starts_with(name.as_bytes()));
    if !is_there("python") || is_there("activate") || is_there("pip") || !survey.distributions().is_empty() {
        return;
    }
    let message = sentence!(
        "the creation of ",
        survey.root(),
        " seems to have stopped early: it contains a Python, but neither pip nor an activation script"
    );
    let rerun = fixes::by_python(survey).words(["-m", "venv"]).words(fixes::kept(survey));
    let advice = "\
rerun venv to complete the environment; where ensurepip is a separate package (python3-venv on Debian), install that \
first";
    findings.push(
        Finding::new(&ACTIVATE_MISSING, message)
            .evidence(Evidence::line(cfg.to_owned(), version.number, version.text.clone()))
            .evidence(Evidence::about(
                survey.bin(),
                sentence!("contains only ", bstr::join(", ", names.iter().take(8))),
            ))
            .effect("tools that see its pyvenv.cfg use the environment, but find neither pip nor an activation script")
            .fix(Fix::advice(advice).command(rerun.word(retarget::root(survey)))),
    );
}
