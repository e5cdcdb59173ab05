//! Activation scripts that activate a directory other than that of their environment.

use bstr::{BStr, BString, ByteSlice};

use super::MOVED;
use super::support::{naming, retarget};
use crate::environment::{Activation, Creator, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Lines, Part, Rule, Severity, Substitution, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static ACTIVATE_STALE: Rule = Rule {
    code: Code("VD503"),
    name: "activate-stale",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Activation scripts put a directory other than that of their own environment on PATH.",
    why: "\
activate and its variants for csh, fish, nushell and cmd contain the absolute path of the environment; those for \
PowerShell and Python compute it. In a moved environment, activation still changes the prompt, but python and pip are \
whatever comes next on PATH; in a copied environment, they are those of the original. No shell reports this; only \
some versions of virtualenv check whether the directory exists.",
    example: "\
$ mv env plots && . plots/bin/activate
(env) $ command -v python
/usr/bin/python",
    fix: "\
Write the environment's current directory into the scripts, or have the tool that created it regenerate them.",
    sources: &["pypa/virtualenv#2308", "CPython Lib/venv/scripts/common/activate"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&ACTIVATE_STALE], judges: &[] };

/// Compares the directories that the activation scripts contain with the environment's: one finding for each other
/// directory.
pub fn find(survey: &Survey<'_>, activations: &[Activation], findings: &mut Vec<Finding>) {
    let is_stale = |it: &&Activation| it.dir != *survey.root() && !survey.same_file(it.dir.as_bstr(), survey.root());
    let stale: Vec<&Activation> = activations.iter().filter(is_stale).collect();
    let mut seen: Vec<&BString> = Vec::new();
    for first in &stale {
        let is_gone = survey.is_missing(first.dir.as_bstr());
        // A directory that cannot be examined may be the environment's own under another name.
        if seen.contains(&&first.dir) || !(is_gone || survey.exists(first.dir.as_bstr())) {
            continue;
        }
        seen.push(&first.dir);
        let same: Vec<&Activation> = stale.iter().filter(|it| it.dir == first.dir).copied().collect();
        let finding = judge(survey, &same, first.dir.as_bstr(), is_gone).subject(first.dir.clone());
        findings.push(finding.follows_from_what_happened_to(&first.dir, &MOVED[..3]));
    }
}

fn judge(survey: &Survey<'_>, scripts: &[&Activation], dir: &BStr, is_gone: bool) -> Finding {
    let (subject, several) = naming::list(scripts.iter().map(|it| BStr::new(it.name)), survey.bin());
    let tail = match (is_gone, several) {
        (true, _) => ", but that directory does not exist",
        (false, true) => ", which is not the environment that contains them",
        (false, false) => ", which is not the environment that contains it",
    };
    let effect = if is_gone {
        "after activation the prompt names the environment, but python and pip are whatever comes next on PATH"
    } else {
        "commands run after activation use that directory, although the prompt may name this environment"
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

/// Replaces the old directory in the scripts if the new one needs no quotes; otherwise has the creator regenerate them.
fn fix(survey: &Survey<'_>, scripts: &[&Activation], dir: &BStr) -> Fix {
    let root = retarget::root(survey);
    let is_literal = |it: &&Activation| it.text.contains_str(dir);
    let edits = ["VIRTUAL_ENV", "virtual_env"].map(|name| Substitution {
        lines: Lines::With(name),
        part: Part::Text(dir.to_owned()),
        by: root.clone(),
    });
    let is_editable = retarget::is_plain(root.as_bstr()) && scripts.iter().all(is_literal);
    let files = scripts.iter().map(|it| &it.file);
    if let Some(line) = fixes::substitute(survey, edits, files).filter(|_| is_editable) {
        return Fix::advice("write the environment's current directory into the scripts").command(line).safe();
    }
    let advice = "regenerate the activation scripts; installed packages are not touched";
    match survey.creator() {
        Creator::Uv => {
            let line = fixes::line(survey, "uv").words(["venv", "--allow-existing"]);
            Fix::advice(advice).command(line.words(fixes::kept(survey)).word(root))
        }
        Creator::Venv | Creator::Unknown => Fix::advice(advice).command(
            fixes::by_python(survey).words(["-m", "venv", "--without-pip"]).words(fixes::kept(survey)).word(root),
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
