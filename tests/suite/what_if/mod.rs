//! What a change changes, on machines in memory, against golden texts.
#![allow(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough over lifetimes")]

mod cli;
mod situations;

use bstr::BString;
use proptest::prelude::*;
use serde_json::Value;
use textwrap::core::display_width;
use venv_doctor::Explanation;
use venv_doctor::internals::difference::{Fate, compare};
use venv_doctor::internals::host::{Host, MemoryHost};
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::difference::{Supposition, json};
use venv_doctor::internals::report::text::Style;
use venv_doctor::internals::startup::Options;
use venv_doctor::internals::what_if::{WhatIf, WhatIfError};

use crate::support::colors::without_colors;
use situations::{PYTHON, SITUATIONS, Situation, environment};

fn explain(host: &dyn Host, version: Version) -> Explanation {
    let invocation = Invocation::on(host, PYTHON).unwrap();
    let options = Options { python_version: Some(version), ..Options::default() };
    venv_doctor::explain(host, &invocation, &options)
}

fn style(width: usize) -> Style {
    Style { width, color: false, verbose: false, home: Some("/home/u".into()) }
}

/// The difference that a situation makes, with what is said of it.
fn with_difference<T>(situation: &Situation, look: impl FnOnce(&Supposition<'_>) -> T) -> T {
    let machine = (situation.machine)();
    let before = explain(&machine, situation.version.0);
    let changed = (situation.change)().apply(&machine, &before).unwrap();
    let after = explain(&changed.host, situation.version.1);
    let difference = compare(&before, &after);
    look(&Supposition { difference, supposed: &changed.supposed, notes: &changed.notes })
}

#[test]
fn every_situation_for_people() {
    for situation in SITUATIONS {
        let text = with_difference(situation, |supposition| supposition.to_text(&style(100)));
        insta::assert_snapshot!(situation.name, text);
    }
}

#[test]
fn narrow_wide_and_with_every_question() {
    let situation = &SITUATIONS[0];
    for width in [60, 200] {
        let text = with_difference(situation, |supposition| supposition.to_text(&style(width)));
        insta::assert_snapshot!(format!("{}-{width}", situation.name), text);
    }
    let verbose = Style { verbose: true, ..style(100) };
    let text = with_difference(situation, |supposition| supposition.to_text(&verbose));
    insta::assert_snapshot!(format!("{}-verbose", situation.name), text);
}

#[test]
fn the_whole_document_for_programs() {
    let document = with_difference(&SITUATIONS[0], |supposition| supposition.to_json());
    let mut document: Value = serde_json::from_slice(&document).unwrap();
    document["tool"]["version"] = "x.y.z".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn documents_keep_to_the_schema() {
    let schema = serde_json::from_str(&json::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for situation in SITUATIONS {
        let document = with_difference(situation, |supposition| supposition.to_json());
        let document = serde_json::from_slice(&document).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", situation.name);
    }
}

#[test]
fn the_published_schema_is_current() {
    let published = include_str!("../../../docs/what-if.schema.json");
    assert!(published == json::schema(), "cargo run -- schema what-if > docs/what-if.schema.json");
}

#[test]
fn no_line_is_wider_than_the_page_and_colors_change_no_word() {
    for situation in SITUATIONS {
        with_difference(situation, |supposition| {
            for width in 40..=200 {
                for verbose in [false, true] {
                    let text = supposition.to_text(&Style { verbose, ..style(width) });
                    let wide = text.lines().find(|line| display_width(line) > width);
                    assert_eq!(wide, None, "{} at {width}", situation.name);
                }
            }
            let colored = supposition.to_text(&Style { color: true, ..style(100) });
            assert!(colored.contains("\x1b["));
            assert_eq!(without_colors(&colored), supposition.to_text(&style(100)));
        });
    }
}

#[test]
fn an_explanation_does_not_differ_from_itself() {
    let machine = environment();
    let before = explain(&machine, Version::new(3, 12, 1));
    let changed = WhatIf::default().apply(&machine, &before).unwrap();
    let after = explain(&changed.host, Version::new(3, 12, 1));
    let difference = compare(&before, &after);
    assert!(difference.is_empty());
    assert!(difference.steps.iter().all(|pair| pair.fate == Fate::Kept));
    let text = Supposition { difference, supposed: &[], notes: &[] }.to_text(&style(100));
    assert!(text.starts_with(&format!("{PYTHON} · what if · nothing changes\n")), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_commands_the_terminal(evil in prop::collection::vec(any::<u8>(), 0..40), verbose: bool) {
        let machine = environment();
        let packages = "/home/u/app/.venv/lib/python3.12/site-packages";
        let before = explain(&machine, Version::new(3, 12, 1));
        let mut what_if = WhatIf::default();
        what_if.with_file.push((format!("{packages}/x.pth").into(), [b"/x/", evil.as_slice()].concat()));
        what_if.with_file.push((format!("{packages}/y.pth").into(), [b"import ", evil.as_slice()].concat()));
        what_if.set.push(("home".into(), evil.clone().into()));
        what_if.set.push((evil.clone().into(), "x".into()));
        what_if.without.push([b"/", evil.as_slice(), b"x"].concat().into());
        if let Ok(changed) = what_if.apply(&machine, &before) {
            let after = explain(&changed.host, Version::new(3, 12, 1));
            let difference = compare(&before, &after);
            let supposition = Supposition { difference, supposed: &changed.supposed, notes: &changed.notes };
            let text = supposition.to_text(&Style { verbose, ..style(100) });
            prop_assert!(!text.chars().filter(|&c| c != '\n').any(char::is_control), "{text:?}");
            prop_assert!(serde_json::from_slice::<Value>(&supposition.to_json()).is_ok());
        }
    }
}

type Change = fn(MemoryHost) -> MemoryHost;

/// The same change made in the machine itself.
#[test]
fn a_change_in_imagination_is_like_the_change_itself() {
    let cfg = "/home/u/app/.venv/pyvenv.cfg";
    let packages = "/home/u/app/.venv/lib/python3.12/site-packages";
    let cases: [(Change, WhatIf); 3] = [
        (
            |machine| machine.file("/home/u/app/.venv/pyvenv.cfg", "home = /opt/bin\n"),
            with(|what_if| what_if.with_file.push((cfg.into(), b"home = /opt/bin\n".to_vec()))),
        ),
        (
            |machine| machine.file("/home/u/app/.venv/lib/python3.12/site-packages/new.pth", "/home/u/app\nimport x\n"),
            with(|what_if| {
                what_if.with_file.push((format!("{packages}/new.pth").into(), b"/home/u/app\nimport x\n".to_vec()));
            }),
        ),
        (
            |machine| {
                machine.file(
                    "/home/u/app/.venv/pyvenv.cfg",
                    "home = /usr/local/bin\ninclude-system-site-packages = true\n",
                )
            },
            with(|what_if| what_if.set.push(("include-system-site-packages".into(), "true".into()))),
        ),
    ];
    for (change, what_if) in cases {
        for minor in [6, 10, 12, 15] {
            let version = Version::new(3, minor, 1);
            let machine = environment();
            let changed = what_if.apply(&machine, &explain(&machine, version)).unwrap();
            let imagined = explain(&changed.host, version);
            let real = explain(&change(environment()), version);
            assert_eq!(format!("{imagined:?}"), format!("{real:?}"), "{what_if:?} in 3.{minor}");
        }
    }
}

fn with(fill: impl FnOnce(&mut WhatIf)) -> WhatIf {
    let mut what_if = WhatIf::default();
    fill(&mut what_if);
    what_if
}

fn text(lines: &[BString]) -> Vec<String> {
    lines.iter().map(ToString::to_string).collect()
}

#[test]
fn a_missing_pyvenv_cfg_is_made_above_the_executable() {
    let machine = environment();
    let mut what_if = WhatIf::default();
    what_if.without.push(".venv/pyvenv.cfg".into());
    what_if.set.push(("home".into(), "/usr/local/bin".into()));
    let changed = what_if.apply(&machine, &explain(&machine, Version::new(3, 12, 1))).unwrap();
    assert_eq!(changed.host.read("/home/u/app/.venv/pyvenv.cfg".into(), 99), Ok(b"home = /usr/local/bin\n".to_vec()));
    assert_eq!(
        text(&changed.supposed),
        ["without /home/u/app/.venv/pyvenv.cfg", "home = /usr/local/bin in /home/u/app/.venv/pyvenv.cfg"]
    );
    assert_eq!(text(&changed.notes), ["there is no /home/u/app/.venv/pyvenv.cfg, so it is created"]);
}

#[test]
fn what_has_no_effect_is_said() {
    let machine = environment();
    let mut what_if = WhatIf::default();
    what_if.without.push("/gone".into());
    what_if.drop.push("prompt".into());
    what_if.set.push(("Home".into(), "/x".into()));
    let before =
        explain(&machine.file("/home/u/app/.venv/pyvenv.cfg", "home = /a\nhome = /b\n"), Version::new(3, 12, 1));
    let machine = environment().file("/home/u/app/.venv/pyvenv.cfg", "home = /a\nhome = /b\n");
    let changed = what_if.apply(&machine, &before).unwrap();
    assert_eq!(
        text(&changed.notes),
        [
            "there is no /gone, so removing it changes nothing",
            "/home/u/app/.venv/pyvenv.cfg has no line with the key prompt",
            "line 1 of /home/u/app/.venv/pyvenv.cfg names a home too, and the path configuration takes the first; \
             dropping the key before setting it leaves one",
        ]
    );
}

#[test]
fn what_cannot_be_imagined_is_refused() {
    let machine = environment().symlink("/loop", "loop");
    let before = explain(&machine, Version::new(3, 12, 1));
    let refused = |fill: fn(&mut WhatIf)| with(fill).apply(&machine, &before).err().map(|error| error.to_string());
    assert_eq!(refused(|it| it.without.push("/".into())), Some("/: is a directory".into()));
    assert_eq!(
        refused(|it| it.with_file.push(("/loop/x".into(), Vec::new()))),
        Some("/loop/x: too many levels of symbolic links".into())
    );
    let mut nowhere = before.clone();
    nowhere.resolution.invocation.cwd = None;
    let error = with(|it| it.without.push("x".into())).apply(&machine, &nowhere).err();
    assert!(matches!(error, Some(WhatIfError::NoWorkingDirectory { .. })));
}
