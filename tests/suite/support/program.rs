//! The built program, run in a directory with few variables.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_venv-doctor");

/// A directory for one test. Its path has no symlinks, as reports print the working directory.
pub fn scratch() -> TempDir {
    let parent = fs::canonicalize(std::env::temp_dir()).expect("there is a temporary directory");
    tempfile::Builder::new().tempdir_in(parent).expect("a temporary directory can be made")
}

/// The program in `dir`, with no variables but `HOME`, `PATH` (the `bin` of `dir`) and `COLUMNS`.
pub fn program(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().env("HOME", "/home/u").env("PATH", dir.join("bin")).env("COLUMNS", "100");
    command.current_dir(dir).stdin(Stdio::null());
    command
}

/// An environment `env` in `dir`, made by the `python3` on `PATH`; returns its `site-packages`.
pub fn environment(dir: &Path) -> PathBuf {
    let made = Command::new("python3").args(["-m", "venv", "--without-pip", "env"]).current_dir(dir).status();
    assert!(made.is_ok_and(|status| status.success()), "python3 can make an environment");
    let mut libraries = fs::read_dir(dir.join("env/lib")).expect("an environment has a library");
    libraries.next().expect("of one Python").expect("that can be read").path().join("site-packages")
}

/// The file of a program that is installed on this machine.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Runs the program in `dir` to its end.
pub fn run<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> Output {
    program(dir).args(arguments).output().expect("the program can be started")
}

/// What a program printed on standard output.
pub fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).expect("standard output is UTF-8")
}

/// What a program printed on standard error.
pub fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).expect("standard error is UTF-8")
}

/// The JSON document on standard output.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", String::from_utf8_lossy(&output.stdout), stderr(output)))
}
