//! What a builder has made: an environment, and what the report on it must contain.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use bstr::{BStr, BString};
use serde_json::Value;

use crate::support::interpreters::Interpreter;
use crate::support::stage::Stage;
use crate::support::world::{Cwd, Ended, Start};

/// An environment, how it is explained, and what the report must contain.
#[derive(Default)]
pub struct Case {
    /// The argument of `explain`: an executable or a directory.
    pub python: PathBuf,
    /// Further arguments of `explain`.
    pub arguments: Vec<String>,
    /// A path that the reason of a failure must contain.
    pub named: Option<PathBuf>,
    /// Values in the report from which the fault can be seen: JSON pointer and value.
    pub values: Vec<(&'static str, Value)>,
    /// Whether the program runs as a user who owns nothing.
    pub unprivileged: bool,
}

impl Case {
    /// Explains `python`.
    pub fn of(python: impl Into<PathBuf>) -> Self {
        Self { python: python.into(), ..Self::default() }
    }

    /// The reason must contain this path.
    pub fn naming(self, path: impl Into<PathBuf>) -> Self {
        Self { named: Some(path.into()), ..self }
    }

    /// The report must contain this value.
    pub fn showing(mut self, pointer: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((pointer, value.into()));
        self
    }

    /// With further arguments.
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(ToString::to_string));
        self
    }
}

/// Why an environment could not be made.
pub enum Unmade {
    /// It cannot be made on this machine.
    NotHere(String),
    /// It should have been possible.
    Failed(io::Error),
}

impl From<io::Error> for Unmade {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// What a builder returns.
pub type Made = Result<Case, Unmade>;

/// The prefix of the installed interpreter, as reports print it.
pub fn prefix(stage: &Stage<'_>) -> String {
    stage.installed_prefix().display().to_string()
}

/// The library that contains the interpreter, where the build is a shared one.
pub fn shared_library(python: &Interpreter) -> Option<PathBuf> {
    let path = Path::new(&python.prefix.to_string()).join(format!("lib/libpython{}.so.1.0", python.xy()));
    path.is_file().then_some(path)
}

impl Stage<'_> {
    /// Runs a command of the program on a case.
    pub fn doctor(&self, command: &str, case: &Case, format: &str) -> io::Result<Ended> {
        let world = &self.python.world;
        let mut args: Vec<BString> = vec![command.into(), case.python.as_os_str().as_bytes().into()];
        args.extend(case.arguments.iter().map(|argument| BString::from(argument.as_str())));
        args.extend(["--format", format].map(BString::from));
        let program: BString = bstr::concat([world.work(), BStr::new("/venv-doctor")]).into();
        let cwd = Cwd::At(self.path().as_os_str().as_bytes().into());
        world.run(&Start {
            file: program.clone(),
            arg0: program,
            args,
            env: vec![("PATH".to_owned(), "/usr/bin:/bin".into()), ("HOME".to_owned(), "/nonexistent".into())],
            cwd: &cwd,
            unprivileged: case.unprivileged,
            stdin: None,
            capture: world.work_outside().join("situation"),
        })
    }
}
