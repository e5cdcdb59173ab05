//! Names that are no names, and files that are no modules.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use proptest::prelude::*;

use crate::support::program::program;
use crate::support::program::{scratch, stderr, stdout};
use crate::which::{document, first_line, stage, which};

#[test]
fn a_name_that_is_none_is_not_found() {
    let Some(stage) = stage() else { return };
    stage.write("x.py", "").unwrap();
    let names = [
        "",
        ".",
        "..",
        ".x",
        "x.",
        "a..b",
        "../x",
        "/etc/passwd",
        "x/y",
        "x\ny",
        "\u{1b}[31mx",
        "x\u{202e}",
        "~",
        "x.py",
    ];
    let all: Vec<&str> = ["env", "--"].into_iter().chain(names).collect();
    let report = document(&stage, &[], &all);
    for (name, answer) in names.iter().zip(report["names"].as_array().unwrap()) {
        assert_eq!((answer["name"].as_str(), answer["kind"].as_str()), (Some(*name), Some("missing")), "{answer}");
        assert!(answer["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{answer}");
    }
    let output = which(&stage, &[], &all);
    assert_eq!(output.status.code(), Some(1));
    assert!(!stdout(&output).contains(['\u{1b}', '\u{202e}']), "{}", stdout(&output));
}

#[test]
fn a_file_that_cannot_be_imported_says_why() {
    let Some(stage) = stage() else { return };
    stage.write("notes.txt", "").unwrap();
    stage.write("a-b/c.py", "").unwrap();
    stage.write("__pycache__/x.cpython-312.pyc", "").unwrap();
    for (path, reason) in [
        ("notes.txt", "no suffix of a module"),
        ("gone.py", "does not exist"),
        ("", "the path is empty"),
        ("__pycache__/x.cpython-312.pyc", ""),
        ("/", ""),
        ("/dev/null", "no suffix of a module"),
    ] {
        let line = first_line(&stage, &[], &["--file", path, "env"]);
        assert!(line.contains("cannot be imported: ") && line.contains(reason), "{path}: {line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_are_answered(name in prop::collection::vec(1_u8.., 0..24)) {
        let dir = scratch();
        let name = OsString::from_vec(name);
        let mut command = program(dir.path());
        let output = command.args(["which", "/usr/bin/python3", "--"]).arg(&name).output().expect("the program runs");
        prop_assert!(matches!(output.status.code(), Some(0..=2)), "{}", stderr(&output));
        let mut command = program(dir.path());
        let output = command.args(["which", "--python", "/usr/bin/python3", "--file"]).arg(&name).output().expect("the program runs");
        prop_assert!(matches!(output.status.code(), Some(0..=2)), "{}", stderr(&output));
    }
}
