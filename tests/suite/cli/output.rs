//! What is printed, and where: files, colors, widths, and readers that go away.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{dangling_environment, report};
use crate::support::program::{program, run, scratch, stderr, stdout};

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
