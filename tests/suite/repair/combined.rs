//! Several faults at once: one plan mends them, and never makes anything worse.

use std::process::Output;

use serde_json::Value;

use super::faults::{FAULTS, broken, python, run, starts};
use crate::support::program::{json, stderr};
use crate::support::rng::Rng;
use crate::support::tree::{differences, tree};

/// So many combinations are tried; `VENV_DOCTOR_COMBINATIONS` sets another number.
const COMBINATIONS: usize = 8;

/// The findings that matter, as code and message.
fn findings(output: &Output) -> Vec<(String, String)> {
    let report: Value = json(output);
    let list = report["environments"][0]["findings"].as_array().cloned().unwrap_or_default();
    list.iter().map(|one| (one["code"].as_str().unwrap_or_default().into(), one["message"].to_string())).collect()
}

#[test]
fn combined_faults_are_mended_together() -> std::io::Result<()> {
    let Some(python) = python() else {
        println!("skipped: no interpreter of 3.9 to 3.12");
        return Ok(());
    };
    let number = std::env::var("VENV_DOCTOR_COMBINATIONS").ok().and_then(|it| it.parse().ok()).unwrap_or(COMBINATIONS);
    let (mut healed, mut remains) = (0, Vec::new());
    for index in 0..number {
        let mut rng = Rng::new(12, index);
        let size = 2 + rng.below(4);
        let mut faults: Vec<usize> = rng.shuffled(FAULTS.len()).into_iter().take(size).collect();
        faults.sort_unstable();
        let stage = broken(python, &faults)?;
        let journal = tempfile::tempdir()?;
        let check = || run(&stage, journal.path(), &["check", "env", "--json"]);
        let (before, started, old) = (findings(&check()), starts(&stage), tree(stage.path()));
        let fixed = run(&stage, journal.path(), &["fix", "env", "--yes", "--json"]);
        assert!(fixed.status.code() != Some(2), "{faults:?}: {}", stderr(&fixed));
        let after = findings(&check());
        let new: Vec<_> = after.iter().filter(|(code, _)| !before.iter().any(|(old, _)| old == code)).collect();
        assert!(new.is_empty() && after.len() <= before.len(), "{faults:?}: {new:?}\n{before:?}\n{after:?}");
        assert!(starts(&stage) || !started, "{faults:?}: it started before");
        if after.is_empty() && starts(&stage) {
            healed += 1;
        } else {
            remains.push((faults.clone(), after));
        }
        let again = run(&stage, journal.path(), &["fix", "env", "--yes", "--json"]);
        assert_ne!(json(&again)["state"], "applied", "{faults:?}: the second time finds something");
        let undone = run(&stage, journal.path(), &["undo"]);
        assert!(undone.status.success(), "{faults:?}: {}", stderr(&undone));
        assert_eq!(differences(&old, &tree(stage.path())), Vec::<std::path::PathBuf>::new(), "{faults:?}");
    }
    println!("{number} combinations of faults: {healed} healed completely, none made worse, all undone");
    for (faults, after) in remains {
        println!("  left of {faults:?}: {after:?}");
    }
    Ok(())
}
