//! The situations of `fixtures/`: each snapshot is valid, resolves to the report next to it, and is indexed.
//!
//! `VENV_DOCTOR_UPDATE=1` rewrites the expected reports; check the difference before you commit it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use venv_doctor::internals::report::json::v1;
use venv_doctor::internals::snapshot;

/// The keys of a report that a fixture holds in full.
const KEYS: [&str; 6] = ["outcome", "pyvenv_cfg", "sys", "site", "startup", "messages"];
/// How many situations there are at least.
const FEWEST: usize = 60;
/// Where the expected values may come from.
const ORIGINS: [&str; 2] = ["real run", "upstream algorithm"];
/// Directories of a machine on which layouts are made: its administrator's, and those for what is temporary.
const TELLTALE: [&str; 5] = ["root", "tmp", "directories", "Temp", "temp"];
/// The directories that hold those of the users.
const HOMES: [&str; 2] = ["home", "Users"];
/// Who may live there: nobody, whom the situations are about, and what is found there whoever the user is.
const USERS: [&str; 4] = ["", "u", "linuxbrew", ".python-version"];

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The directories, by name.
fn situations() -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(dir()).expect("fixtures/ is there").map(|entry| entry.expect("an entry").path());
    // The pairs of the rules have a test of their own.
    let dirs = entries.filter(|path| path.is_dir() && !path.ends_with("rules"));
    dirs.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path)).collect()
}

/// The part of a report that is compared: all values, but of findings and steps only what they are.
fn report(text: &str, name: &str) -> Value {
    let snapshot = snapshot::load(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let explanation = venv_doctor::explain(&snapshot.host, &snapshot.invocation, &snapshot.options);
    let rendered = v1::render(&explanation, &snapshot.notes);
    let full: Value = serde_json::from_slice(&rendered).expect("a report is JSON");
    let mut part: Map<String, Value> = KEYS.iter().map(|key| ((*key).to_owned(), full[*key].clone())).collect();
    let rules: Vec<&Value> = full["steps"].as_array().expect("steps").iter().map(|step| &step["rule"]).collect();
    part.values_mut().for_each(|value| name_steps(value, &rules));
    part.insert("findings".to_owned(), each(&full["findings"], "code"));
    part.insert("steps".to_owned(), each(&full["steps"], "rule"));
    Value::Object(part)
}

/// Puts the rule of a step in the place of its number, which a new step before it would change.
fn name_steps(value: &mut Value, rules: &[&Value]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| name_steps(item, rules)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match field.as_u64().and_then(|step| usize::try_from(step).ok()) {
                    Some(step) if key == "step" => *field = rules[step - 1].clone(),
                    _ => name_steps(field, rules),
                }
            }
        }
        _ => {}
    }
}

fn each(list: &Value, key: &str) -> Value {
    json!(list.as_array().expect("a list").iter().map(|item| &item[key]).collect::<Vec<_>>())
}

#[test]
fn every_snapshot_resolves_to_its_report() {
    let update = std::env::var_os("VENV_DOCTOR_UPDATE").is_some_and(|value| !value.is_empty());
    let mut different = Vec::new();
    for (name, path) in situations() {
        let found = report(&read(&path.join("snapshot.json")), &name);
        let file = path.join("expected.json");
        if update {
            let text = serde_json::to_string_pretty(&found).expect("JSON") + "\n";
            fs::write(&file, text).expect("the expected report can be written");
            continue;
        }
        let expected: Value = serde_json::from_str(&read(&file)).unwrap_or_else(|error| panic!("{name}: {error}"));
        for key in KEYS.into_iter().chain(["findings", "steps"]).filter(|key| found[*key] != expected[*key]) {
            different.push(format!("{name}: {key}\n  found    {}\n  expected {}", found[key], expected[key]));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The rows of the index: name, what it shows, Python, platform, where the values come from.
fn index() -> Vec<[String; 5]> {
    let readme = read(&dir().join("README.md"));
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"));
    let cells = rows.map(|row| row.split(" | ").map(|cell| cell.trim_end_matches('`').to_owned()).collect::<Vec<_>>());
    cells.map(|cells| cells.try_into().unwrap_or_else(|cells| panic!("not five cells: {cells:?}"))).collect()
}

#[test]
fn the_index_is_complete_and_true() {
    let situations = situations();
    let index = index();
    assert!(situations.len() >= FEWEST, "{} situations", situations.len());
    let mut indexed: Vec<&String> = index.iter().map(|row| &row[0]).collect();
    indexed.sort();
    assert_eq!(indexed, situations.keys().collect::<Vec<_>>(), "fixtures/README.md and the directories differ");
    for [name, shows, python, platform, origin] in &index {
        let snapshot: Value = serde_json::from_str(&read(&situations[name].join("snapshot.json"))).expect("JSON");
        let version = snapshot["interpreter"]["version"].as_str().unwrap_or_default();
        assert!(version.is_empty() || python.split(' ').any(|word| word == version), "{name}: {python}, not {version}");
        assert_eq!(snapshot["platform"], platform.as_str(), "{name}");
        assert!(ORIGINS.contains(&origin.as_str()) && !shows.is_empty(), "{name}: {origin}");
    }
}

/// What in a text tells of the machine on which it was written: a directory, or the name of a user who is none of these.
fn telltale<'t>(text: &'t str, users: &[&str]) -> Option<&'t str> {
    let parts: Vec<&str> = text.split(['/', '\\']).collect();
    parts.array_windows().find_map(|[dir, next]| {
        let user = next.split(|c: char| !c.is_alphanumeric() && !"._-".contains(c)).next().unwrap_or_default();
        let is_somebody = HOMES.contains(dir) && !users.contains(&user);
        if TELLTALE.contains(dir) { Some(*dir) } else { is_somebody.then_some(user) }
    })
}

#[test]
fn no_situation_tells_where_it_was_made() {
    for (name, path) in situations() {
        for file in ["snapshot.json", "expected.json"] {
            // An expected report may just be being written by the test above.
            let text = fs::read_to_string(path.join(file)).unwrap_or_default();
            assert_eq!(telltale(&text, &USERS), None, "{name}/{file} names it");
            assert!(text.len() < 64 << 10, "{name}/{file} is too large");
        }
    }
}

#[test]
fn no_pair_of_a_rule_tells_where_it_was_made() {
    // One pair is about the home of somebody else, whom the recording has given this name.
    let users = [USERS.as_slice(), &["user3"]].concat();
    for entry in fs::read_dir(dir().join("rules")).expect("fixtures/rules/ is there") {
        let path = entry.expect("an entry").path();
        for file in ["fails.json", "passes.json"] {
            let file = path.join(file);
            assert_eq!(telltale(&read(&file), &users), None, "{} names it", file.display());
        }
    }
}
