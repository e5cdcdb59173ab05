//! An environment in the directory of a project: whatever is printed, the project survives it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::interpreters::{self, Interpreter};
use crate::support::program;
use crate::support::stage::Stage;

/// What the project holds besides the environment.
const PROJECT: [&str; 6] = [
    "env/src/main.py",
    "env/.git/config",
    "env/data/rows.csv",
    "env/pyproject.toml",
    "env/.env",
    "env/share-notes.txt",
];

/// Breaks an environment; what it is called in a failure.
type Damage = (&'static str, fn(&Stage<'_>) -> std::io::Result<()>);

const DAMAGES: [Damage; 6] = [
    ("the interpreter is gone", |stage| {
        stage.link("env/bin/python", stage.at(format!("gone/{}", stage.name())))?;
        fs::remove_file(stage.at("env/bin/python3")).map(drop)
    }),
    ("the interpreter is a directory", |stage| {
        fs::remove_file(stage.at("env/bin/python"))?;
        stage.dir("env/bin/python").map(drop)
    }),
    ("home is missing", |stage| stage.write("env/pyvenv.cfg", "include-system-site-packages = false\n").map(drop)),
    ("home is gone", |stage| stage.write("env/pyvenv.cfg", "home = /gone/bin\n").map(drop)),
    ("the packages are for another minor version", |stage| {
        let other = stage.at(format!("env/lib/python3.{}", 99));
        fs::rename(stage.at(format!("env/lib/{}", stage.name())), &other)?;
        fs::create_dir_all(other.join("site-packages/demo-1.0.dist-info"))?;
        fs::write(other.join("site-packages/demo-1.0.dist-info/METADATA"), "Name: demo\nVersion: 1.0\n")
    }),
    ("pyvenv.cfg is binary", |stage| stage.write("env/pyvenv.cfg", [0xff, 0xfe, 0, 1]).map(drop)),
];

fn contents(stage: &Stage<'_>) -> BTreeMap<&'static str, Option<Vec<u8>>> {
    PROJECT.iter().map(|name| (*name, fs::read(stage.at(name)).ok())).collect()
}

/// The commands of all findings, in the order in which they are printed.
fn commands(stage: &Stage<'_>) -> Vec<String> {
    let python = stage.at("env/bin/python");
    let output = program::program(stage.path())
        .args(["check", "--format", "json", "--severity", "info"])
        .arg(python)
        .env("PATH", format!("{}:/usr/bin:/bin", stage.installed_bin().display()))
        .output()
        .expect("the program runs");
    let report = program::json(&output);
    let findings = report.pointer("/environments/0/findings").and_then(|it| it.as_array().cloned()).unwrap_or_default();
    let lists = findings.iter().filter_map(|finding| finding["commands"].as_array().cloned());
    lists.flatten().filter_map(|command| command.as_str().map(str::to_owned)).collect()
}

/// Follows commands as a shell does that is fed with them: one after the other, whatever became of the last.
fn follow(dir: &Path, commands: &[String], path: &str) {
    for command in commands.iter().filter(|command| !command.contains("pip install")) {
        let _ = Command::new("sh").args(["-c", command]).current_dir(dir).env("PATH", path).env("HOME", dir).output();
    }
}

fn survives(python: &Interpreter, (name, damage): Damage) -> std::io::Result<bool> {
    let stage = Stage::new(python)?;
    stage.venv(&[])?;
    for file in PROJECT {
        stage.write(file, format!("my own {file}\n"))?;
    }
    let before = contents(&stage);
    damage(&stage)?;
    let commands = commands(&stage);
    let path = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
    follow(stage.path(), &commands, &path);
    assert_eq!(contents(&stage), before, "{name}: the project is damaged by {commands:#?}");
    let started = Command::new(stage.at("env/bin/python")).args(["-c", ""]).output();
    Ok(!commands.is_empty() && started.is_ok_and(|output| output.status.success()))
}

#[test]
fn a_project_around_the_environment_survives_every_command() -> std::io::Result<()> {
    let (mut healed, mut all) = (0, 0);
    let usable = || interpreters::installed().filter(|python| python.minor >= 8);
    // The oldest and the newest: what is printed depends little on the version, and pip is installed each time.
    for python in usable().take(1).chain(usable().last()) {
        for damage in DAMAGES {
            all += 1;
            healed += usize::from(survives(python, damage)?);
        }
    }
    println!("{all} damaged environments in projects: no project harmed, {healed} start after the commands");
    Ok(())
}
