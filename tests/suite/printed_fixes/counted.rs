//! Commands that count lines, pasted one after the other.

use std::fs;
use std::process::Command;

use crate::support::interpreters;
use crate::support::program::{json, run};
use crate::support::stage::Stage;

#[test]
fn one_line_after_the_other_is_deleted_as_it_is_meant() {
    let python = interpreters::installed().max_by_key(|python| python.minor).expect("an interpreter");
    let stage = Stage::new(python).unwrap();
    stage.venv(&[]).unwrap();
    let file = stage.at(stage.site()).join("some.pth");
    fs::write(&file, "/gone/a\n/gone/b\n/usr\n").unwrap();
    let report = json(&run(stage.path(), &["check", "env", "--select", "VD401", "--json"]));
    let findings = report["environments"][0]["findings"].as_array().unwrap();
    let commands: Vec<&str> = findings
        .iter()
        .flat_map(|finding| finding["commands"].as_array().unwrap())
        .filter_map(|command| command.as_str())
        .collect();
    assert_eq!(commands.len(), 2, "{report:#}");
    assert!(commands[0].starts_with("sed "), "{commands:?}");
    assert!(commands[1].starts_with("venv-doctor fix --select VD401 --unsafe "), "{commands:?}");
    assert!(Command::new("sh").arg("-c").arg(commands[0]).status().unwrap().success());
    assert_eq!(fs::read_to_string(&file).unwrap(), "/gone/b\n/usr\n");
}
