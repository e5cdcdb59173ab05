//! Scripts that look for their Python beside themselves, and are started through a link.

use bstr::{BString, ByteSlice};

use super::support::naming;
use crate::environment::{Script, ScriptForm, Survey};
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static RELOCATABLE_SCRIPT_LINKED: Rule = Rule {
    code: Code("VD513"),
    name: "relocatable-script-linked",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A link leads to a script that looks for its Python beside the name by which it is called.",
    why: "\
Scripts of relocatable environments compute the directory of their Python. The first ones that uv wrote take it from $0, \
and that is the link: they look for a python in ~/.local/bin, and do not find it, or find another. Later ones follow \
links first, with realpath.",
    example: "\
$ ln -s /w/.venv/bin/plot ~/.local/bin/ && plot
/home/ada/.local/bin/plot: 2: exec: /home/ada/.local/bin/python: not found",
    fix: "Have the script follow links, or have a current uv write it anew.",
    sources: &["astral-sh/uv#8058", "astral-sh/uv#11413"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&RELOCATABLE_SCRIPT_LINKED], judges: &[] };

/// So many scripts are looked for, in so many directories.
const MOST_SCRIPTS: usize = 32;
const MOST_DIRS: usize = 64;

/// Judges the links on `PATH` and in `~/.local/bin` to scripts that take their own directory from the name by which they
/// are called.
pub fn find(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    if survey.flavor() == Flavor::Windows {
        return;
    }
    let relies_on_name = |script: &&Script| {
        let start = script.start.as_ref().filter(|start| start.form == ScriptForm::Computed);
        start.is_some_and(|it| {
            it.program.contains_str("dirname")
                && !["realpath", "readlink"].iter().any(|name| it.program.contains_str(name))
        })
    };
    for script in scripts.iter().filter(relies_on_name).take(MOST_SCRIPTS) {
        let link = dirs(survey).into_iter().find_map(|dir| link(survey, &dir, script));
        if let Some((link, target)) = link {
            findings.push(judge(survey, script, link, &target));
        }
    }
}

fn dirs(survey: &Survey<'_>) -> Vec<BString> {
    let invocation = &survey.resolution.invocation;
    let home = invocation.variable("HOME").map(|home| survey.join(survey.join(home, ".local"), "bin"));
    let search = invocation.variable("PATH").unwrap_or_default();
    let on_path = search.split_str(":").take(MOST_DIRS).map(BString::from);
    home.into_iter().chain(on_path).filter(|it| module::is_absolute(Flavor::Posix, it.as_bstr())).collect()
}

/// The link of the script's name in a directory, if it leads to the script from elsewhere.
fn link(survey: &Survey<'_>, dir: &BString, script: &Script) -> Option<(BString, BString)> {
    let link = survey.join(dir, &script.name);
    let target = survey.ask.read_link(link.as_bstr()).ok()?;
    let is_elsewhere = !survey.same_file(dir.as_bstr(), survey.bin());
    (is_elsewhere && survey.same_file(link.as_bstr(), script.path.as_bstr())).then_some((link, target))
}

fn judge(survey: &Survey<'_>, script: &Script, link: BString, target: &BString) -> Finding {
    let dir = survey.parent(link.as_bstr());
    let message = sentence!(link, " is a link to ", script.path, ", which looks for its Python beside the link");
    let mut finding = Finding::new(&RELOCATABLE_SCRIPT_LINKED, message);
    if let Some(start) = &script.start {
        finding = finding.evidence(naming::evidence(script, start));
    }
    let advice = "have the script follow links before it looks around, or install it again with a current uv";
    let mut fix = Fix::advice(advice);
    if let Some(sed) = fixes::sed(survey) {
        let program = r#"2s|dirname -- "$0"|dirname -- "$(realpath -- "$0")"|"#;
        fix = fix.command(sed.word(program).word(&script.path)).safe();
    }
    finding
        .evidence(Evidence::about(link, sentence!("leads to ", target)))
        .effect(sentence!("the shell looks for the Python in ", dir, ", and does not find it there, or finds another"))
        .fix(fix)
}
