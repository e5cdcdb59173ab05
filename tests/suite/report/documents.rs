//! What the documents show is what the program does.

use std::collections::BTreeSet;

const README: &str = include_str!("../../../README.md");
const MANUAL: &str = include_str!("../../../docs/manual.md");
const HELP: [&str; 6] = [
    include_str!("../cli/snapshots/suite__cli__help-scan.snap"),
    include_str!("../cli/snapshots/suite__cli__help-check.snap"),
    include_str!("../cli/snapshots/suite__cli__help-rule.snap"),
    include_str!("../cli/snapshots/suite__cli__help-explain.snap"),
    include_str!("../cli/snapshots/suite__cli__help-snapshot.snap"),
    include_str!("../cli/snapshots/suite__cli__help-verify.snap"),
];

#[test]
fn the_manual_names_every_option() {
    let options: BTreeSet<&str> = HELP
        .iter()
        .flat_map(|help| help.split(|c: char| c.is_whitespace() || c == ','))
        .filter(|word| word.starts_with("--") && word.len() > 2 && *word != "--help")
        .collect();
    assert!(options.contains("--launch"), "{options:?}");
    let missing: Vec<_> = options.into_iter().filter(|option| !MANUAL.contains(option)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_manual_explains_every_key_of_the_report() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../../docs/explain.schema.json")).unwrap();
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(MANUAL.contains(&format!("| `{key}` |")), "{key}");
    }
}

#[test]
fn the_manual_explains_every_key_of_the_snapshot() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../../docs/snapshot.schema.json")).unwrap();
    for part in [&schema, &schema["$defs"]["File"]] {
        for key in part["properties"].as_object().unwrap().keys() {
            assert!(MANUAL.contains(&format!("| `{key}` |")), "{key}");
        }
    }
}

#[test]
fn the_readme_begins_with_the_commands_that_run_and_test_it() {
    let block = README.split("```").nth(1).unwrap().trim();
    assert_eq!(block, "cargo run --release -- explain\ncargo test");
}

/// Holds a page that is made from tables against the committed one.
fn assert_current(name: &str, current: &str) {
    let path = format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("VENV_DOCTOR_UPDATE").is_some() {
        std::fs::write(&path, current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == current, "docs/{name} is out of date: run the tests with VENV_DOCTOR_UPDATE=1");
}

#[test]
fn the_reference_of_steps_is_current() {
    assert_current("steps.md", &venv_doctor::internals::report::reference::steps());
}

#[test]
fn the_page_of_rules_is_current() {
    assert_current("rules.md", &venv_doctor::internals::report::rules::page());
}
