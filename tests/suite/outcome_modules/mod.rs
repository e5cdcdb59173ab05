//! Modules that startup imports, hidden by other files or damaged, on real interpreters: what happens is what is predicted.
//!
//! The situations are generated: every module with every kind of hiding or damage and every launch. Places and flags take
//! turns. `VENV_DOCTOR_MODULES` is the number of situations for each interpreter and each of the two kinds, or `all`, and
//! `VENV_DOCTOR_SEED` decides where the sample begins.

#![allow(clippy::disallowed_methods, reason = "the test builds directories and runs real interpreters")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test reports by printing and panicking"
)]

use std::fs;
use std::os::unix::fs::symlink;

use bstr::{BStr, BString, ByteSlice};
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
    each("hidden modules", hiding::count(), |python, number, tally| {
        let exe = environment(python);
        let hiding = Hiding::number(python, number);
        let label = format!("hidden{number}");
        let Some(situation) = hiding.build(python, &label) else { return };
        compare(python, &exe, &situation, tally);
        remove(python, &Hiding::dir(python, &label));
    });
}

#[test]
fn damaged_libraries_end_startup_as_predicted() {
    let mut library: Option<(String, Library)> = None;
    each("damaged libraries", damage::count(), |python, number, tally| {
        if library.as_ref().is_none_or(|(label, _)| *label != python.label) {
            library = Some((python.label.clone(), Library::new(python).unwrap()));
        }
        let Some((_, library)) = &library else { return };
        let Some((situation, restore)) = library.damage(python, number) else { return };
        compare(python, &python.exe, &situation, tally);
        restore(library);
    });
}

/// An environment without any startup code, so that nothing is imported before its time.
fn environment(python: &Interpreter) -> BString {
    let dir = format!("{}/modules-env{}", python.world.work(), python.label.replace([' ', ','], "-"));
    let outside = python.world.outside(BStr::new(&dir));
    let exe = BString::from(format!("{dir}/bin/python"));
    if !outside.exists() {
        fs::create_dir_all(outside.join("bin")).unwrap();
        fs::create_dir_all(outside.join(format!("lib/python{}/site-packages", python.xy()))).unwrap();
        fs::write(
            outside.join("pyvenv.cfg"),
            format!("home = {}\ninclude-system-site-packages = false\n", python.bin()),
        )
        .unwrap();
        symlink(python.exe.to_str().unwrap(), outside.join("bin/python")).unwrap();
    }
    exe
}

/// Takes a number apart: one of `choices`, and what is left of the number.
pub fn pick<T: Copy>(number: &mut usize, choices: &[T]) -> T {
    let choice = choices[*number % choices.len()];
    *number /= choices.len();
    choice
}

fn each(kind: &str, all: usize, mut examine: impl FnMut(&Interpreter, usize, &mut Tally)) {
    let count = std::env::var("VENV_DOCTOR_MODULES").unwrap_or_default();
    let count = if count == "all" { all } else { count.parse().unwrap_or(24) };
    let seed: usize = std::env::var("VENV_DOCTOR_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let found = interpreters::found();
    let mut total = Tally::default();
    for (turn, python) in found.interpreters.iter().enumerate() {
        let mut tally = Tally::default();
        for number in 0..count {
            // A prime number that divides no number of situations, so that every one comes once.
            examine(python, (seed + turn * 31 + number * 7919) % all, &mut tally);
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

fn compare(python: &Interpreter, exe: &BString, situation: &Situation, tally: &mut Tally) {
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
    let real = run(exe.clone(), real_args, situation.env.clone(), "modules-real");
    let mut args: Vec<BString> = vec!["explain".into(), exe.clone(), "--json".into(), "--launch".into()];
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
        return;
    }
    let stderr: Vec<BString> = real.stderr.lines().map(BString::from).collect();
    let problem = if predicted != starts {
        format!("predicted {}, {}", report["outcome"]["status"], if starts { "it starts" } else { "it fails" })
    } else if !starts && is_without_text(&report["messages"], &stderr) {
        return;
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

/// An error about a module that C code imports: Python prints nothing before it, and its text is not predicted.
fn is_without_text(messages: &Json, lines: &[BString]) -> bool {
    messages.as_array().is_some_and(Vec::is_empty)
        && lines.first().is_some_and(|line| line.starts_with(b"  File ") || line.starts_with(b"AttributeError"))
}

/// Removes a directory of the test, whatever is left in it.
pub fn remove(python: &Interpreter, path: &BString) {
    let _ = fs::remove_dir_all(python.world.outside(path.as_bstr()));
}
