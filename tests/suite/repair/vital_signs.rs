//! What an environment can do, told by its interpreter and its scripts themselves.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use super::patient::{environment, in_world};
use crate::support::stage::Stage;

/// What an environment can do, one sentence each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VitalSigns {
    /// What works.
    pub works: BTreeSet<String>,
    /// The lines of complaint that its interpreter prints when it starts.
    pub complaints: usize,
}

/// Modules that are installed into every environment, or by faults that keep them importable.
const MODULES: [&str; 10] =
    ["demo", "demo_package", "three_main", "six_main", "ten_main", "twice", "edited", "synced", "idna", "kept"];
/// The scripts that are installed into every environment, or by faults.
const SCRIPTS: [&str; 12] =
    ["demo", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];

/// What an interpreter that starts says.
pub const STARTS: &str = "it starts";

const QUESTIONS: &str = "\
import sys
print('it starts')
print('its prefix is ' + sys.prefix)
print('its base is ' + sys.base_prefix)
print('its version is %s.%s' % sys.version_info[:2])
for path in sys.path[1:]:
    print('it finds modules in ' + path)
for name in sys.argv[1:]:
    try:
        __import__(name)
    except Exception:
        continue
    print('it imports ' + name)
";

impl VitalSigns {
    /// Those of the environment on a stage.
    pub fn of(stage: &Stage<'_>) -> Self {
        let mut python = told(stage, "env/bin/python");
        let output = python.args(["-B", "-c", QUESTIONS]).args(MODULES).output();
        let mut signs = Self::default();
        if let Ok(output) =
            output.as_ref().map_err(drop).and_then(|it| if it.status.success() { Ok(it) } else { Err(()) })
        {
            signs.works.extend(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned));
            signs.complaints = String::from_utf8_lossy(&output.stderr).lines().count();
        }
        for name in SCRIPTS.iter().filter(|name| may_exist(stage, name)) {
            let output = told(stage, &format!("env/bin/{name}")).output();
            if output.is_ok_and(|output| output.stdout == format!("{name} runs\n").into_bytes()) {
                signs.works.insert(format!("the script {name} runs"));
            }
        }
        if is_active(stage) {
            signs.works.insert("it can be activated".to_owned());
        }
        signs
    }

    /// What these can do and the others cannot.
    pub fn beyond(&self, others: &Self) -> Vec<String> {
        self.works.difference(&others.works).cloned().collect()
    }
}

fn told(stage: &Stage<'_>, name: &str) -> Command {
    let mut command = in_world(stage, &PathBuf::from(stage.text(name)));
    environment(&mut command, stage, &PathBuf::from("/nonexistent"));
    command
}

/// Whether there may be a script of this name: from outside of a root directory, not all symlinks in it can be followed.
fn may_exist(stage: &Stage<'_>, name: &str) -> bool {
    stage.python.world.root().is_some() || stage.at("env/bin").join(name).symlink_metadata().is_ok()
}

/// Whether a shell that sources the activation script finds the environment's interpreter first.
fn is_active(stage: &Stage<'_>) -> bool {
    let mut command = in_world(stage, &PathBuf::from("/bin/bash"));
    environment(&mut command, stage, &PathBuf::from("/nonexistent"));
    command.args(["-c", ". env/bin/activate && printf '%s' \"$VIRTUAL_ENV\" && test -x \"$(command -v python)\""]);
    command.output().is_ok_and(|it| it.status.success() && it.stdout == stage.text("env").into_bytes())
}
