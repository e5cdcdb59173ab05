//! `verify` runs interpreters and nothing else.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::dangling_environment;
use crate::support::program::{run, scratch, stderr, stdout};

#[test]
fn verify_agrees_that_what_cannot_be_executed_cannot_be_executed() {
    let dir = scratch();
    dangling_environment(&dir.path().join("env"));
    let output = run(dir.path(), &["verify", "env/bin/python"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let expected = "env/bin/python · as predicted: 1 of 1 fields agree\n  agrees   outcome\n";
    assert!(stdout(&output).starts_with(expected), "{}", stdout(&output));
}

#[test]
fn verify_stops_what_does_not_end() {
    let dir = scratch();
    // Talks for ever, too, and so would fill the pipe.
    fs::write(dir.path().join("sitecustomize.py"), "while True: print('y')\n").unwrap();
    let path = format!("PYTHONPATH={}", dir.path().display());
    let output = run(dir.path(), &["verify", "/usr/bin/python3", "--env", &path, "--timeout", "1"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error: the interpreter did not end within 1 s, and was stopped\nhelp: `--timeout SECONDS` gives it more time\n"
    );
}

#[test]
fn verify_executes_nothing_that_is_no_interpreter() {
    let dir = scratch();
    let mark = dir.path().join("ran");
    let script = dir.path().join("script");
    fs::write(&script, format!("#!/bin/sh\n: > {}\n", mark.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/bin/true", dir.path().join("python")).unwrap();
    for (file, why) in [("./script", "what it starts is not simulated"), ("./python", "not recognized as a Python")] {
        let output = run(dir.path(), &["verify", file]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with("error: nothing is executed"), "{}", stderr(&output));
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
    assert!(!mark.exists());
}
