//! The whole: any snapshot ends in its reports, any document stays a document when it is redacted, and no text is a
//! command where it is shown.

use std::cell::Cell;

use bstr::ByteSlice;
use serde_json::Value;
use venv_doctor::Selector;
use venv_doctor::internals::snapshot::{self, document::Document};
use venv_doctor::internals::text::{escape, python};

use super::seeds::machines;
use super::target;
use crate::hostile::{judge, mutate};
use crate::support::rng::Rng;

/// Machines of different kinds, none of them large.
fn documents() -> Vec<Vec<u8>> {
    let mut found = machines(&["windows", "macos", "pypy", "dist-info", ".start", "virtualenv"], 400);
    found.retain(|document| document.len() < super::LARGEST);
    found.into_iter().step_by(9).collect()
}

/// Examines a document, and makes every report of it.
fn examine(document: &[u8]) {
    if let Err(wrong) = judge::examine(document) {
        panic!("{wrong}");
    }
}

#[test]
fn the_name_of_an_implementation_cannot_control_a_terminal() {
    let mut document: Value =
        serde_json::from_slice(include_bytes!("../../../fixtures/rules/VD901/passes.json")).unwrap();
    document["interpreter"]["implementation"] = "\u{2028}\u{1b}[31mcpython".into();
    examine(&serde_json::to_vec(&document).unwrap());
}

target!(snapshot_text, documents(), |_, input| examine(input));

// Of damaged JSON little is left that can be read; here the values are damaged instead.
target!(snapshot_values, documents(), {
    let number = Cell::new(0);
    move |_: usize, input: &[u8]| {
        let Ok(mut document) = serde_json::from_slice::<Value>(input) else { return };
        if !document.is_object() {
            return;
        }
        number.set(number.get() + 1);
        let mut rng = Rng::new(input.len() as u64, number.get());
        for _ in 0..=rng.below(3) {
            mutate::damage(&mut rng, &mut document);
        }
        examine(&serde_json::to_vec(&document).unwrap());
    }
});

target!(redaction, documents(), |_, input| {
    let Ok(document) = serde_json::from_slice::<Document>(input) else { return };
    let redacted = snapshot::write(&snapshot::redact(document));
    let (before, after) = (snapshot::load(input).is_ok(), snapshot::load(&redacted));
    assert!(!before || after.is_ok(), "{:?}", after.err());
});

target!(ci_log, vec![b"a ::error::b\n  \x1b[1m::x\n##[group]y ##vso[z] section_start:1:x\n".to_vec()], |_, input| {
    let safe = venv_doctor::cli::harmless(input);
    assert_eq!(venv_doctor::cli::harmless(&safe), safe, "what is harmless stays as it is");
    if input.to_str().is_ok() {
        let is_command = |line: &[u8]| line.trim_start().starts_with(b"::");
        assert!(!safe.lines().any(is_command) && !safe.contains_str("##["));
    }
});

target!(
    escapes,
    vec!["a\x1b[31m\u{202e}é\u{200b}\\ \u{feff}".as_bytes().to_vec(), b"\xff\xc2\x9b".to_vec()],
    |_, input| {
        let shown = escape::escape(input.as_bstr());
        assert!(!shown.chars().any(escape::is_unsafe), "{shown:?}");
        python::utf8_error(input);
        python::utf8_file_error(input);
        python::unquoted(input);
    }
);

target!(selectors, vec![b"VD1,VD205,home-gone,all,vd2xx".to_vec(), b"V".to_vec()], |_, input| {
    for word in input.to_str_lossy().split(',').take(16) {
        _ = word.parse::<Selector>().is_ok();
    }
});
