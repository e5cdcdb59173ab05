//! Activation scripts that activate another directory.

use bstr::{BStr, BString, ByteSlice};

use super::support::{naming, own_fixes};
use crate::environment::{Activation, Creator, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static ACTIVATE_STALE: Rule = Rule {
    code: Code("VD503"),
    name: "activate-stale",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Activation scripts put the directory on PATH in which the environment once stood.",
    why: "\
activate and its siblings for csh, fish, nushell and cmd hold the environment's directory as text; those of PowerShell \
and Python compute it. In a moved environment the prompt shows the name as always, but python and pip are whatever \
comes next on PATH; in a copied one they are those of the original. No shell says anything; only some versions of \
virtualenv look whether the directory exists.",
    example: "\
$ mv env plots && . plots/bin/activate
(env) $ command -v python
/usr/bin/python",
    fix: "Write the directory where the environment stands into the scripts, or have its creator write them anew.",
    sources: &["pypa/virtualenv#2308", "CPython Lib/venv/scripts/common/activate"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&ACTIVATE_STALE], judges: &[] };

/// Judges the directories that the activation scripts hold: one finding for each that is not the environment's.
pub fn find(survey: &Survey<'_>, activations: &[Activation], findings: &mut Vec<Finding>) {
    let is_stale = |it: &&Activation| it.dir != *survey.root() && !survey.same_file(it.dir.as_bstr(), survey.root());
    let stale: Vec<&Activation> = activations.iter().filter(is_stale).collect();
    let mut seen: Vec<&BString> = Vec::new();
    for first in &stale {
        let is_gone = survey.is_missing(first.dir.as_bstr());
        // What may not be looked at could be a second name of this very directory.
        if seen.contains(&&first.dir) || !(is_gone || survey.exists(first.dir.as_bstr())) {
            continue;
        }
        seen.push(&first.dir);
        let same: Vec<&Activation> = stale.iter().filter(|it| it.dir == first.dir).copied().collect();
        findings.push(judge(survey, &same, first.dir.as_bstr(), is_gone));
    }
}

fn judge(survey: &Survey<'_>, scripts: &[&Activation], dir: &BStr, is_gone: bool) -> Finding {
    let (subject, several) = naming::list(scripts.iter().map(|it| BStr::new(it.name)), survey.bin());
    let tail = if is_gone { ", which does not exist" } else { ", and not the environment that they stand in" };
    let tail = if is_gone || several { tail } else { ", and not the environment that it stands in" };
    let effect = if is_gone {
        "the prompt names the environment, but python and pip are whatever else PATH leads to"
    } else {
        "what is typed after the activation works on that directory, while the prompt may name this environment"
    };
    let all_evidence = scripts
        .iter()
        .take(3)
        .map(|it| Evidence::line(it.file.clone(), it.line, it.text.clone()).span(it.span.clone()));
    Finding::new(&ACTIVATE_STALE, sentence!(subject, naming::verb(several, " puts ", " put "), dir, " on PATH", tail))
        .all_evidence(all_evidence)
        .effect(effect)
        .fix(fix(survey, scripts, dir))
}

/// A directory that needs no quotes is put in the place of the old one; else whoever made the environment writes the
/// scripts anew.
fn fix(survey: &Survey<'_>, scripts: &[&Activation], dir: &BStr) -> Fix {
    let root = own_fixes::root(survey);
    let is_literal = |it: &&Activation| it.text.contains_str(dir);
    if let (true, Some(sed)) =
        (own_fixes::is_plain(root.as_bstr()) && scripts.iter().all(is_literal), fixes::sed(survey))
    {
        let edit = sentence!("s|", fixes::pattern(dir), "|", fixes::replacement(&root), "|");
        let edits = ["VIRTUAL_ENV", "virtual_env"].map(|name| sentence!("/", name, "/", edit));
        let [upper, lower] = edits;
        let line = sed.word("-e").word(upper).word("-e").word(lower).words(scripts.iter().map(|it| &it.file));
        return Fix::advice("write the directory where the environment stands into the scripts").command(line).safe();
    }
    let advice = "have the activation scripts written anew; nothing that is installed is touched";
    match survey.creator() {
        Creator::Uv => {
            let line = fixes::line(survey, "uv").words(["venv", "--allow-existing"]);
            Fix::advice(advice).command(line.words(fixes::kept(survey)).word(root))
        }
        Creator::Venv | Creator::Unknown => Fix::advice(advice).command(
            fixes::line(survey, fixes::python(survey))
                .words(["-m", "venv", "--without-pip"])
                .words(fixes::kept(survey))
                .word(root),
        ),
        Creator::Virtualenv => Fix::advice(advice).command(
            fixes::line(survey, "virtualenv")
                .words(["--no-seed", "-p"])
                .word(fixes::python(survey))
                .words(fixes::kept(survey))
                .word(root),
        ),
        _ => Fix::advice(advice),
    }
}
