//! One start, predicted and real.

use std::path::Path;

use bstr::BString;

use crate::differential::compare::compare;
use crate::differential::{observed, predicted};
use crate::support::interpreters::Interpreter;
use crate::support::world::{Cwd, Ended, PROBE, Start};

/// How a Python is started.
#[derive(Debug)]
pub struct Situation {
    /// The interpreter.
    pub exe: String,
    /// The working directory.
    pub cwd: Cwd,
    /// Flags of Python.
    pub flags: Vec<&'static str>,
    /// Variables.
    pub env: Vec<(&'static str, String)>,
}

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many starts were compared.
    pub count: usize,
    /// How many of them failed.
    pub fatal: usize,
    /// In how many of them unknown code ran.
    pub uncertain: usize,
    /// What differs.
    pub differences: Vec<String>,
}

impl Tally {
    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.count += other.count;
        self.fatal += other.fatal;
        self.uncertain += other.uncertain;
        self.differences.extend(other.differences);
    }
}

/// Starts Python, and compares every field with the prediction.
pub fn check(python: &Interpreter, situation: &Situation, dir: &Path, tally: &mut Tally) {
    let real = run(python, situation, dir, &situation.exe, arguments(situation, &["-B"], &["-c", PROBE]));
    let program = format!("{}/venv-doctor", python.world.work());
    let said = run(python, situation, dir, &program, arguments(situation, &["explain", &situation.exe, "--json"], &[]));
    let report: serde_json::Value = serde_json::from_slice(&said.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&said.stderr)));
    let real = observed::read(&real).unwrap_or_else(|error| panic!("{situation:?}: {error}"));
    let guess = predicted::read(&report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let is_uncertain = findings.iter().any(|finding| finding["code"] == "VD901");
    tally.count += 1;
    tally.fatal += usize::from(real.status != "starts");
    tally.uncertain += usize::from(is_uncertain);
    if is_uncertain {
        return;
    }
    for difference in compare(&guess, &real, false, python.buffers_errors()) {
        tally.differences.push(format!(
            "{} {situation:?} {}\n    predicted {}\n    real      {}",
            python.label, difference.field, difference.predicted, difference.real
        ));
    }
}

fn arguments(situation: &Situation, before: &[&str], after: &[&str]) -> Vec<BString> {
    before.iter().chain(&situation.flags).chain(after).map(|text| BString::from(*text)).collect()
}

fn run(python: &Interpreter, situation: &Situation, dir: &Path, file: &str, args: Vec<BString>) -> Ended {
    let env = situation.env.iter().map(|(name, value)| ((*name).to_owned(), BString::from(value.as_str()))).collect();
    let start = Start {
        file: file.into(),
        arg0: file.into(),
        args,
        env,
        cwd: &situation.cwd,
        unprivileged: false,
        stdin: None,
        capture: dir.join("capture"),
    };
    python.world.run(&start).unwrap()
}
