//! Modules that startup imports, hidden by other files or damaged, on real interpreters: what happens is what is predicted.
//!
//! Every name, place, content and launch is tried in some situation of the sample; `VENV_DOCTOR_MODULES` is the number of
//! situations for each interpreter and each of the two kinds, and `VENV_DOCTOR_SEED` the sample.

#![allow(clippy::disallowed_methods, reason = "the test builds directories and runs real interpreters")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test reports by printing and panicking"
)]

use std::fs;

use bstr::{BString, ByteSlice};
use serde_json::Value as Json;

use self::damage::Library;
use self::hiding::Hiding;
use crate::support::interpreters::{self, Interpreter};
use crate::support::world::{Cwd, Start};

mod damage;
mod hiding;

/// How one interpreter is started.
pub struct Situation {
    /// For people.
    pub label: String,
    /// The arguments of Python.
    pub args: Vec<String>,
    /// The same launch for venv-doctor.
    pub launch: String,
    /// The flag, where there is one.
    pub flag: Option<String>,
    /// The variables.
    pub env: Vec<(String, BString)>,
    /// The working directory, as programs of the world see it.
    pub cwd: BString,
}

/// The first line of the path configuration, which is not shown.
const DUMP: &str = "Python path configuration:";

#[derive(Default)]
struct Tally {
    tried: usize,
    fatal: usize,
    unknown: usize,
    different: Vec<String>,
}

#[test]
fn hidden_modules_end_startup_as_predicted() {
    each("hidden modules", |python, random, tally, number| {
        let hiding = Hiding::random(python, random);
        let Some(situation) = hiding.build(python, &format!("hidden{number}")) else { return };
        compare(python, &situation, tally);
        hiding.clean(python, &format!("hidden{number}"));
    });
}

#[test]
fn damaged_libraries_end_startup_as_predicted() {
    let mut library: Option<(String, Library)> = None;
    each("damaged libraries", |python, random, tally, _| {
        if library.as_ref().is_none_or(|(label, _)| *label != python.label) {
            library = Some((python.label.clone(), Library::new(python).unwrap()));
        }
        let Some((_, library)) = &library else { return };
        let Some((situation, restore)) = library.damage(python, random) else { return };
        compare(python, &situation, tally);
        restore(library);
    });
}

/// A small generator of numbers, so that a sample can be repeated.
pub struct Random(u64);

impl Random {
    /// One of `choices`.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        choices[usize::try_from(self.0 >> 16).unwrap() % choices.len()]
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn each(kind: &str, mut examine: impl FnMut(&Interpreter, &mut Random, &mut Tally, usize)) {
    let count = usize::try_from(number("VENV_DOCTOR_MODULES", 25)).unwrap();
    let found = interpreters::found();
    let mut total = Tally::default();
    for (turn, python) in found.interpreters.iter().enumerate() {
        let mut random = Random(number("VENV_DOCTOR_SEED", 1) * 0x9e37_79b9_7f4a_7c15 + turn as u64 + 1);
        let mut tally = Tally::default();
        for number in 0..count {
            examine(python, &mut random, &mut tally, turn * count + number);
        }
        let Tally { tried, fatal, unknown, different } = tally;
        println!(
            "{:30} {kind}: {tried} tried, {fatal} fatal, {unknown} unknown, {} different",
            python.label,
            different.len()
        );
        total.tried += tried;
        total.fatal += fatal;
        total.unknown += unknown;
        total.different.extend(different);
    }
    let Tally { tried, fatal, unknown, different } = total;
    println!("{kind}: {tried} tried, {fatal} fatal, {unknown} unknown, {} different", different.len());
    for text in different.iter().take(40) {
        println!("{text}");
    }
    assert!(different.is_empty(), "{} situations differ", different.len());
}

fn compare(python: &Interpreter, situation: &Situation, tally: &mut Tally) {
    let cwd = Cwd::At(situation.cwd.clone());
    let run = |file: BString, args: Vec<BString>, env: Vec<(String, BString)>, name: &str| {
        python
            .world
            .run(&Start {
                file: file.clone(),
                arg0: file,
                args,
                env,
                cwd: &cwd,
                unprivileged: false,
                stdin: None,
                capture: python.world.work_outside().join(name),
            })
            .unwrap()
    };
    let real_args = situation.args.iter().map(|arg| BString::from(arg.as_str())).collect();
    let real = run(python.exe.clone(), real_args, situation.env.clone(), "modules-real");
    let mut args: Vec<BString> = vec!["explain".into(), python.exe.clone(), "--json".into(), "--launch".into()];
    args.push(situation.launch.as_str().into());
    args.extend(situation.flag.as_deref().map(BString::from));
    for (name, value) in &situation.env {
        args.push("--env".into());
        args.push([name.as_bytes(), b"=", value].concat().into());
    }
    let tool = BString::from(format!("{}/venv-doctor", python.world.work()));
    let said = run(tool, args, Vec::new(), "modules-doctor");
    let report: Json = serde_json::from_slice(&said.stdout).expect("venv-doctor prints a report");
    tally.tried += 1;
    let starts = real.stdout.contains_str("STARTED");
    tally.fatal += usize::from(!starts);
    // Code of the installation itself is no part of the situation.
    let work = python.world.work().to_string();
    let is_ours = |evidence: &Json| evidence["file"].as_str().is_some_and(|file| file.starts_with(&work));
    let is_unknown = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|finding| finding["code"] == "VD901" && finding["evidence"].as_array().unwrap().iter().any(is_ours));
    let predicted = report["outcome"]["status"] == "starts";
    if predicted && is_unknown {
        tally.unknown += 1;
        println!("unknown, {}: {} {}", if starts { "starts" } else { "fails" }, python.label, situation.label);
        return;
    }
    let stderr: Vec<BString> = real.stderr.lines().map(BString::from).collect();
    let problem = if predicted != starts {
        format!("predicted {}, {}", report["outcome"]["status"], if starts { "it starts" } else { "it fails" })
    } else if !starts && !is_subsequence(&report["messages"], &stderr) {
        let lines = report["messages"].as_array().unwrap();
        let head = lines.iter().filter_map(Json::as_str).filter(|line| !line.starts_with("  ") && *line != DUMP);
        format!("predicted messages {:?}", head.collect::<Vec<_>>())
    } else {
        return;
    };
    let shown = stderr.iter().filter(|line| !line.starts_with(b"  ") && *line != DUMP).map(ToString::to_string);
    let shown = shown.collect::<Vec<_>>().join("\n    ");
    tally.different.push(format!("{} {}: {problem}; real:\n    {shown}", python.label, situation.label));
}

/// Whether all messages are printed, in their order, the first of them first.
fn is_subsequence(messages: &Json, lines: &[BString]) -> bool {
    let messages: Vec<&str> = messages.as_array().unwrap().iter().filter_map(Json::as_str).collect();
    let mut rest = lines.iter();
    !messages.is_empty()
        && messages.first().map(|first| first.as_bytes()) == lines.first().map(|line| line.as_slice())
        && messages.iter().all(|message| rest.any(|line| line == message.as_bytes()))
}

/// Removes a directory of the test, whatever is left in it.
pub fn remove(python: &Interpreter, path: &BString) {
    let _ = fs::remove_dir_all(python.world.outside(path.as_bstr()));
}
