//! In what two environments differ, on machines in memory: the first line names the difference that matters, everything that
//! differs has a cause, and what lies elsewhere is no difference.

#![allow(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough over lifetimes")]

mod cli;
mod recorded;
mod situations;
mod twins;

use serde_json::Value;
use textwrap::core::display_width;
use venv_doctor::internals::difference::environments::{Contrast, Kind, Letter, Look, Side, Verdict, contrast};
use venv_doctor::internals::environment::Depth;
use venv_doctor::internals::host::MemoryHost;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::diff::{Named, Report, schema};
use venv_doctor::internals::report::text::Style;
use venv_doctor::internals::startup::Options;

use crate::support::colors::without_colors;
use situations::{Machine, SITUATIONS, machine};

/// A machine with its Python, ready to be looked at.
struct Ready {
    host: MemoryHost,
    invocation: Invocation,
    options: Options,
}

impl Ready {
    fn new(machine: Machine) -> Self {
        let mut invocation = Invocation::on(&machine.host, machine.python.as_str()).unwrap();
        invocation.flags = machine.flags;
        invocation.launch = machine.launch;
        invocation.read_checked_variables(&machine.host);
        let options = Options { python_version: Some(machine.version), ..Options::default() };
        Self { host: machine.host, invocation, options }
    }

    fn look(&self) -> Look<'_> {
        let (invocation, options) = (&self.invocation, &self.options);
        Look { host: &self.host, invocation, options, held: Depth::Files, has_installed: true }
    }
}

/// Compares two machines, and lets a report of it be looked at.
fn with_report<T>(a: Machine, b: Machine, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let (a, b) = (Ready::new(a), Ready::new(b));
    let (one, other) = Side::both(a.look(), b.look(), Depth::Environment);
    let contrast = contrast(&one, &other);
    let named = |typed: &str| Named { typed: typed.into(), is_snapshot: false, side: &one, notes: Vec::new() };
    let b = Named { side: &other, ..named("there/.venv") };
    look(&Report { a: named("here/.venv"), b, contrast })
}

fn style(width: usize) -> Style {
    Style { width, color: false, verbose: false, home: None }
}

/// The machine of A, and that of B as a situation makes it.
fn both(situation: &situations::Situation) -> (Machine, Machine) {
    let mut a = machine("/w/here/.venv", "/usr");
    let mut b = machine("/srv/there/.venv", "/opt/python");
    (situation.change)(&mut a, &mut b);
    (a, b)
}

#[test]
fn the_first_line_names_the_difference_that_matters() {
    let mut wrong = Vec::new();
    for situation in SITUATIONS {
        let (a, b) = both(situation);
        let text = with_report(a, b, |report| report.to_text(&style(100), false));
        let first = text.lines().next().unwrap_or_default();
        if first != situation.first {
            wrong.push(format!("{}\n  expected {}\n  got      {text}", situation.name, situation.first));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn everything_that_differs_has_one_cause() {
    for situation in SITUATIONS {
        let (a, b) = both(situation);
        with_report(a, b, |report| {
            let Contrast { causes, changes, .. } = &report.contrast;
            let mut told = vec![0; changes.len()];
            for (number, cause) in causes.iter().enumerate() {
                for &index in cause.changes.iter().chain(&cause.consequences) {
                    told[index] += 1;
                    assert_eq!(changes[index].cause, Some(number), "{}", situation.name);
                }
            }
            let untold: Vec<_> = changes.iter().zip(&told).filter(|(_, told)| **told != 1).collect();
            assert!(untold.is_empty(), "{}: {untold:#?}", situation.name);
            assert!(causes.is_sorted_by(|one, next| one.weight >= next.weight), "{}", situation.name);
        });
    }
}

#[test]
fn the_other_way_round_everything_is_mirrored() {
    for situation in SITUATIONS {
        let kinds = |turn: bool| {
            let (a, b) = both(situation);
            let (a, b) = if turn { (b, a) } else { (a, b) };
            with_report(a, b, |report| {
                let kind = |kind: Kind| match kind {
                    Kind::Only(letter) => Some(if turn { letter.other() } else { letter }),
                    _ => None,
                };
                let changes = report.contrast.changes.iter();
                // Of two lists in different orders, either may count as the one that is moved.
                let all = changes.filter(|change| change.kind != Kind::Moved);
                let mut all: Vec<String> =
                    all.map(|it| format!("{:?} {:?}", it.aspect, kind(it.kind).map(Letter::name))).collect();
                all.sort();
                all
            })
        };
        assert_eq!(kinds(false), kinds(true), "{}", situation.name);
    }
}

#[test]
fn documents_keep_to_the_schema() {
    let published = include_str!("../../../docs/diff.schema.json");
    assert!(published == schema(), "cargo run -- schema diff > docs/diff.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(published).unwrap()).unwrap();
    for situation in SITUATIONS {
        let (a, b) = both(situation);
        let document: Value = serde_json::from_slice(&with_report(a, b, |report| report.to_json())).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", situation.name);
        assert_eq!(document["headline"], situation.first, "{}", situation.name);
    }
}

#[test]
fn text_fits_every_width_and_colors_change_nothing() {
    for situation in SITUATIONS {
        for width in [40, 60, 100, 200] {
            let text = |color: bool| {
                let (a, b) = both(situation);
                with_report(a, b, |report| report.to_text(&Style { color, verbose: true, ..style(width) }, true))
            };
            let plain = text(false);
            assert_eq!(without_colors(&text(true)), plain, "{} {width}", situation.name);
            let wide: Vec<&str> = plain.lines().filter(|line| display_width(line) > width).collect();
            assert_eq!(wide, Vec::<&str>::new(), "{} {width}", situation.name);
        }
    }
}

#[test]
fn a_whole_report() {
    let situation = SITUATIONS.iter().find(|situation| situation.name == "a variable").unwrap();
    let (a, b) = both(situation);
    insta::assert_snapshot!("a-variable", with_report(a, b, |report| report.to_text(&style(100), false)));
}

#[test]
fn what_lies_elsewhere_is_no_difference() {
    let (a, b) = (machine("/w/here/.venv", "/usr"), machine("/srv/there/.venv", "/opt/python"));
    with_report(a, b, |report| {
        let Contrast { changes, places, .. } = &report.contrast;
        assert_eq!(report.contrast.verdict(), Verdict::Same, "{changes:#?}");
        let names: Vec<&str> = places.iter().map(|place| place.name).collect();
        assert_eq!(names, ["environment", "base", "project"]);
    });
}

#[test]
fn a_hostile_name_is_escaped() {
    let a = machine("/w/here/.venv", "/usr");
    let mut b = machine("/w/there/.venv", "/usr");
    b.put("lib/python3.12/site-packages/\x1b]0;evil\x07-1.dist-info/METADATA", "Name: evil\n");
    b.host = b.host.variable("PYTHONPATH", "/w/\x1b[31m\u{202e}red");
    let text = with_report(a, b, |report| report.to_text(&style(100), true));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text:?}");
    assert!(text.contains("\\x1b") && text.contains("\\u{202e}"), "{text}");
}
