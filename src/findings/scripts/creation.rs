//! Environments whose creation broke off.

use bstr::{BString, ByteSlice};

use super::{activation, cures};
use crate::environment::{Creator, Survey};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::sentence;

/// Judges an environment of venv that has a Python, and neither an activation script nor pip: venv writes the scripts
/// last, and dies before that where it cannot install pip.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Creator::Venv, Some(cfg)) = (survey.creator(), survey.cfg()) else { return };
    let Some(version) = version_line(survey) else { return };
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
    let (line, text) = version;
    let again = recipes::line(survey, recipes::python(survey)).words(["-m", "venv"]).words(activation::kept(survey));
    let advice = "\
have venv finish what it began; where ensurepip is a package of its own (python3-venv on Debian), install that first";
    findings.push(
        Finding::new(Code::ActivateMissing, message)
            .proof(Proof::line(cfg.to_owned(), line, text))
            .proof(Proof::about(
                survey.bin(),
                sentence!("holds ", bstr::join(", ", names.iter().take(8)), " and no more"),
            ))
            .effect("tools that see its pyvenv.cfg use it, and find neither pip nor anything to activate")
            .cure(Cure::advice(advice).command(again.word(cures::root(survey)))),
    );
}

/// The line that only venv writes so: others that leave out the activation scripts write less into `pyvenv.cfg`.
fn version_line(survey: &Survey<'_>) -> Option<(usize, BString)> {
    let entries = &survey.resolution.pyvenv_cfg.as_ref()?.entries;
    let entry = entries.iter().find(|entry| entry.key.as_bstr() == "version")?;
    Some((entry.line, entry.text.clone()))
}
