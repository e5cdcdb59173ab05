//! `check`: its exit codes, and what it answers of several environments.

use std::fs;

use super::{dangling_environment, found};
use crate::support::program::{json, run, scratch, stderr};

#[test]
fn a_check_ends_as_its_findings_and_its_options_say() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    let check = |arguments: &[&str]| {
        let all: Vec<&str> = ["check", "--format", "json"].iter().chain(arguments).copied().collect();
        run(dir.path(), &all)
    };
    let whole = check(&[]);
    assert_eq!(whole.status.code(), Some(1));
    assert_eq!(found(&whole)[0], "VD102");
    assert!(found(&check(&["--select", "VD2"])).iter().all(|code| code.starts_with("VD2")));
    let ignoring = check(&["--ignore", "VD1"]);
    assert_eq!(ignoring.status.code(), Some(0), "{:?}", found(&ignoring));
    assert_eq!(check(&["--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(check(&["--ignore", "VD1", "--fail-on", "info"]).status.code(), Some(1));
    assert_eq!(found(&check(&["--severity", "error"])), ["VD102"]);
}

#[test]
fn a_check_of_several_answers_for_those_that_it_can() {
    let dir = scratch();
    dangling_environment(&dir.path().join("one"));
    fs::create_dir(dir.path().join("two")).unwrap();
    let output = run(dir.path(), &["check", "one", "./two", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: no Python interpreter in ./two/bin"), "{}", stderr(&output));
    assert_eq!(found(&output)[0], "VD102");
    let text = run(dir.path(), &["check", "one", "nowhere-on-path"]);
    assert_eq!(text.status.code(), Some(2));
    assert!(stderr(&text).starts_with("error: no program named nowhere-on-path on PATH"), "{}", stderr(&text));
}

#[test]
fn a_check_goes_no_further_than_its_snapshot() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    let recorded = run(dir.path(), &["snapshot", ".venv", "-o", "short.json"]);
    assert_eq!(recorded.status.code(), Some(0), "{}", stderr(&recorded));
    run(dir.path(), &["snapshot", ".venv", "--check", "-o", "whole.json"]);
    let notes = |file: &str| {
        let output = run(dir.path(), &["check", "--snapshot", file, "--format", "json"]);
        assert_eq!(found(&output)[0], "VD102");
        let report = json(&output);
        report["environments"][0]["notes"].to_string()
    };
    assert!(notes("short.json").contains("`snapshot --check` records it"));
    assert!(!notes("whole.json").contains("`snapshot --check` records it"));
}
