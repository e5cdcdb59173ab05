//! The base of an environment moved on to another minor version: the environment is created again with everything that was
//! installed in it, or is as it was.

pub mod moved_base;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

use serde_json::Value;

use self::moved_base::Moved;
use crate::support::interpreters::Interpreter;
use crate::support::program::{json, stderr};
use crate::support::tree::{differences, tree};

/// The environment leads to whichever version the base has, and starts without its packages.
fn by_any_name(_: &Interpreter) -> String {
    "python3".to_owned()
}

/// The environment leads to the version that is gone, and does not start.
fn by_full_name(python: &Interpreter) -> String {
    format!("python{}", python.xy())
}

fn fixes(document: &Value) -> &Vec<Value> {
    document["environments"][0]["fixes"].as_array().expect("fixes")
}

type Listed<'d> = (&'d str, Option<&'d str>, Option<&'d str>, bool);

/// What the plan says of each distribution: version, URL, directory, and whether it is reinstalled.
fn distributions(document: &Value) -> BTreeMap<&str, Listed<'_>> {
    let listed = fixes(document).iter().flat_map(|fix| fix["distributions"].as_array().expect("distributions"));
    listed
        .map(|one| {
            let text = |key: &str| one[key].as_str();
            let told =
                (text("version").unwrap_or_default(), text("direct_url"), text("editable"), one["reinstalled"] == true);
            (text("name").expect("a name"), told)
        })
        .collect()
}

#[test]
fn an_environment_follows_its_base_and_comes_back() -> std::io::Result<()> {
    for program in [by_any_name, by_full_name] {
        let Some(moved) = Moved::new(program)? else { return Ok(()) };
        let journal = tempfile::tempdir()?;
        let old = tree(&moved.stage.at("env"));
        let planned = json(&moved.run(journal.path(), &["fix", "env", "--unsafe", "--json"]));
        let listed = distributions(&planned);
        let url = format!("file://{}", moved.stage.text("local_one-2.0-py3-none-any.whl"));
        let project = moved.stage.text("project");
        assert_eq!(listed["indexed_one"], ("1.2", None, None, true));
        assert_eq!(listed["local_one"], ("2.0", Some(url.as_str()), None, true));
        let editable = listed["editable_one"];
        assert_eq!((editable.0, editable.2, editable.3), ("0.5", Some(project.as_str()), true));
        assert!(!listed["pip"].3, "the creator installs pip");

        let fixed = moved.run(journal.path(), &["fix", "env", "--unsafe", "--yes", "--json", "--verify"]);
        assert!(fixed.status.success(), "{}", stderr(&fixed));
        let document = json(&fixed);
        assert_eq!(document["state"], "applied");
        let after = &document["environments"][0]["after"];
        assert_eq!((after["status"].as_str(), after["errors"].as_u64()), (Some("starts"), Some(0)));
        assert!(moved.is_healed());
        assert!(moved.stage.at("env.old/pyvenv.cfg").exists(), "the old one is kept");
        assert!(moved.run(journal.path(), &["fix", "env", "--unsafe"]).status.success(), "nothing is left");

        // Bytecode that appears by running it is no change.
        let mut python = std::process::Command::new(moved.stage.at("env/bin/python"));
        assert!(python.args(["-c", "import indexed_one"]).status()?.success());
        let undone = moved.run(journal.path(), &["undo"]);
        assert!(undone.status.success(), "{}", stderr(&undone));
        assert_eq!(differences(&old, &tree(&moved.stage.at("env"))), Vec::<std::path::PathBuf>::new());
        assert!(!moved.stage.at("env.old").exists());
    }
    Ok(())
}

#[test]
fn what_cannot_be_installed_leaves_everything_as_it_was() -> std::io::Result<()> {
    let Some(moved) = Moved::new(by_full_name)? else { return Ok(()) };
    moved.empty_index()?;
    let journal = tempfile::tempdir()?;
    let old = tree(&moved.stage.at("env"));
    let output = moved.run(journal.path(), &["fix", "env", "--unsafe", "--yes", "--json"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!((document["state"].as_str(), document["transaction"].as_str()), (Some("failed"), None));
    let reason = fixes(&document)[0]["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason.contains("failed: exit status"), "{reason}");
    assert_eq!(differences(&old, &tree(&moved.stage.at("env"))), Vec::<std::path::PathBuf>::new());
    assert!(!moved.stage.at("env.old").exists());
    assert_eq!(moved.run(journal.path(), &["undo"]).status.code(), Some(1), "there is nothing to undo");
    Ok(())
}

#[test]
fn killed_while_pip_works_it_is_taken_back() -> std::io::Result<()> {
    let Some(moved) = Moved::new(by_any_name)? else { return Ok(()) };
    let journal = tempfile::tempdir()?;
    let mark = journal.path().join("waiting");
    let old = tree(&moved.stage.at("env"));
    let mut command = moved.doctor(journal.path());
    command.args(["fix", "env", "--unsafe", "--yes"]).env("TEST_WAIT", &mark).process_group(0);
    let mut child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn()?;
    let begun = Instant::now();
    while !mark.exists() && begun.elapsed() < Duration::from_mins(5) {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(mark.exists(), "pip builds the project");
    assert!(moved.stage.at("env.old").exists());
    let group = format!("-{}", child.id());
    assert!(std::process::Command::new("kill").args(["-KILL", "--", &group]).status()?.success());
    child.wait()?;
    let undone = moved.run(journal.path(), &["undo"]);
    assert!(undone.status.success(), "{}", stderr(&undone));
    assert!(differences(&old, &tree(&moved.stage.at("env"))).is_empty());
    assert!(!moved.stage.at("env.old").exists());
    Ok(())
}

#[test]
fn what_was_built_is_kept_once_somebody_works_in_it() -> std::io::Result<()> {
    let Some(moved) = Moved::new(by_any_name)? else { return Ok(()) };
    let journal = tempfile::tempdir()?;
    assert!(moved.run(journal.path(), &["fix", "env", "--unsafe", "--yes"]).status.success());
    moved.stage.write("env/notes", "mine\n")?;
    let changed = tree(moved.stage.path());
    let output = moved.run(journal.path(), &["undo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("has changed since transaction"), "{}", stderr(&output));
    assert!(differences(&changed, &tree(moved.stage.path())).is_empty());
    fs::remove_file(moved.stage.at("env/notes"))?;
    assert!(moved.run(journal.path(), &["undo"]).status.success());
    Ok(())
}

#[test]
fn a_project_around_it_keeps_its_files() -> std::io::Result<()> {
    let Some(moved) = Moved::new(by_any_name)? else { return Ok(()) };
    for (file, text) in [("env/.gitignore", "*.log\n"), ("env/main.py", "mine\n"), ("env/.git/config", "mine\n")] {
        moved.stage.write(file, text)?;
    }
    let journal = tempfile::tempdir()?;
    let old = tree(&moved.stage.at("env"));
    let output = moved.run(journal.path(), &["fix", "env", "--unsafe", "--yes"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(moved.is_healed());
    assert_eq!(fs::read_to_string(moved.stage.at("env/.gitignore"))?, "*.log\n");
    assert_eq!(fs::read_to_string(moved.stage.at("env/main.py"))?, "mine\n");
    let undone = moved.run(journal.path(), &["undo"]);
    assert!(undone.status.success(), "{}", stderr(&undone));
    assert_eq!(differences(&old, &tree(&moved.stage.at("env"))), Vec::<std::path::PathBuf>::new());
    Ok(())
}
