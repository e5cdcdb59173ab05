//! `which`: the first line answers what people ask, and the documents say the same.

mod documents;
mod hostile;
mod near;
mod questions;
mod shadowed;
mod snapshots;

use std::ffi::OsStr;
use std::io;
use std::process::Output;

use serde_json::Value;

use crate::rules::cast::{self, Role};
use crate::support::program::{json, program, stderr, stdout};
use crate::support::stage::Stage;

/// A stage with an environment `env`, made by upstream's Python; none where there is no such Python here.
fn stage() -> Option<Stage<'static>> {
    let stage = Stage::new(cast::actor(Role::Usual)?).expect("a stage can be made");
    stage.venv(&[]).expect("an environment can be made");
    Some(stage)
}

/// Runs `which` in the stage's directory, with a home directory in it and these variables.
fn which<S: AsRef<OsStr>>(stage: &Stage<'_>, variables: &[(&str, &str)], arguments: &[S]) -> Output {
    let mut command = program(stage.path());
    command.env("HOME", stage.at("home")).env("PATH", "/usr/bin:/bin").envs(variables.iter().copied());
    command.arg("which").args(arguments).output().expect("the program can be started")
}

/// The first line, with the directory of the stage written as `@`.
fn first_line<S: AsRef<OsStr>>(stage: &Stage<'_>, variables: &[(&str, &str)], arguments: &[S]) -> String {
    let output = which(stage, variables, arguments);
    let line = stdout(&output).lines().next().unwrap_or_else(|| panic!("{}", stderr(&output)));
    neutral(stage, line)
}

/// The document.
fn document(stage: &Stage<'_>, variables: &[(&str, &str)], arguments: &[&str]) -> Value {
    json(&which(stage, variables, &[&["--json"], arguments].concat()))
}

/// Text without the directory of the stage.
fn neutral(stage: &Stage<'_>, text: &str) -> String {
    text.replace(stage.path().to_str().expect("readable"), "@")
}

/// What a case does before it asks.
type Build = fn(&Stage<'_>) -> io::Result<()>;
