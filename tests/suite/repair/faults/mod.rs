//! Faults that can be put into one environment together.

mod config;
mod places;
mod programs;
mod scripts;
mod startup_code;

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::support::stage::Stage;

/// Puts a fault into the environment of a stage.
///
/// An error says that this environment cannot have it: other faults have taken away what it would change.
pub type Fault = (&'static str, fn(&Stage<'_>) -> io::Result<()>);

/// Those that many tests use. Each changes other files than the others, so that any of them can be combined, in this order.
pub const FAULTS: [Fault; 10] = [
    ("the first line of a script has a carriage return", |stage| {
        let script = format!("#!{}\r\nprint('one runs')\r\n", stage.text("env/bin/python"));
        stage.program("env/bin/one", script).map(drop)
    }),
    ("a script begins with a byte-order mark", |stage| {
        let script = format!("\u{feff}#!{}\nprint('two runs')\n", stage.text("env/bin/python"));
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
    ("home does not exist", |stage| config::set(stage, "home", "/gone/bin")),
    ("the interpreter is gone", |stage| programs::lead_to(stage, &PathBuf::from("/gone/bin").join(stage.name()))),
];

/// All faults, in the order in which they are put into an environment: those that take something away come last.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let families =
        [&FAULTS[..], &scripts::FAULTS, &startup_code::FAULTS, &config::FAULTS, &programs::FAULTS, &places::FAULTS];
    families.into_iter().flatten()
}
