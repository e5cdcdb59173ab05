//! A snapshot contains no other variables than those that startup reads.

use std::path::Path;

use tempfile::TempDir;

use crate::support::program::{json, program, run, stderr};

#[test]
fn no_other_variable_is_recorded() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("snapshot.json");
    let output = program(dir.path())
        .args(["snapshot", "./python", "-o"])
        .arg(&file)
        .envs([("PATH", "/usr/bin"), ("PYTHONPATH", "/extra"), ("TOKEN", "k3y-0ne"), ("PYTHONBREAKPOINT", "k3y-tw0")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.is_empty());
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("/extra"), "{text}");
    assert!(!text.contains("k3y"), "{text}");
}

#[test]
fn arguments_change_what_the_snapshot_says() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("snapshot.json");
    std::fs::write(&file, crate::snapshot::EXAMPLE).unwrap();
    let report = |arguments: &[&str]| -> serde_json::Value {
        let mut command = program(Path::new("/"));
        command.args(["explain", "--json", "--snapshot"]).arg(&file).args(arguments);
        // Nothing of this process counts.
        command.env("PYTHONHOME", "/live").env("VIRTUAL_ENV", "/live");
        json(&command.output().unwrap())
    };
    let plain = report(&[]);
    assert_eq!(plain["invocation"]["cwd"], "/home/u/project");
    assert_eq!(plain["invocation"]["environment"], serde_json::json!({"HOME": "/home/u", "PATH": "/usr/bin"}));
    let changed =
        report(&["-I", "--launch", "module=x", "--env", "PYTHONPATH=/x", "--unset", "PATH", "--cwd", ".venv"]);
    assert_eq!(changed["invocation"]["flags"]["isolated"], true);
    assert_eq!(changed["invocation"]["launch"]["target"], "x");
    assert_eq!(changed["invocation"]["cwd"], "/home/u/project/.venv");
    let variables = serde_json::json!({"HOME": "/home/u", "PYTHONPATH": "/x"});
    assert_eq!(changed["invocation"]["environment"], variables);
    assert_eq!(report(&["--python-version", "3.9.2"])["interpreter"]["version"], "3.9.2");
    let other = report(&["/usr/local/bin/python3.12"]);
    assert_eq!(other["invocation"]["executable_arg"], "/usr/local/bin/python3.12");
    assert_eq!(other["pyvenv_cfg"], serde_json::Value::Null);
    assert_eq!(report(&[".venv"])["invocation"]["executable_arg"], ".venv/bin/python");
}

#[test]
fn a_malformed_snapshot_is_one_error() {
    let output = run(Path::new("/"), &["explain", "--snapshot", "-"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error: invalid snapshot standard input: line 1, column 1: EOF while parsing a value\n\
         help: `venv-doctor snapshot PYTHON` records one\n"
    );
}
