//! The words of a command reach the program unchanged, whichever shell reads them.

use std::io::Write;
use std::process::{Command, Stdio};

use venv_doctor::internals::host::Platform;
use venv_doctor::internals::rules::Line;

/// Shells, and the arguments with which each reads commands from its standard input as a person types them.
pub const SHELLS: [(&str, &[&str]); 11] = [
    ("sh", &[]),
    ("bash", &["--norc", "--noprofile", "-H"]),
    ("dash", &[]),
    ("zsh", &["-f"]),
    ("fish", &["--no-config"]),
    ("busybox", &["sh"]),
    ("mksh", &[]),
    ("tcsh", &["-f"]),
    ("ksh", &[]),
    ("yash", &[]),
    ("posh", &[]),
];
/// Names that mean something to some shell.
const NAMES: [&str; 14] = [
    "plain-1.0",
    "two words",
    "it's",
    "back\\slash",
    "ends in \\",
    "wow!1",
    "$HOME ${HOME} $(id)",
    "`id`",
    "=ls",
    "~root",
    "*?[a]{b,c}",
    "\"double\" & ; | < > #",
    "'; touch harmed; '",
    "ünïcode ☃ %1 ^a^b",
];

#[test]
fn every_shell_reads_the_same_words() {
    let mut tried = 0;
    for (shell, arguments) in SHELLS {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let started = Command::new(shell)
            .args(arguments)
            .current_dir(dir.path())
            .env("HOME", dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else {
            println!("skipped: no {shell} on this machine");
            continue;
        };
        let line = Line::new(Platform::Linux, "/usr/bin/printf").word("[%s]\\n").words(NAMES);
        let mut text = line.into_text().expect("names that every shell can be given").to_vec();
        text.push(b'\n');
        child.stdin.take().expect("a pipe").write_all(&text).expect("the shell reads");
        let output = child.wait_with_output().expect("the shell ends");
        let expected: String = NAMES.iter().map(|name| format!("[{name}]\n")).collect();
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{shell}: {output:?}");
        assert!(!dir.path().join("harmed").exists(), "{shell} has run a name");
        tried += 1;
    }
    assert!(tried > 0, "there is no shell");
}
