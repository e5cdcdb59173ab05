//! Differences between releases live in one table: no other source compares versions.

#![expect(clippy::disallowed_methods, reason = "this test reads the sources of the project")]

use std::fs;
use std::path::{Path, PathBuf};

/// Where versions may be compared: the table itself, and the type with its order.
const ALLOWED: [&str; 2] = ["startup/behaviors.rs", "interpreter/version.rs"];

/// Directories that still compare versions.
const NOT_YET: [&str; 0] = [];

/// What a version, or a part of it, is called.
const NAMES: [&str; 3] = ["version", "minor", "micro"];

const ORDERINGS: [&str; 4] = [" >= ", " <= ", " < ", " > "];

#[test]
fn versions_are_compared_in_the_table_of_behaviors_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in sources(&root) {
        let name = file.strip_prefix(&root).expect("the file is below the root").to_string_lossy().replace('\\', "/");
        let is_left_out = NOT_YET.iter().any(|dir| name.starts_with(&format!("{dir}/")));
        if is_left_out || ALLOWED.contains(&name.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source is text");
        let lines = text.lines().enumerate().filter(|(_, line)| compares_versions(line));
        found.extend(lines.map(|(index, line)| format!("src/{name}:{}: {}", index + 1, line.trim())));
    }
    assert!(found.is_empty(), "give these a name in src/startup/behaviors.rs:\n{}", found.join("\n"));
}

#[test]
fn comparisons_are_recognized() {
    for line in [
        "if version.minor >= 11 {",
        "let old = minor < 9;",
        "if behaviors.version() >= Version::new(3, 9, 2) {",
        "filter(|_| self.version >= (3, 10))",
        "if 11 <= version.minor {",
        "match input.behaviors.version().minor {",
        "match (version.minor, version.micro) {",
        "if version.minor == 7 {",
        "match minor {",
    ] {
        assert!(compares_versions(line), "{line}");
    }
    for line in [
        "/// Whether minor >= 11.",
        "let (minor, micro) = (version.minor, version.micro);",
        "found.minor == version.minor",
        "fn minor(version: Option<Version>) -> Option<u8> {",
        "match survey.version() {",
        "let is_long = names.len() >= 3;",
    ] {
        assert!(!compares_versions(line), "{line}");
    }
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a directory of sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = paths
        .flat_map(|path| match path {
            dir if dir.is_dir() => sources(&dir),
            file if file.extension().is_some_and(|extension| extension == "rs") => vec![file],
            _ => Vec::new(),
        })
        .collect();
    files.sort();
    files
}

/// Whether a line orders versions, compares a part of one with a number, or matches on a part.
fn compares_versions(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    orders(code) || equals_number(code) || matches_on_part(code)
}

fn orders(code: &str) -> bool {
    ORDERINGS.iter().any(|ordering| {
        code.match_indices(ordering).any(|(at, _)| {
            let (left, right) = (last_name(&code[..at]), first_name(&code[at + ordering.len()..]));
            [left, right].iter().any(|name| NAMES.contains(name)) || code[at..].contains("Version::")
        })
    })
}

fn equals_number(code: &str) -> bool {
    [" == ", " != "].iter().any(|equality| {
        code.match_indices(equality).any(|(at, _)| {
            let is_number = code[at + equality.len()..].starts_with(|c: char| c.is_ascii_digit());
            is_number && NAMES.contains(&last_name(&code[..at]))
        })
    })
}

fn matches_on_part(code: &str) -> bool {
    let subject = code.split_once("match ").map(|(_, rest)| rest.trim_end_matches(" {").trim_end_matches(')'));
    subject.is_some_and(|subject| ["minor", "micro"].contains(&last_name(subject)))
}

fn is_part_of_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The name of the last field, variable or call.
fn last_name(code: &str) -> &str {
    let code = code.trim_end_matches("()");
    code.rsplit(|c| !is_part_of_name(c)).next().unwrap_or_default()
}

/// The name of the last field of the path with which an expression begins.
fn first_name(code: &str) -> &str {
    let path = code.split(|c| !is_part_of_name(c) && c != '.').next().unwrap_or_default();
    last_name(path)
}
