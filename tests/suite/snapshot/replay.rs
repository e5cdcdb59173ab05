//! Recorded on this machine and replayed without it: the same report, byte for byte.
//!
//! `VENV_DOCTOR_LAYOUTS` sets how many layouts are tried altogether (500 for the whole claim), `VENV_DOCTOR_SEED`
//! chooses others; the interpreters are looked for as by `differential.rs`.

use std::fmt::Write;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bstr::BString;

use crate::differential::draft::{Draft, join};
use crate::differential::generate::{self, Plan};
use crate::support::interpreters::{self, Interpreter};
use crate::support::numbers::{number, seed};
use crate::support::world::{Ended, Start};

#[test]
fn a_recording_replays_to_the_same_report() {
    let seed = seed(1);
    let count = number("VENV_DOCTOR_LAYOUTS", 60);
    let found = interpreters::found();
    if found.interpreters.is_empty() {
        println!("skipped: no interpreter to make layouts for");
        return;
    }
    let share = count.div_ceil(found.interpreters.len());
    let mut jobs: Vec<(&Interpreter, Plan)> = Vec::new();
    for (turn, python) in found.interpreters.iter().enumerate() {
        jobs.extend(generate::plans(seed, share, turn).into_iter().map(|plan| (python, plan)));
    }
    let (next, equal) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let different = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((python, plan)) = jobs.get(number) else { break };
                    match examine(python, plan, &format!("s{number}")) {
                        None => {}
                        Some(Ok(())) => drop(equal.fetch_add(1, Ordering::Relaxed)),
                        Some(Err(difference)) => {
                            let title = format!("{} {}\n{difference}", python.label, generate::name(plan));
                            different.lock().unwrap().push(title);
                        }
                    }
                }
            });
        }
    });
    let different = different.into_inner().unwrap();
    println!("{} layouts replayed alike, {} did not", equal.into_inner(), different.len());
    assert!(different.is_empty(), "{}", different[..different.len().min(5)].join("\n"));
}

/// None where the layout cannot be built here.
fn examine(python: &Interpreter, plan: &Plan, label: &str) -> Option<Result<(), String>> {
    let draft = generate::build(python, label, plan).ok()?;
    let verdict = draft.skip.is_none().then(|| compare(&draft, label));
    if std::env::var_os("VENV_DOCTOR_KEEP").is_none() {
        let _ = fs::remove_dir_all(python.world.work_outside().join(label));
    }
    verdict
}

fn compare(draft: &Draft<'_>, label: &str) -> Result<(), String> {
    let live = draft.start_doctor(draft.python.world.work_outside().join(format!("{label}-live"))).unwrap();
    let recorded = start_snapshot(draft, label);
    if live.code == Some(2) || recorded.code != Some(0) {
        let alike = live.code == Some(2) && recorded.code == Some(2) && live.stderr == recorded.stderr;
        return if alike { Ok(()) } else { Err(format!("live {live:?}, recorded {recorded:?}")) };
    }
    let replayed = crate::snapshot::report(&recorded.stdout).map_err(|error| error.to_string())?;
    if replayed == live.stdout {
        return Ok(());
    }
    let mut text = String::new();
    let [live, replayed] = [&live.stdout, &replayed].map(|report| serde_json::from_slice(report).unwrap());
    differences("", &live, &replayed, &mut text);
    writeln!(text, "  {}", draft.command_line()).unwrap();
    Err(text)
}

fn start_snapshot(draft: &Draft<'_>, label: &str) -> Ended {
    let world = &draft.python.world;
    let tool = join(world.work(), "venv-doctor");
    // The arguments of `explain --format json`, which say how Python is called.
    let mut args = vec![BString::from("snapshot")];
    args.extend(draft.doctor_args().into_iter().skip(3));
    let start = Start {
        file: tool.clone(),
        arg0: tool,
        args,
        env: Vec::new(),
        cwd: &draft.cwd(),
        unprivileged: draft.unprivileged,
        stdin: None,
        capture: world.work_outside().join(format!("{label}-snapshot")),
    };
    world.run(&start).unwrap()
}

/// Where two reports differ.
fn differences(path: &str, left: &serde_json::Value, right: &serde_json::Value, text: &mut String) {
    use serde_json::Value::{Array, Object};
    match (left, right) {
        (Object(a), Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| differences(&format!("{path}.{key}"), value, &b[key], text));
        }
        (Array(a), Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&format!("{path}[{index}]"), a, b, text);
            }
        }
        _ if left == right => {}
        _ => writeln!(text, "  {path}\n    live     {left}\n    replayed {right}").unwrap(),
    }
}
