//! Faults that can be put into one environment together, and the program that mends them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::interpreters::{self, Interpreter};
use crate::support::program::PROGRAM;
use crate::support::stage::Stage;

/// Puts a fault into the environment of a stage.
pub type Fault = (&'static str, fn(&Stage<'_>) -> io::Result<()>);

/// Each changes other files than the others, so that any of them can be combined, in this order.
pub const FAULTS: [Fault; 10] = [
    ("the first line of a script has a carriage return", |stage| {
        let script = format!("#!{}\r\nprint('one')\r\n", stage.text("env/bin/python"));
        stage.program("env/bin/one", script).map(drop)
    }),
    ("a script begins with a byte-order mark", |stage| {
        let script = format!("\u{feff}#!{}\nprint('two')\n", stage.text("env/bin/python"));
        stage.program("env/bin/two", script).map(drop)
    }),
    ("pip left a directory behind", |stage| {
        stage.write(format!("{}/demo/__init__.py", stage.site()), "")?;
        stage.write(format!("{}/~emo/__init__.py", stage.site()), "")?;
        stage.write(format!("{}/~emo/data/rows", stage.site()), "1\n").map(drop)
    }),
    ("lib64 leads nowhere", |stage| stage.link("env/lib64", "gone").map(drop)),
    ("the activation scripts name another directory", |stage| {
        let root = stage.text("env");
        for name in ["activate", "activate.csh", "activate.fish"] {
            let path = stage.at("env/bin").join(name);
            let text = fs::read_to_string(&path)?.replace(&root, "/old/env");
            fs::write(path, text)?;
        }
        Ok(())
    }),
    ("a .pth file begins with a byte-order mark", |stage| {
        stage.dir("src")?;
        stage.write(format!("{}/src.pth", stage.site()), format!("\u{feff}{}\n", stage.text("src"))).map(drop)
    }),
    ("anybody may write to a .pth file", |stage| {
        stage.write(format!("{}/open.pth", stage.site()), "import sys\n")?;
        stage.mode(format!("{}/open.pth", stage.site()), 0o666)
    }),
    ("pyvenv.cfg begins with a byte-order mark", |stage| {
        let path = stage.at("env/pyvenv.cfg");
        let text = fs::read(&path)?;
        fs::write(path, [b"\xef\xbb\xbf".as_slice(), &text].concat())
    }),
    ("home does not exist", |stage| {
        let bin = stage.installed_bin();
        stage.edit("env/pyvenv.cfg", &format!("home = {}", bin.display()), "home = /gone/bin")
    }),
    ("the interpreter is gone", |stage| {
        let names = ["python", "python3"].map(str::to_owned).into_iter().chain([stage.name()]);
        for name in names {
            let path = stage.at("env/bin").join(&name);
            if fs::read_link(&path).is_ok_and(|target| target.is_absolute()) {
                stage.link(path, format!("/gone/bin/{}", stage.name()))?;
            }
        }
        Ok(())
    }),
];

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
    let mut command = Command::new(PROGRAM);
    environment(&mut command, stage, journal);
    command
}

/// Few variables.
pub fn environment(command: &mut Command, stage: &Stage<'_>, journal: &Path) {
    let search = format!("{}:/usr/bin:/bin", stage.installed_bin().display());
    command.current_dir(stage.path()).env_clear().env("PATH", search).env("HOME", stage.at("home"));
    command.env("XDG_STATE_HOME", journal).env("LC_ALL", "C.UTF-8");
}

/// Runs the program to its end.
pub fn run(stage: &Stage<'_>, journal: &Path, arguments: &[&str]) -> Output {
    doctor(stage, journal).args(arguments).output().expect("the program runs")
}

/// Whether the interpreter of the environment starts.
pub fn starts(stage: &Stage<'_>) -> bool {
    let python: PathBuf = stage.at("env/bin/python");
    let mut command = Command::new(python);
    command.args(["-B", "-c", "import encodings, os, site"]).env_clear();
    command.output().is_ok_and(|output| output.status.success())
}
