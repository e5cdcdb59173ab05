//! A `.venv` that is no folder.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof, Severity, recipes};
use crate::host::FileKind;
use crate::host::path::module;
use crate::sentence;

/// A path with its line end.
const MOST: u64 = 8 << 10;
/// So far up is looked for the environment that a tool would take in its place.
const MOST_FOLDERS: usize = 32;

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
        Finding::new(Code::RedirectBroken, message).proof(Proof::about(root, sentence!("leads to ", target)));
    finding = match above(survey, root) {
        Some(other) => finding
            .effect(sentence!(
                "tools that pass over it and go on upwards work on ",
                other,
                ", which is another project's"
            ))
            .proof(Proof::about(other, "is the next environment upwards")),
        None => finding.effect("tools that look for the project's environment find none, or make one elsewhere"),
    };
    findings.push(finding.cure(cure(survey, root)));
}

/// A file with a path in it is a redirect (PEP 832, a draft: uv and virtualenv know it). With a bare name, it is what
/// some plugins of shells keep there, and means nothing to anybody else.
fn file(survey: &Survey<'_>, root: &BStr, findings: &mut Vec<Finding>) {
    let Ok(content) = survey.ask.read(root, MOST) else { return };
    let text = content.lines().next().unwrap_or_default().as_bstr();
    let named = text.trim().as_bstr();
    let folder = survey.parent(root);
    let target = module::normpath(survey.flavour(), survey.join(&folder, named).as_bstr());
    let message = if content.trim().is_empty() {
        sentence!(root, " is an empty file where a folder, or the path of one, is expected")
    } else if named.find_byteset(b"/\\").is_some() && survey.is_missing(target.as_bstr()) {
        sentence!(root, " is a file that leads to ", target, ", which does not exist")
    } else if named.find_byteset(b"/\\").is_some() && survey.is_missing(survey.join(&target, "pyvenv.cfg").as_bstr()) {
        sentence!(root, " is a file that leads to ", target, ", which is no environment")
    } else {
        return;
    };
    let proof = if named.is_empty() {
        Proof::about(root, "has nothing in its first line")
    } else {
        Proof::line(root, 1, text).marking(named)
    };
    findings.push(
        Finding::new(Code::RedirectBroken, message)
            .severity(Severity::Error)
            .proof(proof)
            .effect("tools that know such files refuse to work; all others see a file, and no environment")
            .cure(cure(survey, root)),
    );
}

/// The environment that stands beside a folder above the project.
fn above(survey: &Survey<'_>, root: &BStr) -> Option<BString> {
    let mut folder = survey.parent(survey.parent(root).as_bstr());
    for _ in 0..MOST_FOLDERS {
        let candidate = survey.join(&folder, ".venv");
        if survey.exists(survey.join(&candidate, "pyvenv.cfg").as_bstr()) {
            return Some(candidate);
        }
        let next = survey.parent(folder.as_bstr());
        if next == folder {
            return None;
        }
        folder = next;
    }
    None
}

fn cure(survey: &Survey<'_>, root: &BStr) -> Cure {
    let advice = "remove it and make the environment here, or have it lead to where the environment stands now";
    let make = recipes::line(survey, recipes::python(survey)).words(["-m", "venv"]).word(root);
    if survey.platform() == crate::host::Platform::Windows {
        return Cure::advice(advice);
    }
    Cure::advice(advice).command(recipes::remove_file(survey, root)).command(make)
}
