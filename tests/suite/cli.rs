//! The command line: help, exit codes, standard streams, and the meaning of arguments.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::program::{json, program, run, scratch, stderr, stdout};

fn report<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> Value {
    let mut all: Vec<&OsStr> = vec!["explain".as_ref(), "--json".as_ref()];
    all.extend(arguments.iter().map(AsRef::as_ref));
    json(&run(dir, &all))
}

/// An environment whose interpreter is a dangling symlink.
fn dangling_environment(dir: &Path) {
    fs::create_dir_all(dir.join("bin")).unwrap();
    fs::write(dir.join("pyvenv.cfg"), "home = /nonexistent/bin\n").unwrap();
    symlink("/nonexistent/bin/python3", dir.join("bin/python")).unwrap();
}

#[test]
fn help_of_every_command() {
    let dir = scratch();
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help-explain", &["explain", "--help"]),
        ("help-explain-short", &["explain", "-h"]),
        ("help-verify", &["verify", "--help"]),
        ("help-snapshot", &["snapshot", "--help"]),
        ("help-check", &["check", "--help"]),
        ("help-check-short", &["check", "-h"]),
        ("help-rule", &["rule", "--help"]),
        ("help-scan", &["scan", "--help"]),
        ("help-fix", &["fix", "--help"]),
        ("help-undo", &["undo", "--help"]),
        ("help-diff", &["diff", "--help"]),
        ("help-schema", &["schema", "--help"]),
        ("help-which", &["which", "--help"]),
        ("help-which-short", &["which", "-h"]),
        ("help-scan-short", &["scan", "-h"]),
    ] {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(0));
        insta::assert_snapshot!(name, stdout(&output));
    }
}

#[test]
fn wrong_usage_is_2_and_says_why_on_standard_error() {
    let dir = scratch();
    let cases: [(&[&str], &str); 9] = [
        (&["frobnicate"], "unrecognized subcommand"),
        (&["explain", "--frobnicate"], "unexpected argument"),
        (&["explain", "--env", "NAME"], "expected NAME=VALUE"),
        (&["explain", "--launch", "module="], "expected command, interactive, module=NAME or script=PATH"),
        (&["explain", "--python-version", "2.7"], "not a version of Python 3"),
        (&["explain", "--json", "--format", "text"], "cannot be used with"),
        (&["explain", ""], "the name of the interpreter is empty"),
        (&["explain", "--cwd", "gone", "./x"], "invalid value 'gone' for '--cwd <DIR>': does not exist"),
        (&["schema", "everything"], "invalid value"),
    ];
    for (arguments, reason) in cases {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(stderr(&output).contains(reason), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_python_that_does_not_start_is_1() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    for arguments in [["explain", "./gone/bin/python"], ["explain", ".venv/bin/python"]] {
        let output = run(dir.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert_eq!(stderr(&output), "");
    }
}

#[test]
fn a_report_goes_to_the_file_that_is_named() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    let cases: [(&[&str], i32); 5] = [
        (&["explain", ".venv"], 1),
        (&["check", ".venv"], 1),
        (&["which", "--python", ".venv", "json"], 2),
        (&["scan"], 1),
        (&["diff", ".venv", ".venv"], 0),
    ];
    let file = dir.path().join("report");
    for (arguments, code) in cases {
        for (format, beginning) in [("html", "<!DOCTYPE html>"), ("json", "{"), ("text", "")] {
            let options = ["--format", format, "-o"];
            let output = run(dir.path(), &[arguments, &options, &["report"]].concat());
            assert_eq!((output.status.code(), stdout(&output)), (Some(code), ""), "{}", stderr(&output));
            let written = fs::read(&file).unwrap();
            let printed = run(dir.path(), &[arguments, &options, &["-"]].concat());
            assert_eq!(printed.status.code(), Some(code), "{arguments:?}");
            assert!(written.starts_with(beginning.as_bytes()), "{arguments:?} {format}");
            // A scan measures the time since environments were made.
            if arguments[0] != "scan" {
                assert!(written == printed.stdout, "{arguments:?} {format}");
            }
            let refused = run(dir.path(), &[arguments, &options, &["gone/report"]].concat());
            assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
            assert!(stderr(&refused).contains("cannot write gone/report"), "{}", stderr(&refused));
        }
    }
}

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
fn variables_can_be_assumed() {
    let dir = scratch();
    let set = |arguments: &[&str]| {
        let report = report(dir.path(), &[arguments, &["./x/python"]].concat());
        let names = report["invocation"]["environment"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        names.join(" ")
    };
    assert_eq!(set(&[]), "HOME PATH");
    assert_eq!(set(&["--env", "PYTHONPATH=a:b"]), "HOME PATH PYTHONPATH");
    assert_eq!(set(&["--unset", "HOME"]), "PATH");
    assert_eq!(set(&["--clean-env"]), "");
    assert_eq!(set(&["--clean-env", "--env", "PYTHONHOME="]), "PYTHONHOME");

    let report = report(dir.path(), &["./x/python", "--env", "EDITOR=vi"]);
    assert_eq!(report["notes"][0], "--env EDITOR has no effect: Python's startup does not consult this variable");
}

#[test]
fn bytes_that_are_no_text_reach_the_report_unharmed() {
    let dir = scratch();
    let typed = OsString::from_vec(b"./caf\xe9/python".to_vec());
    let value = OsString::from_vec(b"--env=PYTHONPATH=\xff".to_vec());
    let report = report(dir.path(), &[typed, value]);
    assert_eq!(report["invocation"]["executable_arg"]["display"], "./caf\\xe9/python");
    assert_eq!(report["invocation"]["environment"]["PYTHONPATH"]["base64"], "/w==");
}

#[test]
fn a_name_cannot_command_the_terminal_through_an_error() {
    let dir = scratch();
    let output = run(dir.path(), &["explain", "\x1b[31mpython\n"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: no program named \\x1b[31mpython\\n on PATH ("), "{}", stderr(&output));
}

#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let dir = scratch();
    let commands = [
        &["explain", "./x/python"][..],
        &["explain", "--json", "./x/python"],
        &["check", "./x/python"],
        &["which", "--python", "./x/python", "os"],
        &["scan"],
        &["scan", "--json"],
        &["rule", "--all"],
        &["verify", "./x/python"],
        &["snapshot", "./x/python"],
        &["diff", "./x/python", "./bin/python"],
        &["schema", "explain"],
        &["--help"],
        &["check", "--help"],
    ];
    for arguments in commands {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = program(dir.path()).args(arguments).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn color_is_a_matter_of_the_option_then_of_the_variables_then_of_the_terminal() {
    let dir = scratch();
    let is_colored = |option: &[&str], variables: &[(&str, &str)]| {
        let output = program(dir.path())
            .args(["explain", "./x/python"])
            .args(option)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!is_colored(&[], &[]), "a pipe");
    assert!(is_colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_colored(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!is_colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(is_colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!is_colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn the_width_is_that_of_the_option_or_of_columns() {
    let dir = scratch();
    let widest = |arguments: &[&str], columns: &str| {
        let mut command = program(dir.path());
        let long = format!("./{}/python", "directory/".repeat(30));
        let output = command.args(["explain", &long]).args(arguments).env("COLUMNS", columns).output().unwrap();
        // A place is never broken.
        let lines = stdout(&output).lines().filter(|line| !line.starts_with(" --> "));
        lines.map(|line| line.chars().count()).max().unwrap()
    };
    assert!((50..=60).contains(&widest(&["--width", "60"], "100")));
    assert!((70..=80).contains(&widest(&[], "80")));
    assert!((80..=100).contains(&widest(&[], "no number")));
}

#[test]
fn the_schema_is_printed() {
    let dir = scratch();
    let output = run(dir.path(), &["schema", "explain"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stdout(&output) == include_str!("../../docs/explain.schema.json"),
        "docs/explain.schema.json is out of date"
    );
    let output = run(dir.path(), &["schema", "snapshot"]);
    assert!(
        stdout(&output) == include_str!("../../docs/snapshot.schema.json"),
        "docs/snapshot.schema.json is out of date"
    );
}

#[test]
fn verify_agrees_that_what_cannot_be_executed_cannot_be_executed() {
    let dir = scratch();
    dangling_environment(&dir.path().join("env"));
    let output = run(dir.path(), &["verify", "env/bin/python"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let expected = "env/bin/python · as predicted: 1 of 1 fields agree\n  agrees   outcome\n";
    assert!(stdout(&output).starts_with(expected), "{}", stdout(&output));
}

#[test]
fn verify_stops_what_does_not_end() {
    let dir = scratch();
    // Talks for ever, too, and so would fill the pipe.
    fs::write(dir.path().join("sitecustomize.py"), "while True: print('y')\n").unwrap();
    let path = format!("PYTHONPATH={}", dir.path().display());
    let output = run(dir.path(), &["verify", "/usr/bin/python3", "--env", &path, "--timeout", "1"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error: the interpreter did not end within 1 s, and was stopped\nhelp: `--timeout SECONDS` gives it more time\n"
    );
}

#[test]
fn verify_executes_nothing_that_is_no_interpreter() {
    let dir = scratch();
    let mark = dir.path().join("ran");
    let script = dir.path().join("script");
    fs::write(&script, format!("#!/bin/sh\n: > {}\n", mark.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/bin/true", dir.path().join("python")).unwrap();
    for (file, why) in [("./script", "what it starts is not simulated"), ("./python", "not recognized as a Python")] {
        let output = run(dir.path(), &["verify", file]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with("error: nothing is executed"), "{}", stderr(&output));
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
    assert!(!mark.exists());
}

#[test]
fn what_is_not_simulated_is_neither_a_start_nor_an_error() {
    let dir = scratch();
    let script = dir.path().join("script");
    fs::write(&script, "#!/bin/sh\nexec python3\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/bin/true", dir.path().join("python")).unwrap();
    for file in ["./script", "./python"] {
        let output = run(dir.path(), &["explain", file, "--json"]);
        assert_eq!(output.status.code(), Some(0));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["outcome"]["status"], "not-simulated");
        for key in ["sys", "site", "pyvenv_cfg"] {
            assert!(report[key].is_null(), "{key}");
        }
        assert_eq!(report["steps"].as_array().unwrap().len(), 1);
        assert_eq!(run(dir.path(), &["check", file]).status.code(), Some(0));
        assert!(stdout(&run(dir.path(), &["explain", file])).contains("not simulated"));
    }
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

/// The codes that a check finds.
fn found(output: &Output) -> Vec<String> {
    let report = json(output);
    let environments = report["environments"].as_array().unwrap().iter();
    let findings = environments.flat_map(|one| one["findings"].as_array().unwrap());
    findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_check_ends_as_its_findings_and_its_options_say() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    let check = |arguments: &[&str]| {
        let all: Vec<&str> = ["check", "--format", "json"].iter().chain(arguments).copied().collect();
        run(dir.path(), &all)
    };
    let whole = check(&[]);
    assert_eq!(whole.status.code(), Some(1));
    assert_eq!(found(&whole)[0], "VD102");
    assert!(found(&check(&["--select", "VD2"])).iter().all(|code| code.starts_with("VD2")));
    let ignoring = check(&["--ignore", "VD1"]);
    assert_eq!(ignoring.status.code(), Some(0), "{:?}", found(&ignoring));
    assert_eq!(check(&["--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(check(&["--ignore", "VD1", "--fail-on", "info"]).status.code(), Some(1));
    assert_eq!(found(&check(&["--severity", "error"])), ["VD102"]);
}

#[test]
fn a_check_of_several_answers_for_those_that_it_can() {
    let dir = scratch();
    dangling_environment(&dir.path().join("one"));
    fs::create_dir(dir.path().join("two")).unwrap();
    let output = run(dir.path(), &["check", "one", "./two", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: no Python interpreter in ./two/bin"), "{}", stderr(&output));
    assert_eq!(found(&output)[0], "VD102");
    let text = run(dir.path(), &["check", "one", "nowhere-on-path"]);
    assert_eq!(text.status.code(), Some(2));
    assert!(stderr(&text).starts_with("error: no program named nowhere-on-path on PATH"), "{}", stderr(&text));
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

#[test]
fn a_check_goes_no_further_than_its_snapshot() {
    let dir = scratch();
    dangling_environment(&dir.path().join(".venv"));
    let recorded = run(dir.path(), &["snapshot", ".venv", "-o", "short.json"]);
    assert_eq!(recorded.status.code(), Some(0), "{}", stderr(&recorded));
    run(dir.path(), &["snapshot", ".venv", "--check", "-o", "whole.json"]);
    let notes = |file: &str| {
        let output = run(dir.path(), &["check", "--snapshot", file, "--format", "json"]);
        assert_eq!(found(&output)[0], "VD102");
        let report = json(&output);
        report["environments"][0]["notes"].to_string()
    };
    assert!(notes("short.json").contains("`snapshot --check` records it"));
    assert!(!notes("whole.json").contains("`snapshot --check` records it"));
}

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
fn rules_are_printed_in_every_form() {
    let dir = scratch();
    let output = run(dir.path(), &["rule", "vd102"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("error[VD102] dangling-symlink (certain)\n"), "{}", stdout(&output));
    let all = run(dir.path(), &["rule", "--all", "--format", "json"]);
    let document = json(&all);
    assert!(document["rules"].as_array().unwrap().len() >= 100);
    let page = run(dir.path(), &["rule", "VD9", "--format", "markdown"]);
    assert_eq!(stdout(&page).matches("\n### VD9").count(), 6);
    for wrong in [&["rule"][..], &["rule", "VD000"], &["rule", "--all", "VD102"], &["check", "--select", "E501"]] {
        assert_eq!(run(dir.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn every_command_takes_json() {
    let dir = scratch();
    let commands = [
        &["explain", "./x/python"][..],
        &["check", "./x/python"],
        &["which", "--python", "./x/python", "os"],
        &["scan"],
        &["rule", "VD102"],
        &["verify", "./x/python"],
        &["snapshot", "./x/python"],
        &["diff", "./x/python", "./bin/python"],
        &["schema", "explain"],
    ];
    for command in commands {
        let by = |options: &[&str]| run(dir.path(), &[command, options].concat());
        let (short, long) = (by(&["--json"]), by(&["--format", "json"]));
        assert!(serde_json::from_slice::<Value>(&short.stdout).is_ok(), "{command:?}: {}", stderr(&short));
        assert_eq!(stdout(&short).len(), stdout(&long).len(), "{command:?}");
        assert_eq!(by(&["--json", "--format", "json"]).status.code(), Some(2), "{command:?}");
    }
}

#[test]
fn rules_are_named_by_code_by_prefix_and_by_name() {
    let dir = scratch();
    let named = |name: &str| {
        let output = run(dir.path(), &["rule", "--json", name]);
        let document = json(&output);
        assert_eq!(document["schema"], "venv-doctor/rules/2");
        let rules = document["rules"].as_array().unwrap();
        rules.iter().map(|rule| rule["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("dangling-symlink"), ["VD102"]);
    assert_eq!(named("vd102"), ["VD102"]);
    assert!(named("VD2").len() > 10);
    for (wrong, advice) in
        [("dangling-symlnk", "did you mean `dangling-symlink`?"), ("VD1022", "did you mean `VD102`?")]
    {
        for arguments in [["rule", wrong], ["check", &format!("--select={wrong}")]] {
            let output = run(dir.path(), &arguments);
            assert_eq!(output.status.code(), Some(2));
            assert!(stderr(&output).contains(advice), "{}", stderr(&output));
        }
    }
    dangling_environment(&dir.path().join(".venv"));
    let output = run(dir.path(), &["check", "--json", "--select", "dangling-symlink"]);
    assert_eq!(found(&output), ["VD102"]);
    let output = run(dir.path(), &["check", "--json", "--ignore", "dangling-symlink"]);
    assert!(!found(&output).contains(&"VD102".to_owned()));
}

/// The interpreters that make environments here: the system's, and those of pyenv.
fn interpreters() -> Vec<PathBuf> {
    let pyenv = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv/versions"));
    let versions = pyenv.and_then(|dir| fs::read_dir(dir).ok()).into_iter().flatten().flatten();
    let pyenv = versions.map(|version| version.path().join("bin/python")).filter(|path| {
        ["/3.12.", "/3.13."].iter().any(|version| path.to_str().is_some_and(|path| path.contains(version)))
    });
    [PathBuf::from("/usr/bin/python3")].into_iter().chain(pyenv).filter(|path| path.exists()).collect()
}

#[test]
fn the_explanation_of_a_fresh_environment_fits_on_a_page() {
    let dir = scratch();
    for (number, python) in interpreters().iter().enumerate() {
        let environment = format!("env{number}");
        let made =
            Command::new(python).args(["-m", "venv", "--without-pip", &environment]).current_dir(dir.path()).status();
        if !made.is_ok_and(|status| status.success()) {
            continue;
        }
        let output = run(dir.path(), &["explain", &format!("{environment}/bin/python")]);
        let lines = stdout(&output).lines().count();
        assert!(
            output.status.code() == Some(0) && lines <= 60,
            "{}: {lines} lines\n{}",
            python.display(),
            stdout(&output)
        );
    }
}
