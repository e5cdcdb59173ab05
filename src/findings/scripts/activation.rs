//! Activation scripts that activate another folder.

use bstr::{BStr, BString, ByteSlice};

use super::{cures, naming};
use crate::environment::{Activation, Creator, Survey};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::sentence;

/// Judges the folders that the activation scripts hold: one finding for each that is not the environment's.
pub fn find(survey: &Survey<'_>, activations: &[Activation], findings: &mut Vec<Finding>) {
    let is_stale =
        |it: &&Activation| it.folder != *survey.root() && !survey.same_file(it.folder.as_bstr(), survey.root());
    let stale: Vec<&Activation> = activations.iter().filter(is_stale).collect();
    let mut seen: Vec<&BString> = Vec::new();
    for first in &stale {
        let is_gone = survey.is_missing(first.folder.as_bstr());
        // What may not be looked at could be a second name of this very folder.
        if seen.contains(&&first.folder) || !(is_gone || survey.exists(first.folder.as_bstr())) {
            continue;
        }
        seen.push(&first.folder);
        let same: Vec<&Activation> = stale.iter().filter(|it| it.folder == first.folder).copied().collect();
        findings.push(judge(survey, &same, first.folder.as_bstr(), is_gone));
    }
}

fn judge(survey: &Survey<'_>, scripts: &[&Activation], folder: &BStr, is_gone: bool) -> Finding {
    let (subject, several) = naming::list(scripts.iter().map(|it| BStr::new(it.name)), survey.bin());
    let tail = if is_gone { ", which does not exist" } else { ", and not the environment that they stand in" };
    let tail = if is_gone || several { tail } else { ", and not the environment that it stands in" };
    let effect = if is_gone {
        "the prompt names the environment, but python and pip are whatever else PATH leads to"
    } else {
        "what is typed after the activation works on that folder, while the prompt may name this environment"
    };
    let proofs =
        scripts.iter().take(3).map(|it| Proof::line(it.file.clone(), it.line, it.text.clone()).span(it.span.clone()));
    Finding::new(
        Code::ActivateStale,
        sentence!(subject, naming::verb(several, " puts ", " put "), folder, " on PATH", tail),
    )
    .proofs(proofs)
    .effect(effect)
    .cure(cure(survey, scripts, folder))
}

/// A folder that needs no quotes is put in the place of the old one; else whoever made the environment writes the
/// scripts anew.
fn cure(survey: &Survey<'_>, scripts: &[&Activation], folder: &BStr) -> Cure {
    let root = cures::root(survey);
    let is_literal = |it: &&Activation| it.text.contains_str(folder);
    if let (true, Some(sed)) = (cures::is_plain(root.as_bstr()) && scripts.iter().all(is_literal), recipes::sed(survey))
    {
        let edit = sentence!("s|", recipes::pattern(folder), "|", recipes::replacement(&root), "|");
        let edits = ["VIRTUAL_ENV", "virtual_env"].map(|name| sentence!("/", name, "/", edit));
        let [upper, lower] = edits;
        let line = sed.word("-e").word(upper).word("-e").word(lower).words(scripts.iter().map(|it| &it.file));
        return Cure::advice("write the folder where the environment stands into the scripts").command(line).safe();
    }
    let advice = "have the activation scripts written anew; nothing that is installed is touched";
    match survey.creator() {
        Creator::Uv => {
            let line = recipes::line(survey, "uv").words(["venv", "--allow-existing"]);
            Cure::advice(advice).command(line.words(recipes::kept(survey)).word(root))
        }
        Creator::Venv | Creator::Unknown => Cure::advice(advice).command(
            recipes::line(survey, recipes::python(survey))
                .words(["-m", "venv", "--without-pip"])
                .words(recipes::kept(survey))
                .word(root),
        ),
        Creator::Virtualenv => Cure::advice(advice).command(
            recipes::line(survey, "virtualenv")
                .words(["--no-seed", "-p"])
                .word(recipes::python(survey))
                .words(recipes::kept(survey))
                .word(root),
        ),
        _ => Cure::advice(advice),
    }
}
