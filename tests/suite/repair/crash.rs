//! Killed at any system call that changes a file, `fix` and `undo` leave what can be taken back completely.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use super::faults::{broken, environment, python, run};
use crate::support::program::{PROGRAM, stderr};
use crate::support::stage::Stage;
use crate::support::tree::{Tree, differences, tree};

/// The system calls that change files.
const CHANGING: [&str; 26] = [
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "lchown",
    "fchown",
    "fchownat",
    "utimensat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "fsync",
    "write",
    "openat",
];
/// Which faults the environments of the plans have; `VENV_DOCTOR_CRASH_PLANS` says how many of the plans are tried.
const PLANS: [&[usize]; 30] = [
    &[2, 7, 9],
    &[0, 3, 8],
    &[1, 4, 6],
    &[5, 9],
    &[0],
    &[1],
    &[2],
    &[3],
    &[4],
    &[5],
    &[6],
    &[7],
    &[8],
    &[9],
    &[0, 1],
    &[2, 3],
    &[4, 5],
    &[6, 7],
    &[8, 9],
    &[0, 2],
    &[1, 3],
    &[4, 6],
    &[5, 7],
    &[3, 9],
    &[0, 1, 2],
    &[3, 4, 5],
    &[6, 7, 9],
    &[0, 5, 6],
    &[1, 2, 8],
    &[0, 1, 2, 3, 4, 5, 6, 7, 9],
];
const USUAL: usize = 2;

/// Runs the program under strace with these options.
fn traced(stage: &Stage<'_>, journal: &Path, options: &[String], arguments: &[&str]) -> Output {
    let mut command = Command::new("strace");
    environment(&mut command, stage, journal);
    command.arg("-f").args(options).arg(PROGRAM).args(arguments);
    command.output().expect("strace runs")
}

/// The calls that change something, by name and number. Of those that open a file, only those that create one do, though
/// strace counts all of them.
fn calls(log: &str) -> Vec<(&'static str, usize)> {
    let (mut counts, mut found) = (BTreeMap::new(), Vec::new());
    for line in log.lines() {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let name = call.split('(').next().unwrap_or_default();
        let Some(known) = CHANGING.iter().find(|known| **known == name) else { continue };
        let count: &mut usize = counts.entry(*known).or_default();
        *count += 1;
        if name != "openat" || line.contains("O_CREAT") {
            found.push((*known, *count));
        }
    }
    found
}

/// Whether each file that is there is the old one or the new one.
fn is_unmixed(old: &Tree, new: &Tree, now: &Tree) -> Vec<String> {
    let is_known = |path: &Path, one: &crate::support::tree::Trait| {
        let unfinished = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".venv-doctor-"));
        let below_unfinished = path.to_string_lossy().contains("/.venv-doctor-");
        unfinished
            || below_unfinished
            || [old, new].iter().any(|tree| tree.get(path).is_some_and(|known| known.has_content_of(one)))
    };
    now.iter().filter(|(path, one)| !is_known(path, one)).map(|(path, _)| path.display().to_string()).collect()
}

fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    let status = Command::new("cp").arg("-a").args([from, to]).status().expect("cp runs");
    assert!(status.success());
}

/// Puts the environment back as it was, with all times.
fn reset(stage: &Stage<'_>, saved: &Path, journal: &Path) {
    copy(&saved.join("env"), &stage.at("env"));
    drop(fs::remove_dir_all(journal.join("venv-doctor")));
}

/// Kills the program at each changing call of a command in turn. `prepare` makes what it starts from. Returns the number of
/// kills.
fn kill_everywhere(
    stage: &Stage<'_>,
    journal: &Path,
    arguments: &[&str],
    prepare: &dyn Fn(),
    judge: &dyn Fn(&str),
) -> usize {
    prepare();
    let log = journal.join("log");
    let options =
        ["-e".to_owned(), format!("trace={}", CHANGING.join(",")), "-o".to_owned(), log.display().to_string()];
    traced(stage, journal, &options, arguments);
    let log = fs::read_to_string(&log).expect("strace writes a log");
    let mut kills = 0;
    for (name, number) in calls(&log) {
        prepare();
        let inject = format!("inject={name}:signal=SIGKILL:when={number}");
        let options = ["-e".to_owned(), inject, "-o".into(), "/dev/null".into()];
        let output = traced(stage, journal, &options, arguments);
        // What is not reached this time ends by itself.
        kills += usize::from(output.status.signal() == Some(9) || output.status.code() == Some(137));
        judge(&format!("killed at {name} {number} of {}", arguments.join(" ")));
    }
    kills
}

#[test]
fn a_kill_at_any_system_call_leaves_no_mixture() -> std::io::Result<()> {
    let Some(python) = python() else {
        println!("skipped: no interpreter of 3.9 to 3.12");
        return Ok(());
    };
    let probe = Command::new("strace").args(["-e", "trace=none", "-e", "inject=fsync:signal=SIGKILL", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: strace cannot trace here");
        return Ok(());
    }
    let plans = std::env::var("VENV_DOCTOR_CRASH_PLANS").ok().and_then(|it| it.parse().ok()).unwrap_or(USUAL);
    let mut kills = 0;
    for faults in PLANS.iter().take(plans) {
        let stage = broken(python, faults)?;
        let (saved, state) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let journal = state.path();
        copy(&stage.at("env"), &saved.path().join("env"));
        reset(&stage, saved.path(), journal);
        let (env, fix) = (stage.at("env"), ["fix", "env", "--yes"]);
        let old = tree(&env);
        let applied = run(&stage, journal, &fix);
        let new = tree(&env);
        assert!(!differences(&old, &new).is_empty(), "{faults:?}: nothing is fixed: {}", stderr(&applied));
        let judge = |what: &str| {
            let mixed = is_unmixed(&old, &new, &tree(&env));
            assert!(mixed.is_empty(), "{faults:?}, {what}: {mixed:?}");
            let undone = run(&stage, journal, &["undo"]);
            assert!(undone.status.code() != Some(2), "{faults:?}, {what}: {}", stderr(&undone));
            let differ = differences(&old, &tree(&env));
            assert!(differ.is_empty(), "{faults:?}, {what}: {differ:?}");
        };
        kills += kill_everywhere(&stage, journal, &fix, &|| reset(&stage, saved.path(), journal), &judge);
        let prepare = || {
            reset(&stage, saved.path(), journal);
            run(&stage, journal, &fix);
        };
        kills += kill_everywhere(&stage, journal, &["undo"], &prepare, &judge);
        println!("  faults {faults:?}: {kills} kills so far");
    }
    println!("{plans} plans, {kills} kills: each ended in the old state after `undo`, and in no mixture before it");
    Ok(())
}
