//! An environment with faults, and the program that mends it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::faults::FAULTS;
use crate::support::interpreters::{self, Interpreter};
use crate::support::stage::Stage;

/// An interpreter that all faults can be mended with: 3.13 passes over the byte-order mark of a `.pth` file.
pub fn python() -> Option<&'static Interpreter> {
    interpreters::installed()
        .filter(|python| (9..=12).contains(&python.minor) && !python.relocated && !python.debian)
        .last()
}

/// An environment with these faults.
pub fn broken<'p>(python: &'p Interpreter, faults: &[usize]) -> io::Result<Stage<'p>> {
    let stage = Stage::new(python)?;
    stage.venv(&[])?;
    for &index in faults {
        FAULTS[index].1(&stage)?;
    }
    Ok(stage)
}

/// The program in the directory of a stage, with a journal of its own.
pub fn doctor(stage: &Stage<'_>, journal: &Path) -> Command {
    let mut command = in_world(stage, &program(stage));
    environment(&mut command, stage, journal);
    command
}

/// The program itself, which every world has a copy of.
pub fn program(stage: &Stage<'_>) -> PathBuf {
    PathBuf::from(stage.python.world.work().to_string()).join("venv-doctor")
}

/// A program in the directory of a stage, in the world of its interpreter.
pub fn in_world(stage: &Stage<'_>, program: &Path) -> Command {
    match stage.python.world.root() {
        None => {
            let mut command = Command::new(program);
            command.current_dir(stage.path());
            command
        }
        Some(root) => {
            let mut command = Command::new("/usr/sbin/chroot");
            command.arg(root).args(["/usr/bin/env", "-C", &stage.text("")]).arg(program);
            command
        }
    }
}

/// Few variables.
pub fn environment(command: &mut Command, stage: &Stage<'_>, journal: &Path) {
    let search = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
    command.env_clear().env("PATH", search).env("HOME", stage.text("home"));
    command.env("XDG_STATE_HOME", journal).env("LC_ALL", "C.UTF-8").env("PYTHONDONTWRITEBYTECODE", "1");
}

/// Runs the program to its end.
pub fn run(stage: &Stage<'_>, journal: &Path, arguments: &[&str]) -> Output {
    doctor(stage, journal).args(arguments).output().expect("the program runs")
}
