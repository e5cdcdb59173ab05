//! Scripts of distributions in this environment that start a Python outside of it.

use bstr::ByteSlice;

use super::support::mismatched::{Mismatch, NamedPython};
use super::support::{naming, owners, retarget};
use crate::environment::{Distribution, Script, ScriptForm, Start, Survey};
use crate::rules::{Code, Confidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static SCRIPT_FOREIGN: Rule = Rule {
    code: Code("VD505"),
    name: "script-foreign",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A script of a distribution in this environment starts a Python other than the environment's.",
    why: "\
The installer was run by another Python, or misled by a variable such as __PYVENV_LAUNCHER__, and wrote that Python \
into the first line. That Python starts outside the environment and does not see what is installed in it: the script \
fails because the module does not exist, or finds another version of the package elsewhere and uses that. A wheel \
can also contain a script whose first line names a Python of the system, which installers leave as it is. Only scripts \
that entry_points.txt declares or RECORD lists are checked; scripts that people write themselves may start any Python.",
    example: "\
$ head -1 .venv/bin/flake8
#!/usr/bin/python3",
    fix: "Have the script start the environment's Python, or reinstall its distribution.",
    sources: &["pypa/virtualenv#845", "Homebrew/homebrew-core#58248"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&SCRIPT_FOREIGN], judges: &[] };

/// How many scripts are looked up in the metadata of distributions.
const MOST_CANDIDATES: usize = 64;

/// Checks the scripts of distributions that start a Python of no environment. Of those that only `RECORD` lists, the first
/// line is that of the wheel, and may leave the choice to PATH on purpose.
pub fn find(survey: &Survey<'_>, scripts: &[Script], mismatches: &[Mismatch<'_>], findings: &mut Vec<Finding>) {
    let by_path = mismatches.iter().filter(|it| matches!(it.python, NamedPython::Other | NamedPython::Missing));
    let by_path = by_path.map(|it| (it.script, it.start, it.python == NamedPython::Missing));
    let by_name = scripts.iter().filter_map(|script| {
        let start = script.start.as_ref().filter(|start| start.form == ScriptForm::Env)?;
        Some((script, start, false))
    });
    for (script, start, is_missing) in by_path.chain(by_name).take(MOST_CANDIDATES) {
        let name = script.name.as_bstr();
        if let Some(owner) = owners::by_entry_point(survey, name) {
            findings.push(judge(survey, script, start, is_missing, owner));
        } else if let Some(owner) = owners::by_record(survey, name).filter(|_| start.form != ScriptForm::Env) {
            // The installer did not write this line, so nothing shows that the script worked before.
            findings.push(judge(survey, script, start, is_missing, owner).severity(Severity::Warning));
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
        sentence!("the script does not run: the shell reports a bad interpreter or a required file that was not found")
    } else {
        sentence!(
            "that Python does not see ",
            survey.root(),
            ": the script finds no module of ",
            owner.name,
            ", or uses other packages"
        )
    };
    let severity = if is_missing { Severity::Error } else { Severity::Warning };
    let message = sentence!(script.path, " is a script of ", owner.name, " in this environment, but starts ", what);
    Finding::new(&SCRIPT_FOREIGN, message)
        .severity(severity)
        .evidence(naming::evidence(script, start))
        .effect(effect)
        .fix(fix(survey, script, start, owner))
}

fn fix(survey: &Survey<'_>, script: &Script, start: &Start, owner: &Distribution) -> Fix {
    let lines = retarget::start(survey, &[(script, start)], retarget::python(survey).as_bstr());
    if lines.is_empty() {
        return fixes::reinstall(survey, owner);
    }
    Fix::advice(sentence!("have the script start the Python in ", survey.bin())).commands(lines).safe()
}
