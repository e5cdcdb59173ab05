//! Scripts that look for Python in their own directory, and are started through a symlink from another one.

use bstr::{BString, ByteSlice};

use super::support::naming;
use crate::environment::{Script, ScriptForm, Survey};
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Part, Rule, Severity, Substitution, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static RELOCATABLE_SCRIPT_SYMLINKED: Rule = Rule {
    code: Code("VD513"),
    name: "relocatable-script-symlinked",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A symlink leads to a script that looks for Python in the directory of the symlink instead of its own.",
    why: "\
Scripts of relocatable environments compute the directory of their Python. Those that early versions of uv wrote \
derive it from $0, which is the path of the symlink: they look for python in ~/.local/bin and find none, or another \
one. Later versions resolve symlinks first, with realpath.",
    example: "\
$ ln -s /w/.venv/bin/plot ~/.local/bin/ && plot
/home/ada/.local/bin/plot: 2: exec: /home/ada/.local/bin/python: not found",
    fix: "Have the script resolve symlinks, or regenerate it with a current uv.",
    sources: &["astral-sh/uv#8058", "astral-sh/uv#11413"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&RELOCATABLE_SCRIPT_SYMLINKED], judges: &[] };

/// How many scripts are looked for.
const MOST_SCRIPTS: usize = 32;
/// In how many directories of `PATH` they are looked for.
const MOST_DIRS: usize = 64;

/// Looks on `PATH` and in `~/.local/bin` for symlinks to scripts that derive their directory from the path by which
/// they are called.
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
        let found = dirs(survey).into_iter().find_map(|dir| symlink(survey, &dir, script));
        if let Some((symlink, target)) = found {
            findings.push(judge(survey, script, symlink, &target));
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

/// The symlink of the script's name in a directory and its target, if it leads to the script from another directory.
fn symlink(survey: &Survey<'_>, dir: &BString, script: &Script) -> Option<(BString, BString)> {
    let symlink = survey.join(dir, &script.name);
    let target = survey.ask.read_link(symlink.as_bstr()).ok()?;
    let is_elsewhere = !survey.same_file(dir.as_bstr(), survey.bin());
    (is_elsewhere && survey.same_file(symlink.as_bstr(), script.path.as_bstr())).then_some((symlink, target))
}

fn judge(survey: &Survey<'_>, script: &Script, symlink: BString, target: &BString) -> Finding {
    let dir = survey.parent(symlink.as_bstr());
    let message = sentence!(
        symlink,
        " is a symlink to ",
        script.path,
        ", which looks for Python in the directory of the symlink"
    );
    let mut finding = Finding::new(&RELOCATABLE_SCRIPT_SYMLINKED, message);
    if let Some(start) = &script.start {
        finding = finding.evidence(naming::evidence(script, start));
    }
    let advice = "have the script resolve symlinks before it looks for Python, or reinstall it with a current uv";
    let mut fix = Fix::advice(advice);
    let dirname = Part::Text(r#"dirname -- "$0""#.into());
    let resolved = Substitution::between(2, 2, dirname, r#"dirname -- "$(realpath -- "$0")""#);
    if let Some(line) = fixes::substitute(survey, [resolved], [&script.path]) {
        fix = fix.command(line).safe();
    }
    finding
        .evidence(Evidence::about(symlink, sentence!("is a symlink to ", target)))
        .effect(sentence!("the shell looks for Python in ", dir, ", which contains none or another one"))
        .fix(fix)
}
