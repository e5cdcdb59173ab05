//! Scripts of distributions that are installed here, and start a Python that sees nothing of them.

use bstr::ByteSlice;

use super::support::strays::{Fate, Stray};
use super::support::{naming, own_fixes, owners};
use crate::environment::{Distribution, Script, ScriptForm, Start, Survey};
use crate::rules::{Code, Confidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static SCRIPT_FOREIGN: Rule = Rule {
    code: Code("VD505"),
    name: "script-foreign",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A script of a distribution in this environment starts a Python that is not the environment's.",
    why: "\
The installer was run by another Python, or misled by a variable such as __PYVENV_LAUNCHER__, and wrote that one into \
the first line. It starts outside of the environment: what is installed here it does not see. Either it says that \
there is no such module, or it finds another version of the package somewhere else and works with that. Only scripts \
that entry_points.txt declares are judged; what people write for themselves may start what they like.",
    example: "\
$ head -1 .venv/bin/flake8
#!/usr/bin/python3",
    fix: "Have the script start the environment's Python, or install its distribution again.",
    sources: &["pypa/virtualenv#845", "Homebrew/homebrew-core#58248"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&SCRIPT_FOREIGN], judges: &[] };

/// So many scripts are looked up in the lists of distributions.
const MOST_CANDIDATES: usize = 64;

/// Judges the scripts that start a Python which is no environment's. Only what `entry_points.txt` declares counts: an
/// installer wrote its first line, for this environment.
pub fn find(survey: &Survey<'_>, scripts: &[Script], strays: &[Stray<'_>], findings: &mut Vec<Finding>) {
    let by_path = strays.iter().filter(|it| matches!(it.fate, Fate::OtherPython | Fate::MissingPython));
    let by_path = by_path.map(|it| (it.script, it.start, it.fate == Fate::MissingPython));
    let by_name = scripts.iter().filter_map(|script| {
        let start = script.start.as_ref().filter(|start| start.form == ScriptForm::Env)?;
        Some((script, start, false))
    });
    for (script, start, is_missing) in by_path.chain(by_name).take(MOST_CANDIDATES) {
        if let Some(owner) = owners::by_entry_point(survey, script.name.as_bstr()) {
            findings.push(judge(survey, script, start, is_missing, owner));
        }
    }
}

fn judge(survey: &Survey<'_>, script: &Script, start: &Start, is_missing: bool, owner: &Distribution) -> Finding {
    let python = &start.program;
    let what = match (start.form, is_missing) {
        (ScriptForm::Env, _) => sentence!("whichever ", python, " comes first on PATH"),
        (_, true) => sentence!(python, ", which does not exist"),
        (_, false) => sentence!(python, ", which is not the Python of this environment"),
    };
    let effect = if is_missing {
        sentence!("a shell that is to run it says bad interpreter, or that a required file was not found")
    } else {
        sentence!(
            "that Python does not see ",
            survey.root(),
            ": it says that there is no module for ",
            owner.name,
            ", or works on other packages"
        )
    };
    let severity = if is_missing { Severity::Error } else { Severity::Warning };
    let message = sentence!(script.path, " belongs to ", owner.name, " in this environment, and starts ", what);
    Finding::new(&SCRIPT_FOREIGN, message)
        .severity(severity)
        .evidence(naming::evidence(script, start))
        .effect(effect)
        .fix(fix(survey, script, start, owner))
}

fn fix(survey: &Survey<'_>, script: &Script, start: &Start, owner: &Distribution) -> Fix {
    let lines = own_fixes::start(survey, &[(script, start)], own_fixes::python(survey).as_bstr());
    if lines.is_empty() {
        return fixes::reinstall(survey, owner);
    }
    Fix::advice(sentence!("have the script start the Python in ", survey.bin())).commands(lines).safe()
}
