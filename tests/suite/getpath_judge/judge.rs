//! The interpreters that judge, and the conversation with them.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::Value;
use venv_doctor::internals::interpreter::Version;

use super::case::Case;

const PROGRAM: &str = include_str!("judge.py");

/// An interpreter, perhaps in a root directory of its own.
pub struct Python {
    root: Option<PathBuf>,
    path: PathBuf,
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = if self.root.is_some() { " in the root directory" } else { "" };
        write!(f, "{}{origin}", self.path.display())
    }
}

impl Python {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match &self.root {
            Some(root) => {
                let mut command = Command::new("chroot");
                command.arg(root).arg(&self.path);
                command
            }
            None => Command::new(&self.path),
        };
        command.args(["-I", "-B", "-c", PROGRAM]).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }
}

/// Looks where version managers and systems keep interpreters, and where the environment says.
pub fn find() -> Vec<Python> {
    let here = |path| Python { root: None, path };
    let mut seen = Vec::new();
    let mut found: Vec<Python> = candidates().into_iter().filter(|path| is_new(path, &mut seen)).map(here).collect();
    match std::env::var_os("VENV_DOCTOR_ROOT").filter(|root| !root.is_empty()).map(PathBuf::from) {
        None => println!("no root directory: VENV_DOCTOR_ROOT is not set"),
        Some(root) => found.extend(in_root(&root)),
    }
    if found.is_empty() {
        println!("skipped: no interpreter to ask");
    }
    found
}

fn candidates() -> Vec<PathBuf> {
    let mut candidates = Vec::new();
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv"));
    let pyenv = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or(home);
    if let Some(Ok(versions)) = pyenv.map(|pyenv| std::fs::read_dir(pyenv.join("versions"))) {
        candidates.extend(versions.flatten().map(|version| version.path().join("bin/python3")));
    }
    let search = std::env::var_os("PATH").unwrap_or_default();
    candidates.extend(std::env::split_paths(&search).map(|dir| dir.join("python3")));
    let listed = std::env::var_os("VENV_DOCTOR_PYTHONS").unwrap_or_default();
    candidates.extend(std::env::split_paths(&listed));
    candidates.retain(|candidate| candidate.is_file());
    candidates.sort();
    candidates
}

fn is_new(path: &Path, seen: &mut Vec<PathBuf>) -> bool {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let new = !seen.contains(&real);
    seen.push(real);
    new
}

fn in_root(root: &Path) -> impl Iterator<Item = Python> {
    let paths = (11..=15).map(|minor| PathBuf::from(format!("/usr/bin/python3.{minor}")));
    paths
        .filter(|path| root.join(path.strip_prefix("/").unwrap_or(path)).is_file())
        .map(|path| Python { root: Some(root.to_owned()), path })
}

/// What the script says about a case.
#[derive(Debug, Deserialize)]
pub struct Reply {
    /// The exception that it raises.
    pub error: Option<String>,
    /// The fields of `PyConfig`.
    pub values: BTreeMap<String, Value>,
    /// Each lookup: its kind, the path, the answer.
    pub asked: Vec<(String, String, Value)>,
    /// What it prints.
    pub warnings: Vec<String>,
}

/// A running judge.
pub struct Judge {
    pub name: String,
    pub version: Version,
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Judge {
    pub fn start(python: &Python) -> Result<Self, String> {
        let mut child = python.command(&[]).stderr(Stdio::null()).spawn().map_err(|error| error.to_string())?;
        let stdin = child.stdin.take().ok_or("no pipe")?;
        let mut stdout = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        let mut line = String::new();
        stdout.read_line(&mut line).map_err(|error| error.to_string())?;
        let hello: Value = serde_json::from_str(&line).map_err(|_| "it cannot run the judge".to_owned())?;
        if let Some(reason) = hello["missed"].as_str() {
            let _ = child.wait();
            return Err(reason.to_owned());
        }
        let version = version(&hello["version"]).ok_or("its version is not understood")?;
        let place = if python.root.is_some() { ", root directory" } else { "" };
        let name = format!("{version} ({}{place})", hello["executable"].as_str().unwrap_or_default());
        Ok(Self { name, version, child, stdin, stdout })
    }

    pub fn evaluate(&mut self, case: &Case) -> Reply {
        writeln!(self.stdin, "{}", serde_json::to_string(case).unwrap()).unwrap();
        self.stdin.flush().unwrap();
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{}: {error}: {line}", self.name))
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `sys.version_info`.
fn version(info: &Value) -> Option<Version> {
    let level = match info[3].as_str()? {
        "alpha" => format!("a{}", info[4]),
        "beta" => format!("b{}", info[4]),
        "candidate" => format!("rc{}", info[4]),
        _ => String::new(),
    };
    format!("{}.{}.{}{level}", info[0], info[1], info[2]).parse().ok()
}

/// A case of the interpreter's own `test_getpath`.
#[derive(Debug, Deserialize)]
pub struct Upstream {
    pub case: Case,
    /// Fields of the configuration that are filled in before the script runs.
    pub preset: BTreeMap<String, Value>,
    /// The values that the case expects.
    pub expected: BTreeMap<String, Value>,
}

pub fn upstream_cases(python: &Python) -> Result<Vec<Upstream>, String> {
    let output = python.command(&["upstream"]).output().map_err(|error| error.to_string())?;
    let mut cases = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let document: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if let Some(reason) = document["missed"].as_str() {
            return Err(reason.to_owned());
        }
        cases.push(serde_json::from_value(document).map_err(|error| error.to_string())?);
    }
    if cases.is_empty() { Err("it cannot run the judge".to_owned()) } else { Ok(cases) }
}
