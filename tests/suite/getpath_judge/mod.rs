//! The path configuration equals the result of `getpath.py`, the script that CPython 3.11 and later contain. It is
//! evaluated over machines in memory with Linux, macOS and Windows.
//!
//! `VENV_DOCTOR_LAYOUTS` sets the number of machines for each system and interpreter, `VENV_DOCTOR_SEED` the seed,
//! `VENV_DOCTOR_PYTHONS` (separated by colons) and `VENV_DOCTOR_ROOT` (a root directory, see `debian-root.sh`) name more
//! interpreters. Nothing of an interpreter is kept: its script and its tests are evaluated where they are.

pub mod case;
pub mod compare;
mod draft;
pub mod judge;
pub mod ours;
mod posix;
mod windows;

use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;
use case::{Case, File, System};
use judge::{Judge, Python, Upstream};
use venv_doctor::internals::interpreter::Version;

/// Descriptions of differences that are printed for each interpreter and system.
const MOST_SHOWN: usize = 5;

#[test]
fn random_machines_come_out_as_the_script_says() {
    let seed = seed(1);
    let count = number("VENV_DOCTOR_LAYOUTS", 300);
    let mut different = 0;
    for (_, mut judge) in judges() {
        for system in [System::Linux, System::Macos, System::Windows] {
            different += examine(&mut judge, system, seed, count);
        }
    }
    assert_eq!(different, 0, "machines came out otherwise than the script says");
}

fn examine(judge: &mut Judge, system: System, seed: u64, count: usize) -> usize {
    let (mut index, mut refused, mut failed, mut lookups) = (0, 0, 0, 0);
    let mut differences = Vec::new();
    while index < count + refused {
        index += 1;
        let case = random(system, judge.version, seed, index);
        let Some(ours) = ours::resolve(&case, judge.version) else {
            refused += 1;
            continue;
        };
        let theirs = judge.evaluate(&case);
        failed += usize::from(theirs.error.is_some());
        lookups += theirs.asked.len();
        differences.extend(compare::differences(&ours, &theirs).map(|text| describe(index, &text, &case)));
    }
    println!(
        "{} {system:?}: {count} machines, seed {seed}, {lookups} lookups, {failed} where the script fails, \
         {refused} more where nothing is started, {} different",
        judge.name,
        differences.len()
    );
    for text in differences.iter().take(MOST_SHOWN) {
        println!("{text}");
    }
    differences.len()
}

fn random(system: System, version: Version, seed: u64, index: usize) -> Case {
    let mut rng = Rng::new(seed, index);
    match system {
        System::Linux | System::Macos => posix::case(&mut rng, system, version),
        System::Windows => windows::case(&mut rng, version),
    }
}

fn describe(index: usize, text: &str, case: &Case) -> String {
    format!("machine {index}:\n{text}\n{}", serde_json::to_string(case).unwrap())
}

#[test]
fn the_interpreters_own_cases_come_out_as_they_expect() {
    let mut different = 0;
    for (python, mut judge) in judges() {
        let cases = match judge::upstream_cases(&python) {
            Ok(cases) => cases,
            Err(reason) => {
                println!("skipped {python}: {reason}");
                continue;
            }
        };
        let mut equal = 0;
        for Upstream { mut case, preset, expected } in cases {
            // Only a program that embeds Python can fill in its configuration; no way of starting a python does.
            if !preset.is_empty() {
                println!("{}: {} sets {preset:?} in its configuration, which no start does", judge.name, case.name);
                continue;
            }
            let ours = ours::resolve(&case, judge.version).unwrap_or_else(|| {
                // Upstream does not mind that the file which is started does not exist.
                case.files.push(File { path: case.argv0.clone(), executable: true, ..File::default() });
                ours::resolve(&case, judge.version).unwrap()
            });
            let theirs = judge.evaluate(&case);
            let misjudged = compare::unexpected(&theirs, &expected);
            let text = compare::differences(&ours, &theirs).or(misjudged);
            equal += usize::from(text.is_none());
            different += usize::from(text.is_some());
            if let Some(text) = text {
                println!("{}: {}:\n{text}\n{}", judge.name, case.name, serde_json::to_string(&case).unwrap());
            }
        }
        println!("{}: {equal} cases of test_getpath equal", judge.name);
    }
    assert_eq!(different, 0, "cases of test_getpath came out otherwise");
}

/// Every interpreter that can judge, once.
fn judges() -> impl Iterator<Item = (Python, Judge)> {
    let mut seen = Vec::new();
    judge::find().into_iter().filter_map(move |python| match Judge::start(&python) {
        Ok(judge) if seen.contains(&judge.name) => None,
        Ok(judge) => {
            seen.push(judge.name.clone());
            Some((python, judge))
        }
        Err(reason) => {
            println!("skipped {python}: {reason}");
            None
        }
    })
}
