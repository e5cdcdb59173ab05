//! The report of `check` in all its forms.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use venv_doctor::report::check::{Examined, Report, schema};
use venv_doctor::report::text::Style;
use venv_doctor::rules::{Selection, Severity};

use crate::sample;

/// A healthy environment, a broken one, and one whose every string is hostile.
fn report(severity: Severity, hostile: bool) -> Report {
    let mut explanations = vec![sample::healthy(), sample::broken()];
    if hostile {
        explanations.push(sample::hostile(b"evil\x1b[2J\n::error::\xff"));
    }
    let examined = explanations.into_iter().map(|explanation| Examined {
        asked: Some(explanation.invocation.executable.clone()),
        explanation,
        notes: vec!["a note".into()],
    });
    Report {
        examined: examined.collect(),
        selection: Selection { select: Vec::new(), ignore: Vec::new(), severity },
        dir: Some("/home/u/app".into()),
    }
}

fn style(width: usize) -> Style {
    Style { width, color: false, verbose: false, home: Some("/home/u".into()) }
}

#[test]
fn text_at_several_widths() {
    for width in [60, 100] {
        insta::assert_snapshot!(format!("check-{width}"), report(Severity::Warning, false).to_text(&style(width)));
    }
}

#[test]
fn annotations_of_github() {
    insta::assert_snapshot!(report(Severity::Info, false).to_github());
}

#[test]
fn no_form_obeys_what_was_read() {
    let report = report(Severity::Info, true);
    for text in [report.to_text(&style(80)), report.to_github()] {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
    let commands = report.to_github();
    assert!(commands.lines().all(|line| line.starts_with("::") && !line[2..].contains("\n::")), "{commands}");
    assert_eq!(commands.lines().count(), 3, "{commands}");
}

#[test]
fn json_keeps_to_its_schema() {
    let published = include_str!("../../docs/check.schema.json");
    assert!(published == schema(), "cargo run -- schema check > docs/check.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(published).unwrap()).unwrap();
    let document: Value = serde_json::from_slice(&report(Severity::Info, true).to_json()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let summary = &document["summary"];
    assert_eq!([&summary["environments"], &summary["errors"], &summary["warnings"]], [3, 1, 2]);
}

/// The published schema of SARIF, which a crate brings along.
fn sarif_schema() -> Value {
    let told = |program: &str, arguments: &[&str]| {
        let variable = std::env::var_os(program.to_uppercase()).unwrap_or_else(|| program.into());
        let output = Command::new(variable).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Only what is built here has been fetched for certain.
    let compiler = told("rustc", &["-vV"]);
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let arguments =
        ["metadata", "--offline", "--format-version=1", "--filter-platform", host, "--manifest-path", manifest];
    let metadata: Value = serde_json::from_str(&told("cargo", &arguments)).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let carrier = packages.find(|package| package["name"] == "serde-sarif").unwrap();
    let dir = PathBuf::from(carrier["manifest_path"].as_str().unwrap()).with_file_name("src");
    let mut schema: Value = serde_json::from_slice(&std::fs::read(dir.join("schema.json")).unwrap()).unwrap();
    // The published pattern of a language, which is not used here, is no regular expression.
    for object in ["run", "toolComponent"] {
        schema["definitions"][object]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    schema
}

#[test]
fn sarif_is_valid() {
    let validator = jsonschema::validator_for(&sarif_schema()).unwrap();
    for (severity, hostile) in [(Severity::Info, true), (Severity::Error, false)] {
        let log: Value = serde_json::from_slice(&report(severity, hostile).to_sarif()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{log:#}");
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
    }
}
