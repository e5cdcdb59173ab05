//! What an argument stands for: a path, a directory, a name on `PATH`, or nothing at all.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use super::{dangling_environment, found, report};
use crate::support::program::{json, run, scratch, stderr, stdout};

#[test]
fn a_path_is_taken_as_typed() {
    let dir = scratch();
    let report = report(dir.path(), &["./a/../b//bin/python"]);
    assert_eq!(report["invocation"]["executable_arg"], "./a/../b//bin/python");
    assert_eq!(report["notes"], Value::Array(Vec::new()));
}

#[test]
fn a_dir_stands_for_its_interpreter() {
    let dir = scratch();
    dangling_environment(&dir.path().join("env"));
    for typed in ["env", "./env/"] {
        let report = report(dir.path(), &[typed]);
        let executable = format!("{}/bin/python", typed.trim_end_matches('/'));
        assert_eq!(report["invocation"]["executable_arg"], executable);
        assert_eq!(report["notes"][0], format!("{typed} is a directory; its bin/python is used"));
    }
}

#[test]
fn on_windows_a_dir_stands_for_the_interpreter_in_its_scripts() {
    let dir = scratch();
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/windows-venv/snapshot.json");
    let called =
        |python: &str| report(dir.path(), &["--snapshot", snapshot, python])["invocation"]["executable_arg"].clone();
    let environment = r"C:\Users\u\project\.venv";
    assert_eq!(called(environment), format!(r"{environment}\Scripts\python.exe"));
    assert_eq!(called(".venv"), r".venv\Scripts\python.exe");
    assert_eq!(called("./.venv/"), r"./.venv/Scripts\python.exe");
    assert_eq!(called(r".venv\Scripts\python"), r".venv\Scripts\python");
}

#[test]
fn a_dir_without_interpreter_suggests_the_environments_below() {
    let dir = scratch();
    dangling_environment(&dir.path().join("work/project/.venv"));
    fs::create_dir(dir.path().join("work/empty")).unwrap();
    let output = run(dir.path(), &["explain", "./work"]);
    assert_eq!(output.status.code(), Some(2));
    let expected = "\
error: no Python interpreter in ./work/bin
help: there are environments below this directory:
      ./work/project/.venv
";
    assert_eq!(stderr(&output), expected);
    let output = run(dir.path(), &["explain", "./work/project/.venv/bin"]);
    let expected = "\
error: no Python interpreter in ./work/project/.venv/bin/bin
help: the directory itself contains one: ./work/project/.venv/bin/python
";
    assert_eq!(stderr(&output), expected);
    let output = run(dir.path(), &["explain", "./work/empty"]);
    assert_eq!(stderr(&output), "error: no Python interpreter in ./work/empty/bin\n");
}

#[test]
fn a_broken_environment_is_explained_all_the_same() {
    let dir = scratch();
    fs::create_dir(dir.path().join("env")).unwrap();
    fs::write(dir.path().join("env/pyvenv.cfg"), "home = /nowhere\n").unwrap();
    fs::create_dir_all(dir.path().join("bin/python")).unwrap();
    let missing = report(dir.path(), &["./env"]);
    assert_eq!(missing["invocation"]["executable_arg"], "./env/bin/python");
    assert_eq!(missing["findings"][0]["code"], "VD101");
    assert_eq!(report(dir.path(), &["./bin/python"])["findings"][0]["code"], "VD104");
}

#[test]
fn nothing_stands_for_the_environment_in_use_or_nearest() {
    let dir = scratch();
    let nearest = dir.path().join(".venv");
    dangling_environment(&nearest);
    let below = dir.path().join("src/package");
    fs::create_dir_all(&below).unwrap();
    let found = report(&below, &[] as &[&str]);
    assert_eq!(found["invocation"]["executable_arg"], format!("{}/bin/python", nearest.display()));
    assert_eq!(found["notes"][0], format!("no PYTHON given; the nearest environment is {}", nearest.display()));

    let used = report(&below, &["--env", "VIRTUAL_ENV=/gone/env"]);
    assert_eq!(used["invocation"]["executable_arg"], "/gone/env/bin/python");
    assert_eq!(used["notes"][0], "no PYTHON given; VIRTUAL_ENV is /gone/env");
}

#[test]
fn nothing_stands_for_the_environment_of_conda_if_one_is_active() {
    let dir = scratch();
    let conda = dir.path().join("conda");
    dangling_environment(&conda);
    fs::rename(conda.join("pyvenv.cfg"), conda.join("conda-meta")).unwrap();
    let empty = dir.path().join("empty");
    fs::create_dir_all(empty.join(".venv")).unwrap();
    let set = format!("CONDA_PREFIX={}", conda.display());
    let active = report(&empty, &["--env", &set, "--env", "CONDA_DEFAULT_ENV=plots"]);
    assert_eq!(active["notes"][0], format!("no PYTHON given; CONDA_PREFIX is {}", conda.display()));
    let base = report(&empty, &["--env", &set, "--env", "CONDA_DEFAULT_ENV=base"]);
    let passed = format!("{}/.venv is a directory and no environment", empty.display());
    let expected = format!("no PYTHON given; CONDA_PREFIX is the base environment {}; {passed}", conda.display());
    assert_eq!(base["notes"][0], expected);
    let both = report(&empty, &["--env", &set, "--env", "VIRTUAL_ENV=/gone/env"]);
    let expected =
        format!("no PYTHON given; VIRTUAL_ENV is /gone/env; the conda environment {} is active too", conda.display());
    assert_eq!(both["notes"][0], expected);

    let project = dir.path().join("project");
    dangling_environment(&project.join(".venv"));
    let nearest = report(&project, &["--env", &set, "--env", "CONDA_DEFAULT_ENV=base"]);
    assert_eq!(nearest["notes"][0], format!("no PYTHON given; the nearest environment is {}/.venv", project.display()));
}

#[test]
fn a_name_that_is_not_on_path_is_refused() {
    let dir = scratch();
    fs::write(dir.path().join("python9"), "").unwrap();
    let output = run(dir.path(), &["explain", "python9"]);
    assert_eq!(output.status.code(), Some(2));
    let expected = format!(
        "error: no program named python9 on PATH ({}/bin)\nhelp: the working directory contains one: ./python9\n",
        dir.path().display()
    );
    assert_eq!(stderr(&output), expected);
}

#[test]
fn a_name_that_is_not_on_path_is_reported_to_programs() {
    let dir = scratch();
    let output = run(dir.path(), &["explain", "python3.99", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["outcome"]["status"], "fails-to-execute");
    assert_eq!(run(dir.path(), &["explain", "python3.99"]).status.code(), Some(2));
}

#[test]
fn a_check_takes_what_is_left_of_an_environment() {
    let dir = scratch();
    fs::create_dir(dir.path().join(".venv")).unwrap();
    fs::write(dir.path().join(".venv/pyvenv.cfg"), "home = /nonexistent/bin\n").unwrap();
    assert_eq!(found(&run(dir.path(), &["check", "--format", "json"]))[0], "VD101");
    fs::remove_dir_all(dir.path().join(".venv")).unwrap();
    symlink("../gone", dir.path().join(".venv")).unwrap();
    for typed in [&["check", "--format", "json"][..], &["check", ".venv", "--format", "json"]] {
        assert_eq!(found(&run(dir.path(), typed))[0], "VD516");
    }
}

#[test]
fn a_name_is_that_of_an_environment_here_before_that_of_a_program() {
    let dir = scratch();
    fs::create_dir(dir.path().join("bin")).unwrap();
    symlink("/bin/sh", dir.path().join("bin/env")).unwrap();
    dangling_environment(&dir.path().join("env"));
    assert_eq!(found(&run(dir.path(), &["check", "env", "--format", "json"]))[0], "VD102");
}

#[test]
fn a_file_may_name_the_environment_of_a_project() {
    let dir = scratch();
    dangling_environment(&dir.path().join("elsewhere/env"));
    fs::create_dir(dir.path().join("project")).unwrap();
    fs::write(dir.path().join("project/.venv"), "../elsewhere/env\n").unwrap();
    let output = run(&dir.path().join("project"), &["check", ".venv", "--format", "json"]);
    let report = json(&output);
    let executable = report["environments"][0]["executable_arg"].as_str().unwrap();
    assert!(executable.ends_with("elsewhere/env/bin/python"), "{executable}");
    assert_eq!(found(&output)[0], "VD102");
}

/// A file that leads nowhere is told as what it is.
#[test]
fn a_file_that_names_no_environment_is_told() {
    let dir = scratch();
    fs::write(dir.path().join(".venv"), "gone/env\n").unwrap();
    let report = report(dir.path(), &[".venv"]);
    let named = dir.path().join("gone/env");
    let note = format!(".venv is a file that names the environment {}, which does not exist", named.display());
    assert_eq!(report["notes"][0], note);
    assert_eq!(report["outcome"]["status"], "fails-to-execute");
}

/// Conda also installs programs that need no Python; where Python was removed, the records still tell its version.
#[test]
fn an_environment_of_conda_without_python_is_told_as_that() {
    let dir = scratch();
    for file in ["r/conda-meta/r-base-4.3.1-0.json", "r/bin/R", "lost/conda-meta/python-3.12.1-0.json"] {
        fs::create_dir_all(dir.path().join(file).parent().unwrap()).unwrap();
        fs::write(dir.path().join(file), "{}").unwrap();
    }
    for command in ["explain", "check"] {
        let output = run(dir.path(), &[command, "r", "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert!(!stdout(&output).contains("\"code\""));
        assert!(stdout(&output).contains("is an environment of conda in which no Python is installed"));
    }
    assert_eq!(run(dir.path(), &["verify", "r"]).status.code(), Some(2));
    let output = run(dir.path(), &["check", "lost", "--format", "json"]);
    assert_eq!((output.status.code(), found(&output)), (Some(1), vec!["VD101".to_owned()]));
    assert_eq!(report(dir.path(), &["lost"])["environment"]["python_version"], "3.12.1");
}

/// An interpreter may have no other name than that of its version.
#[test]
fn a_dir_may_have_versioned_interpreters_alone() {
    let dir = scratch();
    fs::create_dir_all(dir.path().join("env/bin")).unwrap();
    for (name, target) in [("python3.9", "/gone/python3.9"), ("python3.10", "/gone/python3.10")] {
        symlink(target, dir.path().join("env/bin").join(name)).unwrap();
    }
    let report = report(dir.path(), &["env"]);
    assert_eq!(report["invocation"]["executable_arg"], "env/bin/python3.10");
    let note = "env is a directory; its bin/python3.10 is used, one of 2 interpreters there";
    assert_eq!(report["notes"][0], note);
}
