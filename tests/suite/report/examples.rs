//! The examples of the manual, resolved on machines in memory.

use bstr::BString;
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::check::{Examined, Forecast, Report};
use venv_doctor::internals::report::text::{Style, render};
use venv_doctor::internals::rules::{Selection, Severity};
use venv_doctor::internals::startup::Options;
use venv_doctor::{Depth, FixProgress, Wanted};

use crate::support::machine;

const MANUAL: &str = include_str!("../../../docs/manual.md");
/// In the manual, this line replaces lines that are left out.
const ELISION: &str = "\n  …\n";

fn output() -> String {
    let host = machine::ada();
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let style = Style { width: 100, color: false, verbose: false, home: Some(BString::from("/home/ada")) };
    render(&venv_doctor::explain(&host, &invocation, &options), &[], &style)
}

fn check_output() -> String {
    let host = machine::moved();
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let style = Style { width: 100, color: false, verbose: false, home: Some(BString::from("/home/ada")) };
    let explanation = venv_doctor::check(&host, &invocation, &options);
    let selection = Selection { select: Vec::new(), ignore: Vec::new(), severity: Severity::Warning };
    let wanted = Wanted { selection: selection.clone(), with_unsafe: false };
    let plan = venv_doctor::plan(&host, &invocation, &options, Depth::Environment, &wanted);
    let fixes = plan.fixes.iter().filter(|fix| fix.progress == FixProgress::Planned).count();
    let forecast = (fixes > 0).then_some(Forecast { fixes, after: plan.after });
    let examined = Examined { asked: None, explanation, notes: Vec::new(), forecast };
    Report { examined: vec![examined], selection, dir: None }.to_text(&style)
}

#[test]
fn the_manual_shows_what_a_check_says() {
    let output = check_output();
    let example = MANUAL.split("$ venv-doctor check\n").nth(1).unwrap_or_default().split("```").next().unwrap();
    assert_eq!(example.trim_end(), output.trim_end());
}

#[test]
fn the_manual_shows_what_the_program_says() {
    let output = output();
    let example = MANUAL.split("$ venv-doctor explain .venv/bin/python\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let mut rest = output.as_str();
    for shown in example.split(ELISION) {
        let at = rest.find(shown.trim_end_matches('\n'));
        assert!(at.is_some(), "the manual shows\n{shown}\nbut the program says\n{output}");
        rest = &rest[at.unwrap()..];
    }
}
