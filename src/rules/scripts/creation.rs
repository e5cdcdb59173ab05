//! Environments whose creation broke off.

use super::own_fixes;
use crate::environment::{Creator, Survey};
use crate::rules::{Code, Evidence, Finding, Fix, fixes};
use crate::text::sentence;

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
        Finding::new(Code::ActivateMissing, message)
            .evidence(Evidence::line(cfg.to_owned(), version.number, version.text.clone()))
            .evidence(Evidence::about(
                survey.bin(),
                sentence!("holds ", bstr::join(", ", names.iter().take(8)), " and no more"),
            ))
            .effect("tools that see its pyvenv.cfg use it, and find neither pip nor anything to activate")
            .fix(Fix::advice(advice).command(again.word(own_fixes::root(survey)))),
    );
}
