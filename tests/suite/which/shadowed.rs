//! Names that more than one entry provides, and files asked for backwards.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::program::stdout;
use crate::which::{document, first_line, stage, which};

fn groups(document: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    document["shadowed"].as_array().unwrap().iter().map(|one| (text(&one["group"]), text(&one["name"]))).collect()
}

#[test]
fn names_that_several_entries_provide_are_grouped() {
    let Some(stage) = stage() else { return };
    stage.install("plotcore", "2.3.1", &[("plotcore/__init__.py", ""), ("tide.py", ""), ("ns/one.py", "")]).unwrap();
    stage.write("path/plotcore.py", "").unwrap();
    stage.write("path/ns/two.py", "").unwrap();
    stage.write("path/alone.py", "").unwrap();
    stage.write("random.py", "").unwrap();
    stage.write("tide/data.txt", "").unwrap();
    let arguments = ["--shadowed", "env", "--env", "PYTHONPATH=path"];
    let document = document(&stage, &[], &arguments);
    let expected = [
        ("PYTHONPATH over the environment", "plotcore"),
        ("the working directory over the standard library", "random"),
    ];
    let expected: BTreeSet<_> = expected.map(|(group, name)| (group.to_owned(), name.to_owned())).into();
    assert_eq!(groups(&document), expected, "{}", document["shadowed"]);
    let output = which(&stage, &[], &arguments);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("2 names are provided more than once on sys.path.\n"), "{}", stdout(&output));
}

#[test]
fn a_new_environment_hides_nothing() {
    let Some(stage) = stage() else { return };
    let document = document(&stage, &[], &["--shadowed", "env"]);
    assert_eq!(document["shadowed"], Value::Array(Vec::new()));
}

#[test]
fn a_file_has_the_names_by_which_it_is_imported() {
    let Some(stage) = stage() else { return };
    stage.write("app/models/user.py", "").unwrap();
    stage.write("app/__init__.py", "").unwrap();
    stage.write("random.py", "").unwrap();
    stage.write("sys.py", "").unwrap();
    stage.write("path/app.py", "").unwrap();
    stage.write("away/thing.py", "").unwrap();
    for (path, answer) in [
        ("app/models/user.py", "app/models/user.py → import app.models.user"),
        ("app/__init__.py", "app/__init__.py → import app"),
        ("app", "app → import app"),
        ("random.py", "random.py → import random"),
        ("sys.py", "sys.py → cannot be imported: import sys gets the module that is built into the interpreter"),
        ("path/app.py", "path/app.py → import path.app"),
    ] {
        assert_eq!(first_line(&stage, &[], &["--file", path, "env"]), answer);
    }
    let isolated = first_line(&stage, &[], &["-I", "--file", "away/thing.py", "env"]);
    assert_eq!(isolated, "away/thing.py → cannot be imported: no entry of sys.path leads to it");
    let stdlib = stage.stdlib().join("random.py");
    let hidden = first_line(&stage, &[], &["--file", stdlib.to_str().unwrap(), "env"]);
    assert!(hidden.ends_with("→ cannot be imported: import random gets @/random.py"), "{hidden}");
}
