//! First lines of scripts that do not do what they seem to do.

use serde_json::Value;

use super::{Room, Truth};
use crate::support::program::{PROGRAM, json};

/// The report about a script with this first line.
fn explained(room: &mut Room, line: &str) -> Value {
    let script = room.write("deploy", format!("#!{line}\nexit 0\n"));
    room.row("script", &script, &[], Truth::NotSimulated);
    let row = room.rows.pop().unwrap();
    json(&room.call(&row, PROGRAM).args(["explain", &script, "--json"]).output().unwrap())
}

fn only_finding(report: &Value) -> &Value {
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{report}");
    &findings[0]
}

#[test]
fn a_name_that_env_replaces_is_not_missing() {
    let mut room = Room::new();
    for name in ["${ENVIRONMENT}/bin/python", "'/opt/x'/python", "/opt\\_x/bin/python"] {
        let report = explained(&mut room, &format!("/usr/bin/env -S {name}"));
        if report["outcome"]["status"] == "not-simulated" {
            assert_eq!(only_finding(&report)["severity"], "info", "{name}: {report}");
        } else {
            assert!(!name.contains("${"), "{name}: {report}");
        }
    }
}

#[test]
fn several_words_are_one_name_for_env() {
    let mut room = Room::new();
    let report = explained(&mut room, "/usr/bin/env python3 -I");
    assert_eq!(report["outcome"]["status"], "fails-to-execute");
    let finding = only_finding(&report);
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("`python3 -I`") && message.contains("env -S"), "{message}");
    assert!(finding["fix"].as_str().unwrap().contains("first line"), "{finding}");
}

#[test]
fn of_a_shell_script_it_is_not_said_that_it_starts_a_python() {
    let mut room = Room::new();
    let report = explained(&mut room, "/bin/sh");
    let finding = only_finding(&report);
    assert_eq!(finding["effect"], "whether the script starts a Python, and which, is not known");
    assert_eq!(finding["message"].as_str().unwrap().matches("deploy").count(), 1, "{finding}");
}
