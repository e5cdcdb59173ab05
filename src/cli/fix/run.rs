//! Programs that a plan runs, where the user wants that in so many words.
#![allow(clippy::disallowed_methods, reason = "fix --unsafe runs the tools that a plan shows")]

use std::io;
use std::process::{Command, Stdio};

use bstr::{BString, ByteSlice};

use crate::host::os;
use crate::repair::Programs;
use crate::text::sentence;

/// The programs of a plan, and what decides whether they have built something that works.
pub struct Tools<'t> {
    /// A sentence says why not.
    pub judge: &'t mut dyn FnMut() -> Result<(), BString>,
}

impl Programs for Tools<'_> {
    fn run(&mut self, argv: &[BString], cwd: Option<&BString>) -> Result<(), BString> {
        run(argv, cwd)
    }

    fn judge(&mut self) -> Result<(), BString> {
        (self.judge)()
    }
}

/// Runs a program of the plan. What it prints goes to standard error, since standard output is for the report.
fn run(argv: &[BString], cwd: Option<&BString>) -> Result<(), BString> {
    let Some((program, arguments)) = argv.split_first() else { return Ok(()) };
    let mut command = Command::new(os::text(program));
    command.args(arguments.iter().map(|word| os::text(word))).stdin(Stdio::null()).stdout(io::stderr());
    if let Some(cwd) = cwd {
        command.current_dir(os::text(cwd));
    }
    let name = program.as_bstr();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(sentence!(name, " failed: ", status.to_string())),
        Err(error) => Err(sentence!(name, " cannot be run: ", error.to_string())),
    }
}

/// Whether an interpreter starts.
pub fn starts(executable: &BString) -> Result<(), BString> {
    run(&[executable.clone(), "-c".into(), "".into()], None)
}
