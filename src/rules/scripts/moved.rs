//! Scripts of an environment that was moved or copied.

use bstr::{BStr, BString, ByteSlice};

use super::support::mismatched::{Mismatch, NamedPython};
use super::support::{naming, owners, retarget};
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
    summary: "Scripts start a Python in the directory where the environment was before it was moved.",
    why: "\
An installer writes the absolute path of the environment's Python into the first line of every script. If the \
directory or one above it is renamed, bin/python still works, because it is a symlink to the base Python and \
pyvenv.cfg moves with it; but the kernel no longer finds the path that the scripts name. Shells then report \"bad \
interpreter\" or \"required file not found\", or that the command does not exist, although the file is there. This is \
true of all versions and creators; only relocatable environments of uv compute the path.",
    example: "\
$ mv project plots && plots/.venv/bin/pip --version
bash: plots/.venv/bin/pip: /w/project/.venv/bin/python3: bad interpreter: No such file or directory",
    fix: "Replace the old directory with the new one in the lines that name it, or reinstall the distributions.",
    sources: &["pypa/virtualenv#1280", "python/cpython#88452", "astral-sh/uv#13989"],
};

pub(in crate::rules) static SCRIPTS_RUN_ORIGINAL: Rule = Rule {
    code: Code("VD502"),
    name: "scripts-run-original",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Scripts of a copied environment start the Python of the original, and so use and change the original.",
    why: "\
The scripts of a copy keep the first lines of the original, and the original still exists. Everything seems to work: \
pip installs and reports success, but into the other environment; tools see the other environment's packages. The \
copy never changes, and the original changes without its users knowing. The same happens if an environment was moved \
and another one was created in its old directory.",
    example: "\
$ cp -a template .venv && head -1 .venv/bin/pip
#!/w/template/bin/python3",
    fix: "Have the scripts start the Python next to them, by editing the lines that name it.",
    sources: &["pypa/virtualenv#2308", "conda/conda#3097"],
};

pub(in crate::rules) static LAUNCHER_STALE: Rule = Rule {
    code: Code("VD504"),
    name: "launcher-stale",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Launchers on Windows start a Python that does not exist, or that of another environment.",
    why: "\
The launchers that pip and uv put into Scripts are small programs with the path of the environment's Python appended: \
a #! line and an archive, or a path and its length. After an environment was moved, a user renamed or a bundle \
unpacked, that path is out of date. The launcher then fails with \"Unable to create process using\", or starts the \
environment from which it was copied.",
    example: "\
> .venv\\Scripts\\pip.exe --version
Fatal error in launcher: Unable to create process using '\"C:\\old\\.venv\\Scripts\\python.exe\" ...'",
    fix: "Reinstall the distributions that installed the launchers, with python -m pip.",
    sources: &["pypa/pip#9940", "pypa/pip#5292", "astral-sh/uv#1766"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SCRIPTS_MOVED, &SCRIPTS_RUN_ORIGINAL, &LAUNCHER_STALE], judges: &[] };

/// How many distributions the fix reinstalls.
const MOST_OWNERS: usize = 16;

/// Groups the scripts by the environment whose Python they start: one finding for each.
pub fn find(survey: &Survey<'_>, mismatches: &[Mismatch<'_>], findings: &mut Vec<Finding>) {
    for python in [NamedPython::FormerlyHere, NamedPython::OtherEnvironment] {
        let mut roots: Vec<&BString> = Vec::new();
        for first in mismatches.iter().filter(|it| it.python == python) {
            if roots.contains(&&first.root) {
                continue;
            }
            roots.push(&first.root);
            let same = mismatches.iter().filter(|it| it.python == python && it.root == first.root);
            let scripts: Vec<(&Script, &Start)> = same.map(|it| (it.script, it.start)).collect();
            findings.push(judge(survey, &scripts, first));
        }
    }
}

fn judge(survey: &Survey<'_>, scripts: &[(&Script, &Start)], first: &Mismatch<'_>) -> Finding {
    let (subject, several) = naming::list(naming::names(scripts.iter().map(|(script, _)| *script)), survey.bin());
    let verb = naming::verb(several, " starts ", " start ");
    let python = &first.start.program;
    let is_windows = survey.flavor() == Flavor::Windows;
    let (rule, message) = match first.python {
        NamedPython::OtherEnvironment => {
            (&SCRIPTS_RUN_ORIGINAL, sentence!(subject, verb, python, ", the Python of another environment"))
        }
        _ => (&SCRIPTS_MOVED, sentence!(subject, verb, python, ", which does not exist")),
    };
    let rule = if is_windows { &LAUNCHER_STALE } else { rule };
    Finding::new(rule, message)
        .subject(first.root.clone())
        .all_evidence(naming::all_evidence(scripts.iter().copied()))
        .effect(effect(survey, first, is_windows))
        .fix(if is_windows { reinstall(survey, scripts) } else { rewrite(survey, scripts, python.as_bstr()) })
}

fn effect(survey: &Survey<'_>, first: &Mismatch<'_>, is_windows: bool) -> BString {
    let (name, root) = (&first.script.name, &first.root);
    let starts = survey.resolution.outcome.status == Status::Starts;
    let still = if starts { ", although python -m still works" } else { "" };
    match first.python {
        NamedPython::OtherEnvironment => sentence!(
            "this environment was moved or copied from ",
            root,
            ", where an environment exists now; ",
            name,
            " works on that environment (pip installs into it), and changes nothing in ",
            survey.root()
        ),
        _ if is_windows => sentence!(
            "the environment was created in ",
            root,
            " and moved, so ",
            name,
            " fails with a launcher error",
            still
        ),
        _ => sentence!(
            "the environment was created in ",
            root,
            " and moved, so ",
            name,
            " does not run: the shell reports a bad interpreter or a required file that was not found",
            still
        ),
    }
}

fn rewrite(survey: &Survey<'_>, scripts: &[(&Script, &Start)], python: &BStr) -> Fix {
    let lines = retarget::replace_dir(survey, scripts, survey.parent(python).as_bstr());
    if lines.is_empty() {
        return reinstall(survey, scripts);
    }
    let advice = sentence!("have the scripts start the Python in ", survey.bin());
    Fix::advice(advice).commands(lines).safe()
}

/// If the lines cannot be edited, reinstalling the distributions regenerates the scripts.
fn reinstall(survey: &Survey<'_>, scripts: &[(&Script, &Start)]) -> Fix {
    let mut fix = Fix::advice("reinstall the distributions that installed the scripts");
    let mut seen: Vec<BString> = Vec::new();
    for (script, _) in scripts {
        let Some(owner) = owners::of(survey, script.name.as_bstr()) else { continue };
        if seen.len() < MOST_OWNERS && !seen.contains(&owner.name) {
            seen.push(owner.name.clone());
            fix = fix.followed_by(fixes::reinstall(survey, owner));
        }
    }
    fix
}
