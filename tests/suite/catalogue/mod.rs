//! The catalogue of broken and misleading environments: every situation about executables, `pyvenv.cfg` and lost base
//! interpreters that can be made here is made, explained by the program, and must be told for what it is.
//!
//! One row of a table for each situation: its name in the catalogue, who makes it, and what the report must say. A
//! situation that cannot be made on this machine is printed with the reason.
#![allow(clippy::disallowed_methods, reason = "makes broken environments, and runs the program on them")]
#![allow(clippy::print_stdout, reason = "the table is part of the answer")]

mod base;
mod cfg;
mod executable;
mod judge;
mod scene;
mod table;

use self::scene::Scene;
use self::table::{Row, Runs};
use crate::support::interpreters::{self, Interpreter};

/// The interpreters of the table: a shared build of each algorithm, and one that was carried off.
struct Cast {
    found: Vec<Interpreter>,
}

impl Cast {
    fn assemble() -> Self {
        let found = interpreters::find().expect("interpreters can be looked for");
        let mut here: Vec<Interpreter> =
            found.interpreters.into_iter().filter(|python| python.world.root().is_none()).collect();
        for missed in found.missed {
            println!("missed: {missed}");
        }
        // The newest of each kind.
        here.sort_by_key(|python| std::cmp::Reverse((python.minor, python.micro)));
        Self { found: here }
    }

    fn actor(&self, role: Runs) -> Option<&Interpreter> {
        let plain =
            |python: &&Interpreter| !python.relocated && !python.debian && scene::shared_library(python).is_some();
        match role {
            Runs::Modern => self.found.iter().filter(plain).find(|python| python.minor >= 11),
            Runs::Legacy => self.found.iter().filter(plain).find(|python| python.minor <= 10),
            Runs::Open => self.found.iter().find(|python| python.open_to_all && python.minor >= 11),
            Runs::Relocated => self.found.iter().find(|python| python.relocated && python.minor >= 11),
        }
    }
}

#[test]
fn every_situation_is_told_for_what_it_is() {
    let cast = Cast::assemble();
    for role in [Runs::Modern, Runs::Legacy, Runs::Relocated, Runs::Open] {
        let label = cast.actor(role).map_or("none found", |python| &python.label);
        println!("{:10} {label}", role.name());
    }
    let (mut told, mut skipped, mut failed) = (0, 0, Vec::new());
    for row in table::rows() {
        let Some(python) = cast.actor(row.runs) else {
            skipped += 1;
            println!("{row}  skipped: no such interpreter here");
            continue;
        };
        match tell(&row, python) {
            Ok(None) => told += 1,
            Ok(Some(reason)) => {
                skipped += 1;
                println!("{row}  skipped: {reason}");
                continue;
            }
            Err(problems) => failed.push(format!("{row}\n    {}", problems.join("\n    "))),
        }
        println!("{row}");
    }
    for (name, reason) in table::NOT_HERE {
        println!("{name}: never made here: {reason}");
    }
    println!("{told} situations told, {skipped} skipped, {} wrong", failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Makes a situation and judges what is said about it; a reason where it cannot be made.
fn tell(row: &Row, python: &Interpreter) -> Result<Option<String>, Vec<String>> {
    let scene = Scene::new(python).map_err(|error| vec![format!("no scene: {error}")])?;
    match (row.make)(&scene) {
        Ok(case) => judge::judge(row, &scene, &case).map(|()| None),
        Err(scene::Unmade::Reason(reason)) => Ok(Some(reason)),
        Err(scene::Unmade::Failed(error)) => Err(vec![format!("could not be made: {error}")]),
    }
}
