//! Scripts of an environment that was moved, or copied.

use bstr::{BStr, BString, ByteSlice};

use super::support::strays::{Fate, Stray};
use super::support::{naming, own_fixes, owners};
use crate::environment::{Script, Start, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::Status;
use crate::text::sentence;

pub(in crate::rules) static SCRIPTS_MOVED: Rule = Rule {
    code: Code("VD501"),
    name: "scripts-moved",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Scripts start a Python in the place where the environment stood before it was moved.",
    why: "\
An installer writes the absolute path of the environment's Python into the first line of every script. When the directory \
or one above it is renamed, bin/python still works, because it is a link to the base and finds pyvenv.cfg beside it; \
but the kernel no longer finds what the scripts name. Shells then say \"bad interpreter\" or \"required file not found\", \
or just that there is no such command, although the file is there. All versions and creators are alike in this; only \
relocatable environments of uv compute the path.",
    example: "\
$ mv project plots && plots/.venv/bin/pip --version
bash: plots/.venv/bin/pip: /w/project/.venv/bin/python3: bad interpreter: No such file or directory",
    fix: "Replace the old directory by the new one in the lines that name it, or install the distributions again.",
    sources: &["pypa/virtualenv#1280", "python/cpython#88452", "astral-sh/uv#13989"],
};

pub(in crate::rules) static SCRIPTS_RUN_ORIGINAL: Rule = Rule {
    code: Code("VD502"),
    name: "scripts-run-original",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Scripts of a copied environment start the Python of the original, and work on that.",
    why: "\
A copy holds the first lines of its original, and the original is still there. Everything seems to work: pip installs, \
and says so, but into the other environment; tools see the other environment's packages. The copy stays as it was, and \
the original changes behind the back of whoever uses it. The same happens when an environment was moved and another \
was made in its old place.",
    example: "\
$ cp -a template .venv && head -1 .venv/bin/pip
#!/w/template/bin/python3",
    fix: "Have the scripts start the Python beside them, by editing the lines that name it.",
    sources: &["pypa/virtualenv#2308", "conda/conda#3097"],
};

pub(in crate::rules) static LAUNCHER_STALE: Rule = Rule {
    code: Code("VD504"),
    name: "launcher-stale",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Launchers on Windows start a Python that is gone, or that of another environment.",
    why: "\
What pip and uv put into Scripts is a small program with the path of the environment's Python behind it: a #! line and \
an archive, or a path and its length. Moved environments, renamed users and unpacked bundles leave the old path there. \
The launcher then ends with \"Unable to create process using\", or starts the environment that it was copied from.",
    example: "\
> .venv\\Scripts\\pip.exe --version
Fatal error in launcher: Unable to create process using '\"C:\\old\\.venv\\Scripts\\python.exe\" ...'",
    fix: "Install the distributions again that the launchers belong to, with python -m pip.",
    sources: &["pypa/pip#9940", "pypa/pip#5292", "astral-sh/uv#1766"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SCRIPTS_MOVED, &SCRIPTS_RUN_ORIGINAL, &LAUNCHER_STALE], judges: &[] };

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
            (&SCRIPTS_RUN_ORIGINAL, sentence!(subject, verb, python, ", which is that of another environment"))
        }
        _ => (&SCRIPTS_MOVED, sentence!(subject, verb, python, ", which does not exist")),
    };
    let code = if is_windows { &LAUNCHER_STALE } else { code };
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
