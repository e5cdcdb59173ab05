//! An environment with three distributions, whose base moves on to another minor version.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::interpreters::{self, Interpreter};
use crate::support::program::PROGRAM;
use crate::support::stage::Stage;

/// A build backend that needs nothing but Python. Its wheels hold one module; it waits as long as the variable says.
const BACKEND: &str = r#"
import os, pathlib, sys, time, zipfile

def wheel(directory, name, version, files):
    info = f"{name}-{version}.dist-info"
    files = files + [
        (f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
        (f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    ]
    names = [file for file, _ in files] + [f"{info}/RECORD"]
    files.append((f"{info}/RECORD", "".join(f"{file},,\n" for file in names)))
    target = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, target), "w") as archive:
        for file, text in files:
            archive.writestr(file, text)
    return target

def get_requires_for_build_editable(config_settings=None):
    if mark := os.environ.get("TEST_WAIT"):
        pathlib.Path(mark).touch()
        time.sleep(600)
    return []

def build_editable(directory, config_settings=None, metadata_directory=None):
    return wheel(directory, "editable_one", "0.5", [("editable_one.pth", os.path.abspath("src") + "\n")])

if __name__ == "__main__":
    wheel(sys.argv[1], "indexed_one", "1.2", [("indexed_one.py", "")])
    wheel(sys.argv[2], "local_one", "2.0", [("local_one.py", "")])
"#;

/// Two interpreters of different minor versions, each of which can create environments. Of the first, no other one is where
/// systems have theirs.
pub fn pair() -> Option<(&'static Interpreter, &'static Interpreter)> {
    let is_usual = |python: &Interpreter| {
        ["/usr/bin", "/usr/local/bin"].iter().any(|dir| Path::new(dir).join(format!("python{}", python.xy())).exists())
    };
    let usable = |python: &&Interpreter| {
        (9..=13).contains(&python.minor) && !python.relocated && !python.debian && !python.pypy && !is_usual(python)
    };
    let mut found = interpreters::installed().filter(usable);
    let old = found.next()?;
    let new = found.filter(|python| python.minor > old.minor).last()?;
    println!("from {} to {}", old.label, new.label);
    Some((old, new))
}

/// The environment and its surroundings.
pub struct Moved {
    /// Where everything is.
    pub stage: Stage<'static>,
    new: &'static Interpreter,
}

impl Moved {
    /// The environment whose base is replaced by another minor version.
    pub fn new(program: fn(&Interpreter) -> String) -> io::Result<Option<Self>> {
        let Some(moved) = Self::made_with(program)? else { return Ok(None) };
        fs::remove_dir_all(moved.stage.at("base"))?;
        moved.install_base(moved.new)?;
        Ok(Some(moved))
    }

    /// The environment whose base is as it was.
    pub fn unmoved() -> io::Result<Option<Self>> {
        Self::made_with(|_| "python3".to_owned())
    }

    /// Creates the environment with the base's `program`, and installs three distributions in it.
    fn made_with(program: fn(&Interpreter) -> String) -> io::Result<Option<Self>> {
        let Some((old, new)) = pair() else {
            println!("skipped: no two interpreters of different minor versions");
            return Ok(None);
        };
        let moved = Self { stage: Stage::new(old)?, new };
        let stage = &moved.stage;
        stage.dir("wheels")?;
        stage.dir("home")?;
        stage.write("project/backend.py", BACKEND)?;
        stage.write("project/src/editable_one.py", "")?;
        stage.write(
            "project/pyproject.toml",
            "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n\n\
             [project]\nname = 'editable-one'\nversion = '0.5'\n",
        )?;
        stage
            .run(Command::new(stage.installed()).arg("project/backend.py").arg(stage.at("wheels")).arg(stage.path()))?;
        moved.install_base(old)?;
        stage.run(Command::new(stage.at("base/bin").join(program(old))).args(["-m", "venv", "env"]))?;
        let local = stage.at("local_one-2.0-py3-none-any.whl");
        let mut pip = Command::new(stage.at("env/bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", "--find-links"]);
        stage.run(pip.arg(stage.at("wheels")).arg("indexed-one").arg(local).arg("-e").arg(stage.at("project")))?;
        Ok(Some(moved))
    }

    fn install_base(&self, python: &Interpreter) -> io::Result<()> {
        let (stage, name) = (&self.stage, format!("python{}", python.xy()));
        stage.link(format!("base/lib/{name}"), PathBuf::from(python.stdlib.to_string()))?;
        stage.program(format!("base/bin/{name}"), fs::read(python.exe.to_string())?)?;
        symlink(&name, stage.at("base/bin/python3"))
    }

    /// Takes away what `pip` would install from.
    pub fn empty_index(&self) -> io::Result<()> {
        fs::remove_dir_all(self.stage.at("wheels"))?;
        self.stage.dir("wheels").map(drop)
    }

    /// The program with few variables, and with those that keep `pip` from the network.
    pub fn doctor(&self, journal: &Path) -> Command {
        let stage = &self.stage;
        let mut command = Command::new(PROGRAM);
        command.current_dir(stage.path()).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", stage.at("home"));
        command.env("XDG_STATE_HOME", journal).env("LC_ALL", "C.UTF-8");
        command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", stage.at("wheels")).env("PIP_NO_CACHE_DIR", "1");
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, journal: &Path, arguments: &[&str]) -> Output {
        self.doctor(journal).args(arguments).output().expect("the program runs")
    }

    /// Whether the environment runs the new version and everything that was installed can be imported.
    pub fn is_healed(&self) -> bool {
        let code = format!(
            "import sys, indexed_one, local_one, editable_one; assert sys.version_info[1] == {}",
            self.new.minor
        );
        let output = Command::new(self.stage.at("env/bin/python")).args(["-B", "-c", &code]).env_clear().output();
        output.is_ok_and(|output| output.status.success())
    }
}
