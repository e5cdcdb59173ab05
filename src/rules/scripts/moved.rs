//! Scripts of an environment that was moved, or copied.

use bstr::{BStr, BString, ByteSlice};

use super::strays::{Fate, Stray};
use super::{naming, own_fixes, owners};
use crate::environment::{Script, Start, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Finding, Fix, fixes};
use crate::startup::Status;
use crate::text::sentence;

/// So many distributions are named to be installed again.
const MOST_OWNERS: usize = 16;

/// Judges the scripts that belong to another place: one finding for each place.
pub fn find(survey: &Survey<'_>, strays: &[Stray<'_>], findings: &mut Vec<Finding>) {
    for fate in [Fate::Gone, Fate::OtherEnvironment] {
        let mut roots: Vec<&BString> = Vec::new();
        for stray in strays.iter().filter(|stray| stray.fate == fate) {
            if roots.contains(&&stray.root) {
                continue;
            }
            roots.push(&stray.root);
            let theirs = strays.iter().filter(|other| other.fate == fate && other.root == stray.root);
            let scripts: Vec<(&Script, &Start)> = theirs.map(|it| (it.script, it.start)).collect();
            findings.push(judge(survey, fate, &scripts, stray));
        }
    }
}

fn judge(survey: &Survey<'_>, fate: Fate, scripts: &[(&Script, &Start)], first: &Stray<'_>) -> Finding {
    let (subject, several) = naming::list(naming::names(scripts.iter().map(|(script, _)| *script)), survey.bin());
    let verb = naming::verb(several, " starts ", " start ");
    let python = &first.start.program;
    let is_windows = survey.flavor() == Flavor::Windows;
    let (code, message) = match fate {
        Fate::OtherEnvironment => {
            (Code::ScriptsRunOriginal, sentence!(subject, verb, python, ", which is that of another environment"))
        }
        _ => (Code::ScriptsMoved, sentence!(subject, verb, python, ", which does not exist")),
    };
    let code = if is_windows { Code::LauncherStale } else { code };
    Finding::new(code, message)
        .all_evidence(naming::all_evidence(scripts.iter().copied()))
        .effect(effect(survey, fate, first, is_windows))
        .fix(if is_windows { reinstall(survey, scripts) } else { rewrite(survey, scripts, python.as_bstr()) })
}

fn effect(survey: &Survey<'_>, fate: Fate, first: &Stray<'_>, is_windows: bool) -> BString {
    let (name, root) = (&first.script.name, &first.root);
    let starts = survey.resolution.outcome.status == Status::Starts;
    let still = if starts { ", while python -m still works" } else { "" };
    match fate {
        Fate::OtherEnvironment => sentence!(
            "this environment was moved or copied from ",
            root,
            ", where there is one now, and what ",
            name,
            " does it does there: pip installs there, and changes nothing in ",
            survey.root()
        ),
        _ if is_windows => sentence!(
            "the environment was made in ",
            root,
            " and moved, and ",
            name,
            " ends in an error of its launcher",
            still
        ),
        _ => sentence!(
            "the environment was made in ",
            root,
            " and moved: a shell that is to run ",
            name,
            " says bad interpreter, or that a required file was not found",
            still
        ),
    }
}

fn rewrite(survey: &Survey<'_>, scripts: &[(&Script, &Start)], python: &BStr) -> Fix {
    let lines = own_fixes::replace_dir(survey, scripts, survey.parent(python).as_bstr());
    if lines.is_empty() {
        return reinstall(survey, scripts);
    }
    let advice = sentence!("have the scripts start the Python in ", survey.bin());
    Fix::advice(advice).commands(lines).safe()
}

/// Where no line can be edited, their distributions write the scripts anew.
fn reinstall(survey: &Survey<'_>, scripts: &[(&Script, &Start)]) -> Fix {
    let mut fix = Fix::advice("install the distributions again that the scripts belong to");
    let mut seen: Vec<BString> = Vec::new();
    for (script, _) in scripts {
        let Some(owner) = owners::of(survey, script.name.as_bstr()) else { continue };
        if seen.len() < MOST_OWNERS && !seen.contains(&owner.name) {
            seen.push(owner.name.clone());
            fix.commands.extend(fixes::reinstall(survey, owner).commands);
        }
    }
    fix
}
