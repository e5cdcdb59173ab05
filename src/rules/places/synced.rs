//! Directories that a client synchronizes with other machines.

use bstr::BStr;

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static SYNCED_DIRECTORY: Rule = Rule {
    code: Code("VD811"),
    name: "synced-directory",
    severity: Severity::Info,
    confidence: Confidence::Heuristic,
    summary: "The environment seems to be in a directory that is synchronized with other machines.",
    why: "\
Clients of Dropbox, OneDrive, iCloud and the like keep neither symlinks nor permissions, rename files on conflicts \
(bin 2, module 2.py), and remove the content of files that were not opened for a while. Each of these damages an \
environment, which has ten thousand files and symlinks to an interpreter of this machine. The directory is \
recognized by its name.",
    example: "\
$ ls ~/Dropbox/project/.venv/bin
activate  'activate 2'  python  'python 2'",
    fix: "Keep environments outside of such directories, and synchronize the list of packages.",
    sources: &["astral-sh/uv#9902"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SYNCED_DIRECTORY], judges: &[Judge { when: When::Environment(830), find }] };

/// Names of synchronized directories, and their clients. `*` at the end of a name matches any text.
const DIRS: [(&str, &str); 9] = [
    ("Dropbox", "Dropbox"),
    ("Dropbox (*", "Dropbox"),
    ("OneDrive", "OneDrive"),
    ("OneDrive - *", "OneDrive"),
    ("Mobile Documents", "iCloud"),
    ("iCloudDrive", "iCloud"),
    ("CloudStorage", "the cloud storage of macOS"),
    ("Google Drive", "Google Drive"),
    ("Nextcloud", "Nextcloud"),
];

/// Examines the names of the directories above the environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    if !survey.is_environment() {
        return;
    }
    let mut names = root.split(|byte| matches!(byte, b'/' | b'\\')).map(BStr::new);
    let Some((name, client)) = names.find_map(|name| Some((name, client(name)?))) else { return };
    let message = sentence!(root, " seems to be in a directory that ", client, " synchronizes with other machines");
    let effect = "such a client renames files on conflicts (name 2, conflicted copy) and removes the content of files \
                  that were not opened for a while; symlinks and interpreters are useless on the other machine";
    let advice = "recreate the environment outside of that directory, from the list of packages";
    findings.push(
        Finding::new(&SYNCED_DIRECTORY, message)
            .evidence(Evidence::about(root, root).marking(name))
            .effect(effect)
            .fix(Fix::advice(advice)),
    );
}

/// The client that synchronizes a directory of this name.
fn client(name: &BStr) -> Option<&'static str> {
    let known = DIRS.into_iter().find(|(dir, _)| match dir.strip_suffix('*') {
        Some(start) => name.starts_with(start.as_bytes()),
        None => name == dir.as_bytes(),
    });
    known.map(|(_, client)| client)
}
