//! The arguments of `which`.
#![allow(clippy::doc_markdown, reason = "clap shows these comments as plain text")]

use std::ffi::{OsStr, OsString};

use clap::Args;
use thiserror::Error;

use super::{Call, Destination, Look, Output, PageFormat};
use crate::cli::output::Failure;
use crate::cli::what_if::ChangeArguments;

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor which requests                      Which file does `import requests` get?
  venv-doctor which .venv -- yaml numpy.linalg    In this environment
  venv-doctor which random --launch script=run.py Is it hidden by a file next to the script?
  venv-doctor which yaml --unset PYTHONPATH       And without this variable?
  venv-doctor which --file src/app/models.py      Under which name can this file be imported?
  venv-doctor which --shadowed                    Which names does more than one entry of sys.path have?

Exit codes:
  0  Every name is found; with --file, every file can be imported; with --shadowed, the list is complete
  1  Something is not found, or only running code can decide
  2  There is no answer: invalid arguments or input, or a Python that does not start or is not simulated";

/// Options of `which`.
#[derive(Debug, Args)]
#[command(override_usage = "venv-doctor which [OPTIONS] NAME...\n       \
                            venv-doctor which [OPTIONS] PYTHON -- NAME...\n       \
                            venv-doctor which [OPTIONS] --file PATH [PYTHON]\n       \
                            venv-doctor which [OPTIONS] --shadowed [PYTHON]")]
pub struct WhichArguments {
    /// Modules to look for, with dots for submodules; before `--`, and with --file or --shadowed, the interpreter
    ///
    /// The interpreter is named as for `explain`: an interpreter, an environment, or any command. Without it: VIRTUAL_ENV,
    /// else the active environment of conda, else .venv or venv in this directory or one of its parents, else python3 on
    /// PATH.
    #[arg(value_name = "NAME")]
    words: Vec<OsString>,

    /// Modules to look for, if an interpreter is named before `--`
    #[arg(value_name = "NAME", last = true, hide = true)]
    names: Vec<OsString>,

    /// The interpreter, the environment or the command
    #[arg(long, value_name = "PYTHON", help_heading = "Python invocation")]
    python: Option<OsString>,

    /// Show under which name this file can be imported, and what hides it (repeatable)
    #[arg(long, value_name = "PATH")]
    pub file: Vec<OsString>,

    /// List the names that more than one entry of sys.path provides
    ///
    /// Namespace packages, which entries share, are left out.
    #[arg(long)]
    pub shadowed: bool,

    #[command(flatten)]
    pub call: Call,

    /// Read a snapshot instead of this machine; `-` reads standard input
    ///
    /// A snapshot made by `snapshot --imports NAME` contains what this command looks up for that name.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    #[command(flatten)]
    pub changes: ChangeArguments,

    #[command(flatten)]
    pub output: Output<PageFormat>,

    #[command(flatten)]
    pub destination: Destination,

    #[command(flatten)]
    pub look: Look,
}

/// Why the words do not say what is asked.
#[derive(Debug, Error)]
pub enum WordsError {
    /// Neither a name nor anything else was given.
    #[error("no module is named")]
    Nothing,
    /// There is more than one word where the interpreter is named.
    #[error("more than one interpreter is named")]
    Interpreters,
}

impl Failure for WordsError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Nothing => vec![
                "name one: `venv-doctor which NAME`, or `venv-doctor which PYTHON -- NAME`".to_owned(),
                "`--file PATH` asks about a file, and `--shadowed` about all names".to_owned(),
            ],
            Self::Interpreters => vec!["name it once, before `--` or with `--python`".to_owned()],
        }
    }
}

impl WhichArguments {
    /// The interpreter and the names: the word before `--` is the interpreter, and so is the only word where no name can
    /// be meant.
    pub fn words(&self) -> Result<(Option<&OsStr>, &[OsString]), WordsError> {
        let asks_otherwise = self.shadowed || !self.file.is_empty();
        let (interpreters, names) = if self.names.is_empty() && !(asks_otherwise && self.python.is_none()) {
            (&[][..], self.words.as_slice())
        } else {
            (self.words.as_slice(), self.names.as_slice())
        };
        let mut all = interpreters.iter().chain(&self.python).map(OsString::as_os_str);
        let python = all.next();
        if all.next().is_some() {
            return Err(WordsError::Interpreters);
        }
        if names.is_empty() && !asks_otherwise { Err(WordsError::Nothing) } else { Ok((python, names)) }
    }
}
