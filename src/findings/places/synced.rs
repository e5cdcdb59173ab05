//! VD811: folders that a client keeps in step with other machines.

use bstr::BStr;

use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof};
use crate::sentence;

/// Names of folders by which the clients are known, and whose they are. A name that ends in `*` is a beginning.
const FOLDERS: [(&str, &str); 9] = [
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

/// Judges the names of the folders above the environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    if !survey.is_environment() {
        return;
    }
    let mut names = root.split(|byte| matches!(byte, b'/' | b'\\')).map(BStr::new);
    let Some((name, client)) = names.find_map(|name| Some((name, client(name)?))) else { return };
    let message =
        sentence!(root, " looks like it lies in a folder that ", client, " keeps in step with other machines");
    let effect = "such a client renames files on conflicts (name 2, conflicted copy) and removes the content of files \
                  that nobody has opened for a while; links and interpreters are of no use on the other machine";
    let advice = "keep the environment outside of that folder, and make it anew there from the list of packages";
    findings.push(
        Finding::new(Code::SyncedFolder, message)
            .proof(Proof::about(root, root).marking(name))
            .effect(effect)
            .cure(Cure::advice(advice)),
    );
}

fn client(name: &BStr) -> Option<&'static str> {
    let known = FOLDERS.into_iter().find(|(folder, _)| match folder.strip_suffix('*') {
        Some(start) => name.starts_with(start.as_bytes()),
        None => name == folder.as_bytes(),
    });
    known.map(|(_, client)| client)
}
