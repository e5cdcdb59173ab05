//! `check` raises no false alarm: new environments of every creator, with packages of every kind, have no finding of
//! severity warning or above.
//!
//! `VENV_DOCTOR_HEALTHY` sets their number, `VENV_DOCTOR_SEED` the choice of them, and `VENV_DOCTOR_WHEELS` names a
//! directory of wheels to install: one directory for each minor version, `12` for 3.12. Without it, environments
//! contain what their creator installs.

mod fill;
pub mod make;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::support::interpreters::{self, Interpreter};
use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;
use crate::support::world::{Cwd, Start};
use bstr::{BString, ByteSlice};
use make::{Creator, Made};
use serde_json::Value;

#[test]
fn a_new_environment_is_healthy() {
    let found = interpreters::found();
    let seed = seed(1);
    let (mut examined, mut skipped) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    let mut alarms = Vec::new();
    for index in 0..number("VENV_DOCTOR_HEALTHY", 26) {
        let mut rng = Rng::new(seed, index);
        let Some(python) = found.interpreters.get(index % found.interpreters.len().max(1)) else { break };
        let creator = Creator::choose(&mut rng);
        let dir = python.world.work_outside().join(format!("healthy{index}"));
        match make::make(python, creator, &dir) {
            Err(reason) => *skipped.entry(reason).or_default() += 1,
            Ok(made) => {
                let packages = fill::fill(python, &made, &mut rng);
                *examined.entry(format!("{:8} {}", python.label, creator.name())).or_default() += 1;
                let (told, found) = alarming(python, &made);
                for told in told {
                    println!("     {told}");
                }
                alarms.extend(found.into_iter().map(|alarm| {
                    format!("{} {} with {} packages ({index}): {alarm}", python.label, creator.name(), packages)
                }));
                println!("{index:4} {:24} {:18} {packages:4} packages", python.label, creator.name());
            }
        }
        remove(&dir);
    }
    println!("{} environments of {} kinds, {} alarms", examined.values().sum::<usize>(), examined.len(), alarms.len());
    for (reason, times) in skipped {
        println!("skipped {times} times: {reason}");
    }
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

/// Removes an environment. A process that its maker has left behind may still write into it.
fn remove(dir: &Path) {
    for _ in 0..100 {
        if std::fs::remove_dir_all(dir).is_ok() || !dir.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{} cannot be removed", dir.display());
}

/// What `check` finds in an environment that is active. Findings about an installation, which is not new, are printed
/// and are no alarms.
fn alarming(python: &Interpreter, made: &Made) -> (Vec<String>, Vec<String>) {
    let program: BString = bstr::concat([python.world.work().as_bytes(), b"/venv-doctor"]).into();
    let search = format!("{}:/usr/bin:/bin", made.bin);
    let mut env = vec![("PATH".to_owned(), BString::from(search)), ("HOME".to_owned(), made.home.clone().into())];
    if made.is_environment {
        env.push(("VIRTUAL_ENV".to_owned(), made.root.clone().into()));
    }
    let cwd = Cwd::At(made.home.clone().into());
    let ended = python
        .world
        .run(&Start {
            file: program.clone(),
            arg0: program,
            args: ["check", &made.python, "--format", "json"].map(BString::from).into(),
            env,
            cwd: &cwd,
            unprivileged: false,
            stdin: None,
            capture: python.world.work_outside().join("healthy"),
        })
        .unwrap();
    let report: Value = match serde_json::from_slice(&ended.stdout) {
        Ok(report) => report,
        Err(error) => return (Vec::new(), vec![format!("no report: {error}: {}", ended.stderr.to_str_lossy())]),
    };
    let findings = report["environments"][0]["findings"].as_array().unwrap();
    let is_strangers = |finding: &&Value| !made.is_environment && finding["code"] == "VD410";
    let shown = |finding: &Value| format!("{} {}", finding["code"], finding["message"]);
    let (told, alarms): (Vec<&Value>, Vec<&Value>) = findings.iter().partition(is_strangers);
    (told.into_iter().map(shown).collect(), alarms.into_iter().map(shown).collect())
}
