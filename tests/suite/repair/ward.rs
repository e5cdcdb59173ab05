//! A sound environment that is broken and put back again and again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::faults::Fault;
use super::patient::run;
use super::vital_signs::VitalSigns;
use crate::healthy::make::{Creator, make};
use crate::support::interpreters::Interpreter;
use crate::support::stage::Stage;

/// An environment of one interpreter and creator.
pub struct Ward {
    /// Where it is.
    pub stage: Stage<'static>,
    /// What it is called in reports.
    pub name: String,
    /// What it could do when it was new.
    pub sound: VitalSigns,
    /// Copies of everything on the stage, and the journal.
    kept: TempDir,
}

impl Ward {
    /// A new environment with one distribution, or why it cannot be made.
    pub fn new(python: &'static Interpreter, creator: Creator) -> Result<Self, String> {
        let told = |error: io::Error| error.to_string();
        let stage = Stage::in_world(python).map_err(told)?;
        make(python, creator, stage.path())?;
        let script =
            format!("#!{}\nimport sys\nfrom demo import main\nsys.exit(main())\n", stage.text("env/bin/python"));
        let files = [
            ("demo.py", "def main():\n    print('demo runs')\n"),
            ("demo_package/__init__.py", ""),
            ("../../../bin/demo", &script),
            ("demo-1.0.dist-info/entry_points.txt", "[console_scripts]\ndemo = demo:main\n"),
        ];
        stage.install("demo", "1.0", &files).map_err(told)?;
        let kept = tempfile::Builder::new().prefix("kept").tempdir_in(python.world.work_outside()).map_err(told)?;
        copy_all(stage.path(), &kept.path().join("stage")).map_err(told)?;
        let name = format!("{} of {}", creator.name(), python.label);
        let sound = VitalSigns::of(&stage);
        Ok(Self { stage, name, sound, kept })
    }

    /// Puts everything back as it was when the environment was new, with an empty journal.
    pub fn reset(&self) -> io::Result<()> {
        clear(self.stage.path())?;
        copy_all(&self.kept.path().join("stage"), self.stage.path())?;
        drop(fs::remove_dir_all(self.kept.path().join("state")));
        fs::create_dir(self.kept.path().join("state"))
    }

    /// Has `reset` restore what is on the stage now.
    pub fn keep(&self) -> io::Result<()> {
        fs::remove_dir_all(self.kept.path().join("stage"))?;
        copy_all(self.stage.path(), &self.kept.path().join("stage"))
    }

    /// Puts all of these faults into the environment. Where one of them is not possible, nothing is done.
    pub fn suffer(&self, faults: &[&Fault]) -> io::Result<()> {
        self.reset()?;
        faults.iter().try_for_each(|(_, put)| put(&self.stage))
    }

    /// The directory of the journal, as the program sees it.
    pub fn journal(&self) -> PathBuf {
        let name = self.kept.path().file_name().expect("it has a name");
        PathBuf::from(self.stage.python.world.work().to_string()).join(name).join("state")
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&self.stage, &self.journal(), arguments)
    }
}

/// Removes everything in a directory, which stays.
fn clear(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("cp fails")) }
}
