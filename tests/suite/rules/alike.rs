//! What is plain to see is said by `explain`, `check` and `scan` alike.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::rules::all_pairs;
use crate::rules::cast;
use crate::rules::pair::{Builder, Source, Subject};
use crate::support::program::{PROGRAM, json, stdout};
use crate::support::stage::Stage;

/// The rules that every command applies, with whether their pair is an environment that `scan` lists: a symlink that leads
/// past an environment is none, and a bare name or an option is nothing that a directory could have.
const ALIKE: [(&str, bool); 23] = [
    ("VD102", true),
    ("VD126", true),
    ("VD203", true),
    ("VD205", true),
    ("VD217", true),
    ("VD222", true),
    ("VD228", true),
    ("VD250", true),
    ("VD251", false),
    ("VD252", true),
    ("VD253", true),
    ("VD254", true),
    ("VD304", true),
    ("VD309", false),
    ("VD327", false),
    ("VD336", true),
    ("VD337", false),
    ("VD402", true),
    ("VD411", true),
    ("VD419", true),
    ("VD512", true),
    ("VD516", false),
    ("VD524", false),
];

/// Runs a command of the program on what a pair describes.
fn run(stage: &Stage<'_>, subject: &Subject, arguments: &[&str]) -> Output {
    let search = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
    let cwd = subject.cwd.clone().unwrap_or_else(|| stage.path().to_owned());
    let mut command = Command::new(PROGRAM);
    command.current_dir(cwd).env_clear().env("PATH", search).env("HOME", stage.at("home"));
    command.envs(&subject.variables).args(arguments);
    command.output().expect("the program can be started")
}

fn codes(findings: &Value) -> BTreeSet<String> {
    let codes = findings.as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str());
    codes.map(str::to_owned).collect()
}

/// The codes that `scan` gives for the environment of this interpreter; none where it does not list it.
fn scanned(stage: &Stage<'_>, subject: &Subject) -> Option<BTreeSet<String>> {
    let output = run(stage, subject, &["scan", "--json", "--nested", stage.path().to_str()?]);
    let lines = stdout(&output).lines().map(|line| serde_json::from_str::<Value>(line).expect("lines of JSON"));
    let is_it = |line: &Value| line["python"].as_str().map(Path::new).and_then(Path::parent) == subject.python.parent();
    let line = lines.into_iter().find(is_it)?;
    Some(line["codes"].as_array()?.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect())
}

/// What the commands say differently.
fn compare(stage: &Stage<'_>, build: Builder, (code, is_listed): (&str, bool)) -> io::Result<Vec<String>> {
    let Ok(subject) = build(stage) else { return Err(io::Error::other("it cannot be made here")) };
    if code == "VD250" {
        // Without this, other directories than those that Python searches are listed by `check` only.
        let own = format!("version = {}.", stage.python.xy());
        stage.edit("env/pyvenv.cfg", &own, "version = 3.2.")?;
    }
    let python = subject.python.to_str().expect("a readable path");
    let launch = if subject.launch == venv_doctor::internals::invocation::Launch::Interactive {
        vec!["--launch", "interactive"]
    } else {
        Vec::new()
    };
    let explained = run(stage, &subject, &[&["explain", "--json", python], launch.as_slice()].concat());
    let explained = codes(&json(&explained)["findings"]);
    let checked =
        run(stage, &subject, &[&["check", "--json", "--severity", "info", python], launch.as_slice()].concat());
    let checked = codes(&json(&checked)["environments"][0]["findings"]);
    let mut wrong = Vec::new();
    if !explained.contains(code) || !checked.contains(code) {
        wrong.push(format!("{code}: explain says {explained:?}, check says {checked:?}"));
    }
    if !explained.is_subset(&checked) {
        wrong.push(format!("{code}: explain says {explained:?}, of which check says only {checked:?}"));
    }
    let scanned = if is_listed { scanned(stage, &subject) } else { Some(explained.clone()) };
    if scanned.as_ref() != Some(&explained) {
        wrong.push(format!("{code}: explain says {explained:?}, scan says {scanned:?}"));
    }
    Ok(wrong)
}

#[test]
fn the_commands_agree_on_what_is_plain_to_see() {
    let mut wrong = Vec::new();
    for rule in ALIKE {
        let (_, pair) = all_pairs().find(|(_, pair)| pair.code == rule.0).expect("every rule has a pair");
        let Source::Made { plays, fails, .. } = &pair.source else { panic!("{} is not made on the disk", rule.0) };
        let Some(python) = cast::actor(*plays) else {
            println!("{}: skipped, no interpreter of the kind {plays:?} here", rule.0);
            continue;
        };
        let stage = Stage::new(python).expect("a stage can be made");
        match compare(&stage, *fails, rule) {
            Ok(differences) => wrong.extend(differences),
            Err(reason) => println!("{}: skipped, {reason}", rule.0),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
