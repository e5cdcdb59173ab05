//! Environments whose creation broke off.

use super::support::own_fixes;
use crate::environment::{Creator, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static ACTIVATE_MISSING: Rule = Rule {
    code: Code("VD517"),
    name: "activate-missing",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "The creation of the environment looks as if it had broken off before pip was installed.",
    why: "\
venv makes the directories, pyvenv.cfg and the links to the Python, then has ensurepip install pip, and writes the \
activation scripts last. Where ensurepip fails, because the system has it in a package of its own or the disk is full, \
everything before that stays. Tools take it for an environment, and then find no pip. Environments that were made \
without pip, and those of uv and virtualenv, do have activation scripts; who removes them on purpose may ignore this.",
    example: "\
$ python3 -m venv .venv
The virtual environment was not created successfully because ensurepip is not available.
$ ls .venv/bin
python  python3  python3.12",
    fix: "Install what provides ensurepip, and run venv on the same directory once more.",
    sources: &["pypa/packaging.python.org#399", "CPython Lib/venv/__init__.py: EnvBuilder.create"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&ACTIVATE_MISSING], judges: &[] };

/// Judges an environment of venv that has a Python, and neither an activation script nor pip: venv writes the scripts
/// last, and dies before that where it cannot install pip.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Creator::Venv, Some(cfg)) = (survey.creator(), survey.cfg()) else { return };
    // Only venv writes this key: others that leave out the activation scripts write less into the file.
    let Some(version) = survey.cfg_line("version") else { return };
    let names = survey.list(survey.bin());
    let is_there = |name: &str| names.iter().any(|it| it.to_ascii_lowercase().starts_with(name.as_bytes()));
    if !is_there("python") || is_there("activate") || is_there("pip") || !survey.distributions().is_empty() {
        return;
    }
    let message = sentence!(
        "the creation of ",
        survey.root(),
        " looks as if it had broken off: it holds a Python, but neither pip nor an activation script"
    );
    let again = fixes::line(survey, fixes::python(survey)).words(["-m", "venv"]).words(fixes::kept(survey));
    let advice = "\
have venv finish what it began; where ensurepip is a package of its own (python3-venv on Debian), install that first";
    findings.push(
        Finding::new(&ACTIVATE_MISSING, message)
            .evidence(Evidence::line(cfg.to_owned(), version.number, version.text.clone()))
            .evidence(Evidence::about(
                survey.bin(),
                sentence!("holds ", bstr::join(", ", names.iter().take(8)), " and no more"),
            ))
            .effect("tools that see its pyvenv.cfg use it, and find neither pip nor anything to activate")
            .fix(Fix::advice(advice).command(again.word(own_fixes::root(survey)))),
    );
}
