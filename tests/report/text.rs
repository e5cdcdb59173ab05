//! The report for people, against golden texts.

use proptest::prelude::*;
use textwrap::core::display_width;
use venv_doctor::report::text::{Style, render};

use crate::colors::without_colors;
use crate::sample;

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

#[test]
fn every_question_with_its_answer() {
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
                // A command is to be pasted, and never broken.
                for line in text.lines().filter(|line| !line.trim_start().starts_with("$ ")) {
                    assert!(display_width(line) <= width, "{width}: {line:?}");
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
