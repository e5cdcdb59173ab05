//! Fixes that run programs: only `--unsafe` runs them, and what they have done is not said to be undone.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::rebuilt::moved_base::Moved;
use crate::support::program::{json, stderr, stdout};
use crate::support::tree::{differences, tree};

/// An environment in which `pip` has a distribution to reinstall, since its module is gone.
fn hollow() -> std::io::Result<Option<Moved>> {
    let Some(moved) = Moved::unmoved()? else { return Ok(None) };
    fs::remove_file(moved.stage.at(moved.stage.site()).join("indexed_one.py"))?;
    Ok(Some(moved))
}

fn fix(moved: &Moved, journal: &Path, arguments: &[&str]) -> Output {
    moved.run(journal, &[["fix", "env", "--select", "VD605"].as_slice(), arguments].concat())
}

#[test]
fn only_unsafe_runs_pip_and_nothing_takes_it_back() -> std::io::Result<()> {
    let Some(moved) = hollow()? else { return Ok(()) };
    let journal = tempfile::tempdir()?;
    let old = tree(&moved.stage.at("env"));
    let refused = fix(&moved, journal.path(), &["--yes", "--json"]);
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    let document = json(&refused);
    let told = &document["environments"][0]["fixes"][0];
    assert_eq!((told["state"].as_str(), told["safe"].as_bool()), (Some("skipped"), Some(false)));
    assert_eq!(told["actions"][0]["action"], "run");
    assert_eq!(told["actions"][0]["reversible"], false);
    assert!(differences(&old, &tree(&moved.stage.at("env"))).is_empty());

    let shown = fix(&moved, journal.path(), &["--unsafe", "--dry-run"]);
    assert!(stdout(&shown).contains("(cannot be undone)"), "{}", stdout(&shown));
    let fixed = fix(&moved, journal.path(), &["--unsafe", "--yes"]);
    assert!(fixed.status.success(), "{}{}", stdout(&fixed), stderr(&fixed));
    assert!(stdout(&fixed).contains("1 fix applied.\n"), "{}", stdout(&fixed));
    assert!(stdout(&fixed).contains("What other programs have done cannot be undone."));
    assert!(moved.stage.at(moved.stage.site()).join("indexed_one.py").exists());

    // The journal knows of it, and does not pretend.
    assert_eq!(json(&moved.run(journal.path(), &["undo", "--list", "--json"]))["transactions"], serde_json::json!([]));
    assert_eq!(moved.run(journal.path(), &["undo"]).status.code(), Some(1));
    let names = fs::read_dir(journal.path().join("venv-doctor"))?.flatten().filter(|entry| entry.path().is_dir());
    let ids: Vec<String> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(ids.len(), 1);
    let undone = moved.run(journal.path(), &["undo", &ids[0]]);
    assert_eq!(undone.status.code(), Some(2));
    assert!(stderr(&undone).contains("ran a program, which cannot be undone"), "{}", stderr(&undone));
    Ok(())
}

#[test]
fn a_program_that_fails_is_told() -> std::io::Result<()> {
    let Some(moved) = hollow()? else { return Ok(()) };
    moved.empty_index()?;
    let journal = tempfile::tempdir()?;
    let failed = fix(&moved, journal.path(), &["--unsafe", "--yes", "--json"]);
    assert_eq!(failed.status.code(), Some(2), "{}", stderr(&failed));
    let document = json(&failed);
    assert_eq!((document["state"].as_str(), document["transaction"].as_str()), (Some("failed"), None));
    let reason = document["environments"][0]["fixes"][0]["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("failed: exit status: 1"), "{reason}");
    Ok(())
}
