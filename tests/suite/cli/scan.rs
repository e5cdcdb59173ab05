//! `scan` in every form.

use serde_json::Value;

use super::dangling_environment;
use crate::support::program::{run, scratch, stdout};

#[test]
fn a_scan_finds_judges_and_says_so_in_every_form() {
    let dir = scratch();
    for name in ["one", "deep/two", "deep/er/.venv", ".git/objects/three"] {
        dangling_environment(&dir.path().join(name));
    }
    let lines = |arguments: &[&str]| {
        let all: Vec<&str> = ["scan", "--json"].iter().chain(arguments).copied().collect();
        let output = run(dir.path(), &all);
        let values: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (output.status.code(), values)
    };
    let (code, values) = lines(&[]);
    assert_eq!((code, values.len()), (Some(1), 4), "{values:?}");
    let summary = values.last().unwrap();
    assert_eq!(
        [&summary["type"], &summary["environments"], &summary["broken"]],
        [&Value::from("summary"), &3.into(), &3.into()]
    );
    assert!(values.iter().take(3).all(|value| value["first"]["code"] == "VD102" && value["base_exists"] == false));
    assert_eq!(lines(&["--no-prune"]).1.len(), 5);
    assert_eq!(lines(&["--depth", "1"]).1.len(), 2);
    assert_eq!(lines(&["--exclude", "**/deep"]).1.len(), 2);
    assert_eq!(lines(&["--python", "3.12"]).1.len(), 1);
    assert_eq!(lines(&["--older-than", "1"]).1.len(), 1);
    assert_eq!(lines(&["--threads", "1"]).1.len(), 4);
    let table = run(dir.path(), &["scan", "--by", "base", "--size"]);
    assert!(stdout(&table).contains("/nonexistent/bin/python3 (does not exist): 3 environments"), "{}", stdout(&table));
    assert!(
        stdout(&table).contains("3 environments: the base interpreter /nonexistent/bin/python3 does not exist"),
        "{}",
        stdout(&table)
    );
    assert_eq!(
        lines(&["deep", ".", "one", "./deep/er/../er"]).1.len(),
        4,
        "what is in several directories is told once"
    );
    let none = run(dir.path(), &["scan", "--size", "--python", "3.6"]);
    assert!(!stdout(&none).contains("reclaimable"), "{}", stdout(&none));
    for wrong in [
        &["scan", "nowhere"][..],
        &["scan", "one/pyvenv.cfg"],
        &["scan", "--exclude", "["],
        &["scan", "--threads", "0"],
    ] {
        assert_eq!(run(dir.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_table_is_as_wide_as_its_terminal_and_has_one_line_for_each_environment_elsewhere() {
    let dir = scratch();
    for name in ["one", "with/a/longer/way/to/it/than/others/have"] {
        dangling_environment(&dir.path().join(name));
    }
    let table = |arguments: &[&str]| {
        let all: Vec<&str> = ["scan", "--size"].iter().chain(arguments).copied().collect();
        stdout(&run(dir.path(), &all)).to_owned()
    };
    for width in [40, 60, 80, 120, 200] {
        let text = table(&["--width", &width.to_string()]);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= width), "{width}: {text}");
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(words.iter().filter(|word| word.starts_with("VD102")).count(), 2, "{width}: {text}");
    }
    let rows = table(&[]);
    let rows: Vec<&str> = rows.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.contains("VD102")), "{rows:?}");
}
