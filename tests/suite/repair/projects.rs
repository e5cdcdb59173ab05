//! An environment in the directory of a project: `fix` never touches what is not the environment's.

use std::collections::BTreeMap;
use std::fs;

use super::faults::FAULTS;
use super::patient::{python, run};
use crate::support::program::stderr;
use crate::support::stage::Stage;

/// What the project holds besides the environment.
const PROJECT: [&str; 7] =
    ["src/main.py", ".git/config", "data/rows.csv", "pyproject.toml", ".env", "~backup/notes", "bin/own-tool"];

fn contents(stage: &Stage<'_>) -> BTreeMap<&'static str, Option<Vec<u8>>> {
    PROJECT.iter().map(|name| (*name, fs::read(stage.at("env").join(name)).ok())).collect()
}

#[test]
fn a_project_around_the_environment_survives_every_fix() -> std::io::Result<()> {
    let Some(python) = python() else {
        println!("skipped: no interpreter of 3.9 to 3.12");
        return Ok(());
    };
    for (name, fault) in FAULTS {
        let stage = Stage::new(python)?;
        stage.venv(&[])?;
        for file in PROJECT {
            stage.write(format!("env/{file}"), format!("my own {file}\n"))?;
        }
        stage.link("env/data/latest", "rows.csv")?;
        let before = contents(&stage);
        fault(&stage)?;
        let journal = tempfile::tempdir()?;
        let output = run(&stage, journal.path(), &["fix", "env", "--yes"]);
        assert!(output.status.code() != Some(2), "{name}: {}", stderr(&output));
        assert_eq!(contents(&stage), before, "{name}: the project is damaged");
        assert_eq!(fs::read_link(stage.at("env/data/latest"))?.to_str(), Some("rows.csv"), "{name}");
    }
    println!("{} faults in an environment around which a project lies: nothing of it was touched", FAULTS.len());
    Ok(())
}
