//! The laws of the house, read from its sources: arrows between rooms run one way, and only the places listed here may
//! do what clippy's `disallowed-methods` forbids everywhere else.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, ground floor first. A room uses those before it and no other; `docs/architecture.md` says what each holds.
const ROOMS: [&str; 18] = [
    "text",
    "host",
    "invocation",
    "interpreter",
    "finders",
    "startup",
    "imports",
    "environment",
    "which",
    "rules",
    "explanation",
    "repair",
    "scan",
    "snapshot",
    "what_if",
    "difference",
    "report",
    "cli",
];

/// The files that may reach the machine by another way than a `Host`, each with what it is there for.
const REACH_THE_MACHINE: [(&str, &str); 15] = [
    ("src/alias.rs", "the program under the name of its package starts the program"),
    ("src/cli/fix/run.rs", "fix runs the tools that a plan shows, where the user wants that"),
    ("src/cli/mod.rs", "the command line starts with this process"),
    ("src/cli/output.rs", "the command line writes to standard output and files"),
    ("src/cli/verify/child.rs", "verify runs an interpreter, and says so"),
    ("src/host/live/change.rs", "the live host is the one that changes the machine"),
    ("src/host/live/mod.rs", "the live host is the one that asks the machine"),
    ("src/host/live/store.rs", "the journal is kept on the machine"),
    ("src/host/live/unix/attributes.rs", "what is written keeps its owner, mode and times"),
    ("src/host/live/unix/change.rs", "the live host is the one that changes the machine"),
    ("src/host/live/unix/mod.rs", "the live host is the one that asks the machine"),
    ("src/host/live/windows/attributes.rs", "what is written keeps its attributes and times"),
    ("src/host/live/windows/change.rs", "the live host is the one that changes the machine"),
    ("src/host/live/windows/mod.rs", "the live host is the one that asks the machine"),
    ("src/host/live/windows/program.rs", "the live host is the one that asks the machine"),
];

/// Every source file of the crate, with its path from the crate's directory.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut left) = (Vec::new(), vec![root.join("src")]);
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir).expect("a directory of sources") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("a source file")));
            }
        }
    }
    found.sort();
    found
}

/// The files above all rooms: the face of the library, and the programs.
const FACE: [&str; 5] = ["lib", "main", "alias", "json", "internals"];

/// The room of a file of `src`; none for what is above all rooms.
fn room(file: &str) -> Option<&str> {
    let name = file.strip_prefix("src/")?.split('/').next()?.trim_end_matches(".rs");
    (!FACE.contains(&name)).then_some(name)
}

/// The code of a file: without comments, and without the tests at its end, which may look at anything.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The rooms that a file names: `crate::room`, `crate::{room, …}`.
fn used(code: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let is_path = code[..at].chars().next_back().is_none_or(|c| !is_word(c) && c != '$');
        if !is_path {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(list) => names.extend(top_level(list).into_iter().map(|item| first_word(item, is_word))),
            None => names.push(first_word(rest, is_word)),
        }
    }
    names
}

/// The items of a list in braces, the closing brace not included.
fn top_level(list: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(list[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

fn first_word(text: &str, is_word: impl Fn(char) -> bool) -> &str {
    text.split(|c| !is_word(c)).next().unwrap_or_default()
}

/// The arrows of a file that run upwards.
fn upward(file: &str, text: &str) -> Vec<String> {
    let rank = |name: &str| ROOMS.iter().position(|room| *room == name);
    let Some(own) = room(file) else { return Vec::new() };
    let Some(from) = rank(own) else { return vec![format!("{file} is in {own}, which is no room of the table")] };
    let code = code(text);
    let names = used(&code);
    let above = names.into_iter().filter(|name| rank(name).is_some_and(|to| to > from));
    above.map(|name| format!("{file} uses {name}, which is above {own}")).collect()
}

#[test]
fn arrows_run_downwards() {
    let wrong: Vec<String> = sources().iter().flat_map(|(file, text)| upward(file, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_upward_arrow_is_seen() {
    let seen = |file, text| upward(file, text).len();
    assert_eq!(seen("src/host/live.rs", "use crate::startup::Step;"), 1);
    assert_eq!(seen("src/host/mod.rs", "use crate::{text::sentence, rules::{Rule, Code}, report};"), 2);
    assert_eq!(seen("src/host/mod.rs", "fn f() -> crate::cli::Exit { todo() }"), 1);
    assert_eq!(seen("src/garden/mod.rs", ""), 1);
    assert_eq!(seen("src/report/mod.rs", "use crate::rules::Rule; // crate::cli\nuse crate::host::Host;"), 0);
    assert_eq!(seen("src/host/mod.rs", "#[cfg(test)]\nmod tests {\n use crate::rules::Rule;\n}"), 0);
}

#[test]
fn only_listed_files_reach_the_machine() {
    let allows =
        |text: &str| text.contains("allow(clippy::disallowed_methods") || text.contains("allow(clippy::disallowed");
    let is_code = |file: &str| !file.ends_with("/tests.rs");
    let found: Vec<String> =
        sources().into_iter().filter(|(file, text)| is_code(file) && allows(text)).map(|(file, _)| file).collect();
    let listed: Vec<&str> = REACH_THE_MACHINE.iter().map(|(file, _)| *file).collect();
    assert_eq!(found, listed, "the files with an `allow` of clippy::disallowed_methods");
}

#[test]
fn nothing_is_declared_unreachable() {
    for (file, text) in sources() {
        assert!(!code(&text).contains("unreachable!"), "{file}: let the types say it, or answer with an error");
    }
}

#[test]
fn every_module_with_files_below_it_is_a_mod_file() {
    for (file, _) in sources() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(file.trim_end_matches(".rs"));
        assert!(!dir.is_dir(), "{file}: its place is {}/mod.rs", file.trim_end_matches(".rs"));
    }
}
