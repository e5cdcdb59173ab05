//! The command line: help, exit codes, standard streams, and the meaning of arguments.

mod check;
mod output;
mod rules;
mod scan;
mod targets;
mod verify;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::program::{json, run, scratch, stderr, stdout};

fn report<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> Value {
    let mut all: Vec<&OsStr> = vec!["explain".as_ref(), "--json".as_ref()];
    all.extend(arguments.iter().map(AsRef::as_ref));
    json(&run(dir, &all))
}

/// An environment whose interpreter is a dangling symlink.
fn dangling_environment(dir: &Path) {
    fs::create_dir_all(dir.join("bin")).unwrap();
    fs::write(dir.join("pyvenv.cfg"), "home = /nonexistent/bin\n").unwrap();
    symlink("/nonexistent/bin/python3", dir.join("bin/python")).unwrap();
}

/// The codes that a check finds.
fn found(output: &Output) -> Vec<String> {
    let report = json(output);
    let environments = report["environments"].as_array().unwrap().iter();
    let findings = environments.flat_map(|one| one["findings"].as_array().unwrap());
    findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn help_of_every_command() {
    let dir = scratch();
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help-explain", &["explain", "--help"]),
        ("help-explain-short", &["explain", "-h"]),
        ("help-verify", &["verify", "--help"]),
        ("help-snapshot", &["snapshot", "--help"]),
        ("help-check", &["check", "--help"]),
        ("help-check-short", &["check", "-h"]),
        ("help-rule", &["rule", "--help"]),
        ("help-scan", &["scan", "--help"]),
        ("help-fix", &["fix", "--help"]),
        ("help-undo", &["undo", "--help"]),
        ("help-diff", &["diff", "--help"]),
        ("help-schema", &["schema", "--help"]),
        ("help-which", &["which", "--help"]),
        ("help-which-short", &["which", "-h"]),
        ("help-scan-short", &["scan", "-h"]),
    ] {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(0));
        insta::assert_snapshot!(name, stdout(&output));
    }
}

#[test]
fn wrong_usage_is_2_and_says_why_on_standard_error() {
    let dir = scratch();
    let cases: [(&[&str], &str); 9] = [
        (&["frobnicate"], "unrecognized subcommand"),
        (&["explain", "--frobnicate"], "unexpected argument"),
        (&["explain", "--env", "NAME"], "expected NAME=VALUE"),
        (&["explain", "--launch", "module="], "expected command, interactive, module=NAME or script=PATH"),
        (&["explain", "--python-version", "2.7"], "not a version of Python 3"),
        (&["explain", "--json", "--format", "text"], "cannot be used with"),
        (&["explain", ""], "the name of the interpreter is empty"),
        (&["explain", "--cwd", "gone", "./x"], "invalid value 'gone' for '--cwd <DIR>': does not exist"),
        (&["schema", "everything"], "invalid value"),
    ];
    for (arguments, reason) in cases {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains(reason), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_python_that_does_not_start_is_1() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    for arguments in [["explain", "./gone/bin/python"], ["explain", ".venv/bin/python"]] {
        let output = run(dir.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn variables_can_be_assumed() {
    let dir = scratch();
    let set = |arguments: &[&str]| {
        let report = report(dir.path(), &[arguments, &["./x/python"]].concat());
        let names = report["invocation"]["environment"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        names.join(" ")
    };
    assert_eq!(set(&[]), "HOME PATH");
    assert_eq!(set(&["--env", "PYTHONPATH=a:b"]), "HOME PATH PYTHONPATH");
    assert_eq!(set(&["--unset", "HOME"]), "PATH");
    assert_eq!(set(&["--clean-env"]), "");
    assert_eq!(set(&["--clean-env", "--env", "PYTHONHOME="]), "PYTHONHOME");

    let report = report(dir.path(), &["./x/python", "--env", "EDITOR=vi"]);
    assert_eq!(report["notes"][0], "--env EDITOR has no effect: Python's startup does not consult this variable");
}

#[test]
fn the_schema_is_printed() {
    let dir = scratch();
    let output = run(dir.path(), &["schema", "explain"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stdout(&output) == include_str!("../../../docs/explain.schema.json"),
        "docs/explain.schema.json is out of date"
    );
    let output = run(dir.path(), &["schema", "snapshot"]);
    assert!(
        stdout(&output) == include_str!("../../../docs/snapshot.schema.json"),
        "docs/snapshot.schema.json is out of date"
    );
}

#[test]
fn what_is_not_simulated_is_neither_a_start_nor_an_error() {
    let dir = scratch();
    let script = dir.path().join("script");
    fs::write(&script, "#!/bin/sh\nexec python3\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/bin/true", dir.path().join("python")).unwrap();
    for file in ["./script", "./python"] {
        let output = run(dir.path(), &["explain", file, "--json"]);
        assert_eq!(output.status.code(), Some(0));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["outcome"]["status"], "not-simulated");
        for key in ["sys", "site", "pyvenv_cfg"] {
            assert!(report[key].is_null(), "{key}");
        }
        assert_eq!(report["steps"].as_array().unwrap().len(), 1);
        assert_eq!(run(dir.path(), &["check", file]).status.code(), Some(0));
        assert!(stdout(&run(dir.path(), &["explain", file])).contains("not simulated"));
    }
}

#[test]
fn every_command_takes_json() {
    let dir = scratch();
    let commands = [
        &["explain", "./x/python"][..],
        &["check", "./x/python"],
        &["which", "--python", "./x/python", "os"],
        &["scan"],
        &["rule", "VD102"],
        &["verify", "./x/python"],
        &["snapshot", "./x/python"],
        &["diff", "./x/python", "./bin/python"],
        &["schema", "explain"],
    ];
    for command in commands {
        let by = |options: &[&str]| run(dir.path(), &[command, options].concat());
        let (short, long) = (by(&["--json"]), by(&["--format", "json"]));
        assert!(serde_json::from_slice::<Value>(&short.stdout).is_ok(), "{command:?}: {}", stderr(&short));
        assert_eq!(stdout(&short).len(), stdout(&long).len(), "{command:?}");
        assert_eq!(by(&["--json", "--format", "json"]).status.code(), Some(2), "{command:?}");
    }
}
