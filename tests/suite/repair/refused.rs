//! What is refused changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use venv_doctor::{Host, LiveHost};

use super::patient::{broken, doctor, python, run};
use crate::support::interpreters;
use crate::support::program::{json, stderr, stdout};
use crate::support::tree::{differences, tree};

#[test]
fn without_a_yes_nothing_is_written() -> std::io::Result<()> {
    let Some(python) = python() else { return Ok(()) };
    let stage = broken(python, &[0, 9])?;
    let journal = tempfile::tempdir()?;
    let old = tree(stage.path());
    for arguments in [["fix", "env"].as_slice(), &["fix", "env", "--dry-run"], &["fix", "env", "--json"]] {
        let output = run(&stage, journal.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    }
    assert!(differences(&old, &tree(stage.path())).is_empty());
    assert_eq!(fs::read_dir(journal.path())?.count(), 0);
    Ok(())
}

#[test]
fn without_an_environment_nothing_is_chosen() -> std::io::Result<()> {
    let Some(python) = python() else { return Ok(()) };
    let stage = broken(python, &[])?;
    let journal = tempfile::tempdir()?;
    let output = run(&stage, journal.path(), &["fix", "--yes"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""));
    assert!(stderr(&output).starts_with("error: no virtual environment found\n"), "{}", stderr(&output));
    Ok(())
}

#[test]
fn undo_refuses_what_has_changed_since() -> std::io::Result<()> {
    let Some(python) = python() else { return Ok(()) };
    let stage = broken(python, &[0, 3])?;
    let journal = tempfile::tempdir()?;
    let undo = || run(&stage, journal.path(), &["undo"]);
    assert_eq!(undo().status.code(), Some(1), "there is nothing to undo");
    let fixed = run(&stage, journal.path(), &["fix", "env", "--yes", "--json"]);
    assert_eq!(json(&fixed)["state"], "applied", "{}", stderr(&fixed));
    let id = json(&fixed)["transaction"].as_str().expect("a name").to_owned();
    let listed = json(&run(&stage, journal.path(), &["undo", "--list", "--json"]));
    assert_eq!(listed["transactions"][0]["id"], id.as_str());
    let script = stage.at("env/bin/one");
    let mended = fs::read(&script)?;
    fs::write(&script, "mine\n")?;
    let changed = tree(stage.path());
    let output = undo();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("has changed since transaction"), "{}", stderr(&output));
    assert!(differences(&changed, &tree(stage.path())).is_empty(), "nothing is changed");
    fs::write(&script, mended)?;
    assert!(run(&stage, journal.path(), &["undo", &id]).status.success());
    assert!(fs::read_to_string(&script)?.contains('\r'));
    Ok(())
}

#[test]
fn two_at_a_time_are_refused() -> std::io::Result<()> {
    let Some(python) = python() else { return Ok(()) };
    let stage = broken(python, &[0])?;
    let journal = tempfile::tempdir()?;
    fs::create_dir(journal.path().join("venv-doctor"))?;
    let file = fs::File::create(journal.path().join("venv-doctor/lock"))?;
    file.lock()?;
    let old = tree(stage.path());
    for arguments in [["fix", "env", "--yes"].as_slice(), &["undo"]] {
        let output = run(&stage, journal.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).starts_with("error: another venv-doctor is changing files"), "{}", stderr(&output));
    }
    assert!(differences(&old, &tree(stage.path())).is_empty());
    Ok(())
}

#[test]
fn what_belongs_to_somebody_else_is_refused() -> std::io::Result<()> {
    // Everybody can start the interpreter of the distribution.
    let is_root = LiveHost.process().euid == 0;
    let Some(python) = interpreters::installed().find(|python| python.debian && is_root) else {
        println!("skipped: no interpreter of the distribution, or not the superuser");
        return Ok(());
    };
    let stage = broken(python, &[0, 3])?;
    // The directory of programs is open to everybody, and the script in it is not.
    stage.mode("env/bin", 0o777)?;
    let journal = tempfile::tempdir()?;
    fs::set_permissions(journal.path(), fs::Permissions::from_mode(0o777))?;
    let old = tree(stage.path());
    let mut command = doctor(&stage, journal.path());
    let output = command.args(["fix", "env", "--yes"]).uid(65534).gid(65534).output()?;
    assert_eq!(output.status.code(), Some(2), "{}{}", stdout(&output), stderr(&output));
    assert!(differences(&old, &tree(stage.path())).is_empty());
    Ok(())
}

#[test]
fn what_leads_out_of_the_environment_is_not_safe() -> std::io::Result<()> {
    let Some(python) = python() else { return Ok(()) };
    let stage = broken(python, &[0, 2])?;
    // The directory of programs is somebody else's.
    fs::rename(stage.at("env/bin"), stage.at("shared"))?;
    stage.link("env/bin", stage.at("shared"))?;
    let journal = tempfile::tempdir()?;
    let shared = tree(&stage.at("shared"));
    run(&stage, journal.path(), &["fix", "env", "--yes"]);
    assert!(differences(&shared, &tree(&stage.at("shared"))).is_empty());
    Ok(())
}
