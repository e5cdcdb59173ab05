//! Broken and misleading environments: each is made with a real interpreter, explained by the program, and the report
//! must name what is wrong. Where Python can be started, `verify` must confirm the report.
//!
//! One row of a table for each situation. A situation that cannot be made on this machine is printed with the reason.

mod base;
mod case;
mod cfg;
mod executable;
mod judge;
mod table;

use case::Unmade;
use table::{Build, Row};

use crate::support::interpreters::{self, Interpreter};
use crate::support::stage::Stage;

/// The newest interpreter of each kind.
fn interpreter(build: Build) -> Option<&'static Interpreter> {
    let newest = |is_wanted: &dyn Fn(&Interpreter) -> bool| {
        interpreters::installed().filter(|python| is_wanted(python)).max_by_key(|python| (python.minor, python.micro))
    };
    let is_plain = |python: &Interpreter| !python.relocated && !python.debian && case::shared_library(python).is_some();
    match build {
        Build::Modern => newest(&|python| is_plain(python) && python.minor >= 11),
        Build::Legacy => newest(&|python| is_plain(python) && python.minor <= 10),
        Build::Open => newest(&|python| python.open_to_all && python.minor >= 11),
        Build::Relocated => newest(&|python| python.relocated && python.minor >= 11),
    }
}

#[test]
fn every_broken_environment_is_explained_and_judged() {
    let builds = [Build::Modern, Build::Legacy, Build::Relocated, Build::Open].map(|build| (build, interpreter(build)));
    for (build, python) in builds {
        println!("{:10} {}", build.name(), python.map_or("none found", |python| &python.label));
    }
    let (mut right, mut skipped, mut wrong) = (0, 0, Vec::new());
    for row in table::rows() {
        let python = builds.iter().find(|(build, _)| *build == row.build).and_then(|(_, python)| *python);
        match python.map_or(Ok(Some("no such interpreter here".to_owned())), |python| try_row(&row, python)) {
            Ok(None) => {
                right += 1;
                println!("{row}");
            }
            Ok(Some(reason)) => {
                skipped += 1;
                println!("{row}  skipped: {reason}");
            }
            Err(problems) => wrong.push(format!("{row}\n    {}", problems.join("\n    "))),
        }
    }
    for (name, reason) in table::NOT_HERE {
        println!("{name}: skipped: {reason}");
    }
    println!("{right} situations explained, {skipped} skipped, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Makes a situation and judges the report on it; a reason where it cannot be made.
fn try_row(row: &Row, python: &Interpreter) -> Result<Option<String>, Vec<String>> {
    let stage = Stage::new(python).map_err(|error| vec![format!("no temporary directory: {error}")])?;
    match (row.make)(&stage) {
        Ok(case) => judge::judge(row, &stage, &case).map(|()| None),
        Err(Unmade::NotHere(reason)) => Ok(Some(reason)),
        Err(Unmade::Failed(error)) => Err(vec![format!("could not be made: {error}")]),
    }
}
