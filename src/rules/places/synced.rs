//! VD811: directories that a client keeps in step with other machines.

use bstr::BStr;

use crate::environment::Survey;
use crate::rules::{Code, Evidence, Finding, Fix};
use crate::text::sentence;

/// Names of directories by which the clients are known, and whose they are. A name that ends in `*` is a beginning.
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

/// Judges the names of the directories above the environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    if !survey.is_environment() {
        return;
    }
    let mut names = root.split(|byte| matches!(byte, b'/' | b'\\')).map(BStr::new);
    let Some((name, client)) = names.find_map(|name| Some((name, client(name)?))) else { return };
    let message =
        sentence!(root, " looks like it lies in a directory that ", client, " keeps in step with other machines");
    let effect = "such a client renames files on conflicts (name 2, conflicted copy) and removes the content of files \
                  that nobody has opened for a while; links and interpreters are of no use on the other machine";
    let advice = "keep the environment outside of that directory, and make it anew there from the list of packages";
    findings.push(
        Finding::new(Code::SyncedDir, message)
            .evidence(Evidence::about(root, root).marking(name))
            .effect(effect)
            .fix(Fix::advice(advice)),
    );
}

fn client(name: &BStr) -> Option<&'static str> {
    let known = DIRS.into_iter().find(|(dir, _)| match dir.strip_suffix('*') {
        Some(start) => name.starts_with(start.as_bytes()),
        None => name == dir.as_bytes(),
    });
    known.map(|(_, client)| client)
}
