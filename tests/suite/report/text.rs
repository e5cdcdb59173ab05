//! The report for people, against golden texts.

use proptest::prelude::*;
use textwrap::core::display_width;
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::text::{Style, render};
use venv_doctor::internals::startup::{Options, Status};

use crate::report::sample;
use crate::support::colors::without_colors;
use crate::support::machine;

fn style(width: usize) -> Style {
    Style { width, color: false, verbose: false, home: Some("/home/u".into()) }
}

#[test]
fn a_healthy_environment_at_every_width() {
    for width in [60, 100, 200] {
        insta::assert_snapshot!(format!("healthy-{width}"), render(&sample::healthy(), &[], &style(width)));
    }
}

#[test]
fn a_broken_environment() {
    let note = "no PYTHON given; the nearest environment is /home/u/app/.venv".into();
    insta::assert_snapshot!("broken-100", render(&sample::broken(), &[note], &style(100)));
}

/// An explanation that is longer than this is not read. The head may yet grow by some lines.
const MOST_LINES: usize = 60;

#[test]
fn a_healthy_environment_fits_on_a_page() {
    let host = machine::fresh();
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let explanation = venv_doctor::explain(&host, &invocation, &options);
    assert_eq!((explanation.resolution.outcome.status, explanation.findings.len()), (Status::Starts, 0));
    let style = Style { home: None, ..style(100) };
    let text = render(&explanation, &[], &style);
    assert!(text.lines().count() <= MOST_LINES, "{} lines\n{text}", text.lines().count());
    let verbose = render(&explanation, &[], &Style { verbose: true, ..style });
    for step in &explanation.resolution.steps {
        let number = format!("{:>2}  ", step.number);
        assert!(text.lines().any(|line| line.starts_with(&number) && line.contains(step.title)), "{text}");
        assert!(verbose.contains(step.id.name()), "{verbose}");
    }
}

#[test]
fn every_lookup_with_its_answer() {
    let style = Style { verbose: true, ..style(100) };
    insta::assert_snapshot!("verbose-100", render(&sample::healthy(), &[], &style));
}

#[test]
fn colors_change_no_word() {
    let colored = render(&sample::healthy(), &[], &Style { color: true, ..style(100) });
    assert!(colored.contains("\x1b["));
    assert_eq!(without_colors(&colored), render(&sample::healthy(), &[], &style(100)));
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in 40..=200 {
        for resolution in [sample::healthy(), sample::broken()] {
            for verbose in [false, true] {
                let text = render(&resolution, &[], &Style { verbose, ..style(width) });
                for line in text.lines() {
                    // Places and commands are to be followed and pasted, and never broken.
                    let is_whole = ["--> ", "::: ", "$ "].iter().any(|start| line.trim_start().starts_with(start));
                    assert!(is_whole || display_width(line) <= width, "{width}: {line:?}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn no_name_commands_the_terminal(evil in proptest::collection::vec(any::<u8>(), 0..40), verbose: bool) {
        let text = render(&sample::hostile(&evil), &[evil.into()], &Style { verbose, ..style(100) });
        let commands = text.chars().filter(|&c| c != '\n').any(char::is_control);
        prop_assert!(!commands, "{text:?}");
    }
}
