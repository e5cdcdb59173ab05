//! Nothing is executed that is not identified as an interpreter, and an interpreter by `verify` alone: every command of the
//! program is run under `strace`, on everything that somebody may name.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::interpreters;
use crate::support::program::{PROGRAM, scratch};

/// The commands, with what comes before and after the Python that they are asked about.
const COMMANDS: &[(&[&str], &[&str])] = &[
    (&["explain"], &[]),
    (&["explain", "-v", "--format", "json"], &[]),
    (&["explain"], &["--what-if", "--set", "home=/nowhere"]),
    (&["explain", "--launch", "module=pip"], &[]),
    (&["check"], &[]),
    (&["check", "--files", "--format", "sarif"], &[]),
    (&["snapshot"], &[]),
    (&["snapshot", "--check", "--files", "--redact"], &[]),
    (&["verify"], &[]),
    (&["verify", "--launch", "module=pip"], &[]),
    (&["verify"], &["--python-version", "3.12"]),
    (&["verify", "--launch", "interactive", "--format", "json"], &[]),
];

/// Commands that are asked about directories, or about nothing.
const OTHERS: &[&[&str]] = &[
    &["scan", "."],
    &["scan", "--check", "--interpreters", "--nested", "--follow", "--size", "."],
    &["scan", "--broken", "--format", "json", "."],
    &["explain"],
    &["diff", "env", "other"],
    &["check", "env", "tools"],
    &["verify"],
    &["rule", "--all"],
    &["schema", "explain"],
];

/// Files that are no interpreters, in the directory of programs of an environment or in place of its interpreter.
const TRAPS: [&str; 9] = [
    "env/bin/deploy",
    "env/bin/tool",
    "env/bin/plain",
    "env/bin/shim",
    "env/bin/app",
    "other/bin/python",
    "linked/bin/python",
    "short/bin/python",
    "script/bin/python",
];

/// A directory with a healthy environment and all traps.
struct Stage {
    dir: TempDir,
    strace: &'static str,
}

impl Stage {
    fn new(python: &Path, strace: &'static str) -> Self {
        let stage = Self { dir: scratch(), strace };
        stage.environment("env", python);
        let marker = stage.path("ran");
        let marker = marker.display();
        let python = stage.path("env/bin/python");
        stage.program("env/bin/deploy", format!("#!/bin/sh\ntouch {marker}\n"));
        stage.program("env/bin/tool", format!("#!{}\nopen('{marker}', 'w')\n", python.display()));
        // The kernel refuses it, and `execvp` gives it to a shell.
        stage.program("env/bin/plain", format!("touch {marker}\n"));
        stage.program(
            "env/bin/shim",
            format!("#!/usr/bin/env bash\nset -e\nexec pyenv exec python \"$@\"; touch {marker}\n"),
        );
        stage.program("env/bin/app", format!("#!/usr/bin/env python3\nPK\x03\x04 touch {marker}\n"));
        let other = fs::read("/bin/true").unwrap();
        stage.program("other/bin/python", &other);
        symlink(stage.path("other/bin/python"), stage.with_cfg("linked")).unwrap();
        stage.with_cfg("short");
        stage.program("short/bin/python", &other[..other.len().min(100)]);
        stage.with_cfg("script");
        stage.program("script/bin/python", format!("#!/bin/sh\ntouch {marker}\nexec python3 \"$@\"\n"));
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn program(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The path of the interpreter that an environment with this `pyvenv.cfg` would have.
    fn with_cfg(&self, name: &str) -> PathBuf {
        fs::create_dir_all(self.path(name).join("bin")).unwrap();
        fs::write(self.path(name).join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.12.1\n").unwrap();
        self.path(name).join("bin/python")
    }

    fn environment(&self, name: &str, python: &Path) {
        symlink(python, self.with_cfg(name)).unwrap();
        let home = python.parent().unwrap().display();
        fs::write(self.path(name).join("pyvenv.cfg"), format!("home = {home}\n")).unwrap();
    }

    /// The files that are executed, or tried, while the program runs.
    fn executed(&self, arguments: &[&str]) -> Vec<String> {
        let log = self.path("log");
        let path = format!("{}:/usr/bin:/bin", self.path("env/bin").display());
        let ended = Command::new(self.strace)
            .args(["-f", "-qq", "-s", "4096", "-e", "trace=execve,execveat", "-e", "signal=none", "-o"])
            .args([&log, Path::new(PROGRAM)])
            .args(arguments)
            .env_clear()
            .envs([("HOME", "/nowhere"), ("PATH", &path)])
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(ended.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {ended:?}");
        let log = fs::read_to_string(log).unwrap();
        log.lines().filter(|line| line.contains("exec")).map(executed_file).collect()
    }
}

/// The file in a line such as `123 execve("/bin/true", …`.
fn executed_file(line: &str) -> String {
    line.split('"').nth(1).unwrap_or_else(|| panic!("unexpected: {line}")).to_owned()
}

/// `strace`, where it is there and may trace.
fn strace() -> Option<&'static str> {
    const STRACE: &str = "/usr/bin/strace";
    let works = Command::new(STRACE).args(["-qq", "-e", "trace=none", "/bin/true"]).output();
    works.is_ok_and(|output| output.status.success()).then_some(STRACE)
}

#[test]
fn nothing_but_an_interpreter_is_executed_and_by_verify_alone() {
    let Some(strace) = strace() else { return println!("skipped: no strace that may trace") };
    let Some(python) = interpreters::installed().find(|python| !python.pypy && python.minor >= 8) else {
        return println!("skipped: no interpreter");
    };
    let stage = Stage::new(Path::new(&python.exe.to_string()), strace);
    let ours = [PROGRAM.to_owned()];
    for (before, after) in COMMANDS {
        for subject in TRAPS.into_iter().chain(["env/bin", "tool", "deploy", "other", "script"]) {
            let arguments = [before, &[subject][..], after].concat();
            assert_eq!(stage.executed(&arguments), ours, "{arguments:?}");
        }
        let interpreter = "env/bin/python";
        let arguments = [before, &[interpreter][..], after].concat();
        let mut expected = ours.to_vec();
        expected.extend((before[0] == "verify").then(|| interpreter.to_owned()));
        assert_eq!(stage.executed(&arguments), expected, "{arguments:?}");
    }
    for arguments in OTHERS {
        let mut executed = stage.executed(arguments);
        // Without an argument, `verify` is about the `python3` that is found on PATH; each place is tried.
        let is_interpreter = |file: &String| *arguments == ["verify"] && file.ends_with("/bin/python3");
        executed.retain(|file| !is_interpreter(file));
        assert_eq!(executed, ours, "{arguments:?}");
    }
    assert!(!stage.path("ran").exists());
}
