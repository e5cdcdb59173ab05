//! The report of `check` in all its forms.

use serde_json::Value;
use textwrap::core::display_width;
use venv_doctor::internals::report::check::{Examined, Report, schema};
use venv_doctor::internals::report::text::{Style, render};
use venv_doctor::internals::rules::{Confidence, Finding, Selection, Severity, all_rules};

use crate::report::sample;

/// A healthy environment, a broken one, and one whose every string is hostile.
fn report(severity: Severity, hostile: bool) -> Report {
    let mut explanations = vec![sample::healthy(), sample::broken()];
    if hostile {
        explanations.push(sample::hostile(b"evil\x1b[2J\n::error::\xff"));
    }
    let examined = explanations.into_iter().map(|explanation| Examined {
        asked: Some(explanation.resolution.invocation.executable.clone()),
        explanation,
        notes: vec!["a note".into()],
        forecast: None,
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
fn no_line_is_wider_than_the_page() {
    for width in 40..=200 {
        for line in report(Severity::Info, false).to_text(&style(width)).lines() {
            // Places and commands are to be followed and pasted, and never broken.
            let is_whole = ["--> ", "::: ", "$ "].iter().any(|start| line.trim_start().starts_with(start));
            assert!(is_whole || display_width(line) <= width, "{width}: {line:?}");
        }
    }
}

#[test]
fn explain_shows_a_finding_as_check_does() {
    let explained = render(&sample::healthy(), &[], &style(100));
    let checked = report(Severity::Warning, false).to_text(&style(100));
    let start = checked.find("warning[VD401]").unwrap();
    let finding = checked[start..].split("\n\n").next().unwrap();
    assert!(explained.ends_with(&format!("{finding}\n")), "{explained}");
}

#[test]
fn a_heuristic_finding_says_so() {
    let mut explanation = sample::healthy();
    let rule = all_rules().find(|rule| rule.confidence == Confidence::Heuristic).unwrap();
    explanation.resolution.steps.clear();
    explanation.findings = vec![Finding::new(rule, "this looks like that")];
    let text = render(&explanation, &[], &style(100));
    assert!(text.contains("= this rule is heuristic"), "{text}");
}

#[test]
fn annotations_of_github() {
    insta::assert_snapshot!(report(Severity::Info, false).to_github());
}

#[test]
fn code_quality_of_gitlab() {
    let document: Value = serde_json::from_slice(&report(Severity::Info, true).to_gitlab()).unwrap();
    let issues = document.as_array().unwrap();
    assert_eq!(issues.len(), 3);
    let mut fingerprints: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 3, "{document:#}");
    for issue in issues {
        assert!(["info", "major", "critical"].contains(&issue["severity"].as_str().unwrap()));
        assert!(issue["check_name"].as_str().unwrap().starts_with("VD"));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        assert!(issue["location"]["path"].is_string() && issue["description"].is_string());
    }
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
    let published = include_str!("../../../docs/check.schema.json");
    assert!(published == schema(), "cargo run -- schema check > docs/check.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(published).unwrap()).unwrap();
    let document: Value = serde_json::from_slice(&report(Severity::Info, true).to_json()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let summary = &document["summary"];
    assert_eq!([&summary["environments"], &summary["errors"], &summary["warnings"]], [3, 1, 2]);
}

/// The published schema of SARIF, reduced to the objects and properties that are written here; any other is an error.
const SARIF_SCHEMA: &str = include_str!("sarif.schema.json");

#[test]
fn sarif_is_valid() {
    let validator = jsonschema::validator_for(&serde_json::from_str(SARIF_SCHEMA).unwrap()).unwrap();
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
