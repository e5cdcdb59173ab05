//! Every field that venv-doctor predicts equals that of the real interpreter, over generated layouts.
//!
//! `VENV_DOCTOR_LAYOUTS` sets the number of layouts for each interpreter, `VENV_DOCTOR_SEED` the seed,
//! `VENV_DOCTOR_PYTHONS` (separated by colons) and `VENV_DOCTOR_ROOT` (a root directory, see `debian-root.sh`) name more
//! interpreters, `VENV_DOCTOR_ONLY` restricts to labels that contain it.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::differential::draft::Draft;
use crate::differential::generate::{self, Plan};
use crate::differential::report::{Tally, table};
use crate::differential::{compare, observed, predicted};
use crate::support::interpreters::{self, Interpreter};
use crate::support::numbers::{number, seed};
use bstr::ByteSlice;

#[test]
fn predictions_equal_reality() {
    let seed = seed(1);
    let count = number("VENV_DOCTOR_LAYOUTS", 80);
    let found = interpreters::found_all();
    println!("{} kinds in {} dimensions, seed {seed}", generate::kinds(), generate::DIMENSIONS.len());
    if found.interpreters.is_empty() {
        println!("skipped: no interpreter to compare with");
        return;
    }

    let mut jobs = Vec::new();
    for (turn, python) in found.interpreters.iter().enumerate() {
        jobs.extend(generate::plans(seed, count, turn).into_iter().map(|plan| (turn, python, plan)));
    }
    let tallies: Vec<Mutex<Tally>> = found
        .interpreters
        .iter()
        .map(|python| Mutex::new(Tally { label: python.label.clone(), ..Tally::default() }))
        .collect();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((turn, python, plan)) = jobs.get(number) else { break };
                    let verdict = examine(python, plan, &format!("n{number}"));
                    record(&mut tallies[*turn].lock().unwrap(), python, plan, verdict, seed);
                }
            });
        }
    });

    let tallies: Vec<Tally> = tallies.into_iter().map(|tally| tally.into_inner().unwrap()).collect();
    for description in tallies.iter().flat_map(|tally| &tally.descriptions) {
        println!("{description}");
    }
    println!("{}", table(&tallies));
    assert!(tallies.iter().all(|tally| tally.different == 0), "predictions differ from reality");
}

/// What came of one layout.
pub enum Verdict {
    /// Not tried.
    Skipped(String),
    /// All equal; whether it started.
    Equal { started: bool },
    /// A description of what differs.
    Different { started: bool, text: String },
}

fn examine(python: &Interpreter, plan: &Plan, label: &str) -> Verdict {
    let draft = match generate::build(python, label, plan) {
        Ok(draft) => draft,
        Err(error) => return Verdict::Skipped(format!("cannot be built here: {}", error.kind())),
    };
    let verdict = match draft.skip {
        Some(why) => Verdict::Skipped(why.to_owned()),
        None => compare_both(&draft, label),
    };
    if std::env::var_os("VENV_DOCTOR_KEEP").is_none() {
        let _ = fs::remove_dir_all(python.world.work_outside().join(label));
    }
    verdict
}

/// Runs both programs on a layout.
pub fn compare_both(draft: &Draft<'_>, label: &str) -> Verdict {
    let capture = draft.python.world.work_outside();
    // venv-doctor first: what the interpreter leaves behind must not help it.
    let doctor = draft.start_doctor(capture.join(format!("{label}-doctor"))).unwrap();
    let real = draft.start_real(capture.join(format!("{label}-real"))).unwrap();
    let real = match observed::read(&real) {
        Ok(real) => real,
        Err(problem) => return Verdict::Different { started: false, text: describe(draft, &[problem]) },
    };
    let started = real.status == "starts";
    // A name that no shell finds is refused instead of explained.
    if real.status == "fails-to-execute" && doctor.stderr.contains_str("no program named") {
        return Verdict::Equal { started };
    }
    let report: Result<serde_json::Value, String> =
        serde_json::from_slice(&doctor.stdout).map_err(|error| error.to_string());
    if report.as_ref().is_ok_and(|report| predicted::admits_ignorance(report, draft.python)) {
        return Verdict::Skipped("the prefix of this build cannot be learnt here, and the report says so".to_owned());
    }
    let guess = report.and_then(|report| {
        // Code that cannot be foretold is excused only where a finding says so.
        let excused = draft.uncertain && report["findings"].as_array().is_some_and(|findings| !findings.is_empty());
        Ok((predicted::read(&report)?, excused))
    });
    let (guess, excused) = match guess {
        Ok(guess) => guess,
        Err(problem) => {
            let text = format!("{problem}; exit {:?}, stderr: {}", doctor.code, bstr::BStr::new(&doctor.stderr));
            return Verdict::Different { started, text: describe(draft, &[text]) };
        }
    };
    let differences = compare::compare(&guess, &real, excused, draft.python.buffers_errors());
    if differences.is_empty() {
        return Verdict::Equal { started };
    }
    let lines: Vec<String> = differences
        .iter()
        .map(|difference| {
            format!("{}\n    predicted {}\n    real      {}", difference.field, difference.predicted, difference.real)
        })
        .collect();
    Verdict::Different { started, text: describe(draft, &lines) }
}

fn describe(draft: &Draft<'_>, lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        text += &format!("  {line}\n");
    }
    text += "  recipe:\n";
    for line in &draft.recipe {
        text += &format!("    {line}\n");
    }
    text + &format!("    {}\n", draft.command_line())
}

fn record(tally: &mut Tally, python: &Interpreter, plan: &Plan, verdict: Verdict, seed: u64) {
    // How many differences of one interpreter are described in full.
    let shown = number("VENV_DOCTOR_SHOWN", 3);
    match verdict {
        Verdict::Skipped(why) => {
            *tally.skipped.entry(why).or_default() += 1;
            return;
        }
        Verdict::Equal { started } => {
            tally.equal += 1;
            tally.started += usize::from(started);
        }
        Verdict::Different { started, text } => {
            tally.different += 1;
            tally.started += usize::from(started);
            let title = format!("DIFFERENT {} (seed {seed}): {}", python.label, generate::name(plan));
            if tally.descriptions.len() < shown {
                tally.descriptions.push(format!("{title}\n{text}"));
            } else {
                tally.descriptions.push(title);
            }
        }
    }
    tally.layouts += 1;
}
