//! The scripts that a fix has written: they start the interpreter, and activate the environment, whatever its name is.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use venv_doctor::{Action, Fix};

use super::recorder;

/// How the shells read the script that activates an environment, and what it is called for them. The path and the name of
/// the variable are arguments, so that nothing but the script has to be quoted.
const ACTIVATES: [(&str, &str, &[&str], &str); 4] = [
    ("activate", "bash", &["-c"], ". \"$0\"; printf %s \"$VIRTUAL_ENV\""),
    ("activate", "dash", &["-c"], ". \"$0\"; printf %s \"$VIRTUAL_ENV\""),
    ("activate.fish", "fish", &["--no-config", "-c"], "source $argv[1]; printf %s \"$VIRTUAL_ENV\""),
    ("activate.csh", "tcsh", &["-f", "-c"], "source $SCRIPT:q; /usr/bin/printenv VIRTUAL_ENV"),
];

/// What is wrong with the scripts, and how many were tried.
pub fn wrong(fix: &Fix, place: &Path, interpreters: &[PathBuf], record: &Path) -> (usize, Vec<String>) {
    let mut paths: Vec<PathBuf> = fix
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::Write { path, .. } => Some(OsStr::from_bytes(path).into()),
            _ => None,
        })
        .filter(|path: &PathBuf| path.is_file())
        .collect();
    paths.dedup();
    let (mut tried, mut wrong) = (0, Vec::new());
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap_or_default();
        if name.starts_with("activate") {
            tried += 1;
            wrong.extend(not_activated(&path, name, place));
        } else if fs::read(&path).unwrap().starts_with(b"#!/bin/sh\n") {
            tried += 1;
            wrong.extend(not_started(&path, place, interpreters, record));
        }
    }
    (tried, wrong)
}

/// Starts a script that begins as one for the shell, where every interpreter is a recorder.
fn not_started(script: &Path, place: &Path, interpreters: &[PathBuf], record: &Path) -> Option<String> {
    let content = fs::read(script).unwrap();
    let tools = record.parent().unwrap();
    for interpreter in interpreters {
        fs::create_dir_all(interpreter.parent().unwrap()).unwrap();
        fs::remove_file(interpreter).ok();
        symlink(tools.join("recorder"), interpreter).unwrap();
    }
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    fs::remove_file(record).ok();
    let output = Command::new(script).args(["a", "b  c"]).current_dir(place).env("RECORD", record).output();
    let recorded = recorder::records(&fs::read(record).unwrap_or_default());
    let argv = recorded.first().cloned().unwrap_or_default();
    let rest: Vec<&[u8]> = argv.iter().skip(1).map(Vec::as_slice).collect();
    // A wrapper passes on its arguments, a script is itself the first one.
    let expected = [script.as_os_str().as_bytes(), b"a", b"b  c"];
    let is_right = recorded.len() == 1 && (rest == expected || rest == expected[1..]);
    let argv: Vec<_> = argv.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
    let shown = String::from_utf8_lossy(&content[..content.len().min(400)]).into_owned();
    (!is_right).then(|| format!("{} starts {argv:?} ({output:?}): {shown}", script.display()))
}

/// Has shells read a script that activates the environment.
fn not_activated(script: &Path, name: &str, place: &Path) -> Vec<String> {
    let root = script.parent().and_then(Path::parent).unwrap();
    let mut wrong = Vec::new();
    for (_, shell, arguments, text) in ACTIVATES.iter().filter(|(known, ..)| *known == name) {
        let mut command = Command::new(shell);
        command.args(*arguments).arg(text).arg(script).current_dir(place).env("SCRIPT", script).env("prompt", "");
        let Ok(output) = command.output() else { continue };
        let got = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout);
        if got != root.as_os_str().as_bytes() {
            wrong.push(format!("{shell}: after {} VIRTUAL_ENV is {}", script.display(), String::from_utf8_lossy(got)));
            wrong.push(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    }
    for harmed in [place.join("harmed"), root.join("harmed")] {
        wrong.extend(harmed.exists().then(|| format!("{} has run a name", script.display())));
    }
    wrong
}
