//! A `.venv` that is a symlink or a file, and leads to no environment.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::FileKind;
use crate::host::path::module;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::Status;
use crate::text::sentence;

pub(in crate::rules) static REDIRECT_BROKEN: Rule = Rule {
    code: Code("VD516"),
    name: "redirect-broken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The project's .venv is a symlink or a file that leads to no environment.",
    why: "\
Tools look for an environment in .venv. It may be a symlink or, for uv and virtualenv, a file that contains the path \
of the directory (PEP 832, a draft). If that leads nowhere, tools behave differently: some fail, some use the \
system's Python, and some search the parent directories and change the environment of an enclosing project. A file \
that contains only a name is not reported: shell plugins keep the name of an environment there.",
    example: "\
$ ls -l .venv
.venv -> /home/ada/.cache/environments/plots-that-was",
    fix: "Point it to the environment's current directory, or remove it and create an environment there.",
    sources: &["python/peps#5066", "astral-sh/uv#20433"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&REDIRECT_BROKEN], judges: &[Judge { when: When::Startup(460), find }] };

/// The largest file that is read: a path and its line ending.
const MOST: u64 = 8 << 10;
/// How many parent directories are searched for an environment that a tool would use instead.
const MOST_DIRS: usize = 32;

/// Checks a `.venv` that is a dangling symlink, or a file that contains a path.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    let starts = survey.resolution.outcome.status != Status::FailsToExecute;
    if starts || survey.base_name(root) != ".venv" || survey.cfg().is_some() {
        return;
    }
    let Ok(metadata) = survey.ask.link_exists(root) else { return };
    match metadata.kind {
        FileKind::Symlink if survey.is_missing(root) => dangling(survey, root, findings),
        FileKind::File => file(survey, root, findings),
        _ => {}
    }
}

fn dangling(survey: &Survey<'_>, root: &BStr, findings: &mut Vec<Finding>) {
    let Ok(target) = survey.ask.read_link(root) else { return };
    let message = sentence!(root, " is a symlink to ", target, ", which does not exist");
    let mut finding =
        Finding::new(&REDIRECT_BROKEN, message).evidence(Evidence::about(root, sentence!("is a symlink to ", target)));
    finding = match above(survey, root) {
        Some(other) => finding
            .effect(sentence!(
                "tools that ignore it and search the parent directories use ",
                other,
                ", the environment of another project"
            ))
            .evidence(Evidence::about(other, "is the nearest environment in the parent directories")),
        None => finding.effect("tools that look for the project's environment find none, or create one elsewhere"),
    };
    findings.push(finding.fix(fix(survey, root)));
}

/// A file that contains a path is a redirect (PEP 832, a draft that uv and virtualenv support). A bare name is what
/// some shell plugins keep there, and has no meaning for other tools.
fn file(survey: &Survey<'_>, root: &BStr, findings: &mut Vec<Finding>) {
    let Ok(content) = survey.ask.read(root, MOST) else { return };
    let text = content.lines().next().unwrap_or_default().as_bstr();
    let named = text.trim().as_bstr();
    let dir = survey.parent(root);
    let target = module::normpath(survey.flavor(), survey.join(&dir, named).as_bstr());
    let message = if content.trim().is_empty() {
        sentence!(root, " is an empty file, where tools expect a directory or a file with the path of one")
    } else if named.find_byteset(b"/\\").is_some() && survey.is_missing(target.as_bstr()) {
        sentence!(root, " is a file that points to ", target, ", which does not exist")
    } else if named.find_byteset(b"/\\").is_some() && survey.is_missing(survey.join(&target, "pyvenv.cfg").as_bstr()) {
        sentence!(root, " is a file that points to ", target, ", which is not an environment")
    } else {
        return;
    };
    let evidence = if named.is_empty() {
        Evidence::about(root, "has an empty first line")
    } else {
        Evidence::line(root, 1, text).marking(named)
    };
    findings.push(
        Finding::new(&REDIRECT_BROKEN, message)
            .severity(Severity::Error)
            .evidence(evidence)
            .effect("tools that support such files fail; all others see a file and no environment")
            .fix(fix(survey, root)),
    );
}

/// The nearest environment in the directories above the project.
fn above(survey: &Survey<'_>, root: &BStr) -> Option<BString> {
    let mut dir = survey.parent(survey.parent(root).as_bstr());
    for _ in 0..MOST_DIRS {
        let candidate = survey.join(&dir, ".venv");
        if survey.exists(survey.join(&candidate, "pyvenv.cfg").as_bstr()) {
            return Some(candidate);
        }
        let next = survey.parent(dir.as_bstr());
        if next == dir {
            return None;
        }
        dir = next;
    }
    None
}

fn fix(survey: &Survey<'_>, root: &BStr) -> Fix {
    let advice = "remove it and create the environment here, or point it to the environment's current directory";
    let create = fixes::by_python(survey).words(["-m", "venv"]).word(root);
    if survey.platform() == crate::host::Platform::Windows {
        return Fix::advice(advice);
    }
    Fix::advice(advice).command(fixes::remove_file(survey, root)).command(create)
}
