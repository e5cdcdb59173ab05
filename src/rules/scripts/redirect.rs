//! A `.venv` that is no directory.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::FileKind;
use crate::host::path::module;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static REDIRECT_BROKEN: Rule = Rule {
    code: Code("VD516"),
    name: "redirect-broken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The project's .venv is a link or a file that leads to no environment.",
    why: "\
Tools look for an environment in .venv. It may be a link, and for uv and virtualenv also a file with the path of the \
directory in it (PEP 832, a draft). Where that leads nowhere, each tool does something else: some refuse, some use the \
system's Python, and some go on upwards and change the environment of the project around. A file with a bare name is \
left alone: plugins of shells keep the name of an environment there.",
    example: "\
$ ls -l .venv
.venv -> /home/ada/.cache/environments/plots-that-was",
    fix: "Have it lead to where the environment stands now, or remove it and make the environment there.",
    sources: &["python/peps#5066", "astral-sh/uv#20433"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&REDIRECT_BROKEN], judges: &[Judge { when: When::Environment(500), find }] };

/// A path with its line end.
const MOST: u64 = 8 << 10;
/// So far up is looked for the environment that a tool would take in its place.
const MOST_DIRS: usize = 32;

/// Judges a `.venv` that is a dangling link, or a file with a path in it.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    if survey.base_name(root) != ".venv" || survey.cfg().is_some() {
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
    let message = sentence!(root, " is a link to ", target, ", which does not exist");
    let mut finding =
        Finding::new(&REDIRECT_BROKEN, message).evidence(Evidence::about(root, sentence!("leads to ", target)));
    finding = match above(survey, root) {
        Some(other) => finding
            .effect(sentence!(
                "tools that pass over it and go on upwards work on ",
                other,
                ", which is another project's"
            ))
            .evidence(Evidence::about(other, "is the next environment upwards")),
        None => finding.effect("tools that look for the project's environment find none, or make one elsewhere"),
    };
    findings.push(finding.fix(fix(survey, root)));
}

/// A file with a path in it is a redirect (PEP 832, a draft: uv and virtualenv know it). With a bare name, it is what
/// some plugins of shells keep there, and means nothing to anybody else.
fn file(survey: &Survey<'_>, root: &BStr, findings: &mut Vec<Finding>) {
    let Ok(content) = survey.ask.read(root, MOST) else { return };
    let text = content.lines().next().unwrap_or_default().as_bstr();
    let named = text.trim().as_bstr();
    let dir = survey.parent(root);
    let target = module::normpath(survey.flavor(), survey.join(&dir, named).as_bstr());
    let message = if content.trim().is_empty() {
        sentence!(root, " is an empty file where a directory, or the path of one, is expected")
    } else if named.find_byteset(b"/\\").is_some() && survey.is_missing(target.as_bstr()) {
        sentence!(root, " is a file that leads to ", target, ", which does not exist")
    } else if named.find_byteset(b"/\\").is_some() && survey.is_missing(survey.join(&target, "pyvenv.cfg").as_bstr()) {
        sentence!(root, " is a file that leads to ", target, ", which is no environment")
    } else {
        return;
    };
    let evidence = if named.is_empty() {
        Evidence::about(root, "has nothing in its first line")
    } else {
        Evidence::line(root, 1, text).marking(named)
    };
    findings.push(
        Finding::new(&REDIRECT_BROKEN, message)
            .severity(Severity::Error)
            .evidence(evidence)
            .effect("tools that know such files refuse to work; all others see a file, and no environment")
            .fix(fix(survey, root)),
    );
}

/// The environment that stands beside a directory above the project.
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
    let advice = "remove it and make the environment here, or have it lead to where the environment stands now";
    let make = fixes::line(survey, fixes::python(survey)).words(["-m", "venv"]).word(root);
    if survey.platform() == crate::host::Platform::Windows {
        return Fix::advice(advice);
    }
    Fix::advice(advice).command(fixes::remove_file(survey, root)).command(make)
}
