//! The outcome table: everything that decides whether Python starts, generated, on every interpreter: what really happens,
//! next to what is predicted.
//!
//! Each kind of situation is a list of classes, of which no two are the same. `VENV_DOCTOR_OUTCOMES` is how many of each
//! kind are tried on each interpreter, or `all`; without it, a sample is. `VENV_DOCTOR_SEED` decides where the sample begins.

#![allow(clippy::disallowed_methods, reason = "the test builds directories and runs real interpreters")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test reports by printing and panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::{interpreters, numbers};
use judge::{Tally, compare};
use situation::{Situation, Subject};

mod command_line;
mod configuration;
mod damage;
mod hiding;
mod judge;
mod named;
mod prefix;
mod refused;
mod situation;
mod startup_code;

/// One kind of situations.
struct Kind {
    name: &'static str,
    /// How many are tried on each interpreter without `VENV_DOCTOR_OUTCOMES`.
    sample: usize,
    /// How many there are.
    count: fn() -> usize,
    /// Builds one; none where this interpreter has no such situation.
    build: fn(&Subject<'_>, usize) -> Option<Situation>,
}

/// Every kind. The sample has more of those that decide most.
const KINDS: [Kind; 7] = [
    Kind { name: "variables and options", sample: 16, count: configuration::count, build: configuration::build },
    Kind { name: "refused values", sample: 72, count: refused::count, build: refused::build },
    Kind { name: "command lines", sample: 32, count: command_line::count, build: command_line::build },
    Kind { name: "prefixes", sample: 16, count: prefix::count, build: prefix::build },
    Kind { name: "damaged libraries", sample: 24, count: damage::count, build: damage::build },
    Kind { name: "hidden modules", sample: 16, count: hiding::count, build: hiding::build },
    Kind { name: "startup code", sample: 32, count: startup_code::count, build: startup_code::build },
];

#[test]
fn every_situation_ends_as_predicted() {
    let found = interpreters::found();
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(2, Into::into);
    let mut results: Vec<(usize, Vec<Tally>)> = thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            while let turn = next.fetch_add(1, Ordering::Relaxed)
                && let Some(python) = found.interpreters.get(turn)
            {
                let subject = Subject::new(python);
                done.push((turn, KINDS.iter().map(|kind| run(kind, &subject, turn)).collect()));
            }
            done
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no worker panics")).collect()
    });
    results.sort_by_key(|(turn, _)| *turn);
    let mut of_kinds: Vec<Tally> = KINDS.iter().map(|_| Tally::default()).collect();
    for (turn, tallies) in results {
        let mut sum = Tally::default();
        for (of_kind, tally) in of_kinds.iter_mut().zip(tallies) {
            sum.add(&tally);
            of_kind.add(&tally);
        }
        println!("{:30} {sum}", found.interpreters[turn].label);
    }
    let mut total = Tally::default();
    for (kind, tally) in KINDS.iter().zip(&of_kinds) {
        println!("{:30} {tally}", kind.name);
        total.add(tally);
    }
    println!("the outcome table: {total}");
    assert!(total.different.is_empty(), "{} situations differ:\n{}", total.different.len(), total.shown());
}

/// One kind on one interpreter.
fn run(kind: &Kind, subject: &Subject<'_>, turn: usize) -> Tally {
    let all = (kind.count)();
    let wanted = std::env::var("VENV_DOCTOR_OUTCOMES").unwrap_or_default();
    let count = if wanted == "all" { all } else { numbers::number("VENV_DOCTOR_OUTCOMES", kind.sample).min(all) };
    let seed = numbers::number("VENV_DOCTOR_SEED", 1);
    let only = std::env::var("VENV_DOCTOR_KIND").unwrap_or_default();
    let mut tally = Tally::default();
    if !kind.name.contains(&only) {
        return tally;
    }
    // Some situations do not exist on every interpreter: others are tried in their place. The step is a prime number that
    // divides no number of situations, so that every one comes once.
    for number in (0..all).map(|at| (seed + turn * 31 + at * 7919) % all) {
        if tally.tried >= count {
            break;
        }
        if let Some(situation) = (kind.build)(subject, number) {
            compare(subject, &situation, &mut tally);
            (situation.undo)();
        }
    }
    tally
}

/// Takes a number apart: one of `choices`, and what is left of the number.
fn pick<T: Copy>(number: &mut usize, choices: &[T]) -> T {
    let choice = choices[*number % choices.len()];
    *number /= choices.len();
    choice
}
