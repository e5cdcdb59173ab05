//! What `snapshot --imports` records is answered alike everywhere else.

use serde_json::Value;

use crate::support::program::{program, stderr};
use crate::which::{document, stage};

#[test]
fn a_recording_is_answered_alike() {
    let Some(stage) = stage() else { return };
    stage.install("plotcore", "2.3.1", &[("plotcore/__init__.py", ""), ("plotcore/draw.py", "")]).unwrap();
    stage.write("path/Tide.py", "").unwrap();
    let names = ["plotcore", "plotcore.draw", "tide", "os", "sys", "random", "_ssl"];
    let mut command = program(stage.path());
    command.env("HOME", stage.at("home")).env("PATH", "/usr/bin:/bin").env("PYTHONPATH", "path");
    let snapshot = stage.at("snapshot.json");
    command.args(["snapshot", "env", "--imports", &names.join(","), "-o"]).arg(&snapshot);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let variables = [("PYTHONPATH", "path")];
    let live = document(&stage, &variables, &[&["env", "--"], names.as_slice()].concat());
    let snapshot = snapshot.to_str().unwrap();
    let replayed = document(&stage, &[], &[&["--snapshot", snapshot, "--"], names.as_slice()].concat());
    let answers = |document: &Value| document["names"].as_array().unwrap().clone();
    for (live, replayed) in answers(&live).iter().zip(&answers(&replayed)) {
        assert_eq!(live, replayed);
    }
    // Without a name that was recorded, nothing is claimed about files that nobody looked for.
    let hidden = document(&stage, &[], &["--snapshot", snapshot, "--without", "env", "--", "plotcore"]);
    assert_eq!(hidden["names"][0]["kind"], "unknown");
}
