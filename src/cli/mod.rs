//! The command line: one file per subcommand. Each turns arguments into calls of the library, has the result rendered,
//! and chooses the exit code. Nothing here knows how Python starts.

mod args;
mod check;
mod diff;
mod exit;
mod explain;
mod fix;
mod interrupt;
mod journal;
mod log;
mod output;
mod rule;
mod scan;
mod schema;
mod snapshot;
mod source;
mod subject;
mod target;
mod terminal;
mod undo;
mod verify;
mod what_if;
mod which;

use std::env;
use std::mem;
use std::process::ExitCode;

use clap::{Args, Parser};

#[cfg(feature = "internals")]
pub use log::harmless;

use args::{Arguments, Command, ExplainArguments, WhichArguments};
use exit::Exit;

/// Runs the command that this process was given, and returns its exit code.
pub fn main() -> ExitCode {
    run().into()
}

fn run() -> Exit {
    if let Some(arguments) = alone::<ExplainArguments>("explain") {
        return explain::run(&arguments);
    }
    if let Some(arguments) = alone::<WhichArguments>("which") {
        return which::run(&arguments);
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answer(&error),
    };
    match arguments.command {
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Which(arguments) => which::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Scan(arguments) => scan::run(&arguments),
        Command::Fix(arguments) => fix::run(&arguments),
        Command::Undo(arguments) => undo::run(&arguments),
        Command::Rule(arguments) => rule::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
    }
}

/// Prints the help or the version that was asked for, or says what is wrong with the arguments.
fn answer(error: &clap::Error) -> Exit {
    if error.use_stderr() {
        return output::refuse_arguments(&error.render().to_string());
    }
    // A reader that has gone away wants no more.
    drop(error.print());
    Exit::Success
}

/// The arguments of one command, parsed without building the other subcommands, whose options would take as much time as
/// reading an environment. Help and errors are left to the whole command line.
#[allow(clippy::disallowed_methods, reason = "a command line is made of the arguments of this process")]
fn alone<A: Args>(name: &'static str) -> Option<A> {
    let mut typed = env::args_os().skip(1);
    if typed.next()? != name {
        return None;
    }
    let mut command = A::augment_args(clap::Command::new(name)).disable_help_flag(true);
    let mut matches = command.try_get_matches_from_mut(std::iter::once(name.into()).chain(typed)).ok()?;
    let arguments = A::from_arg_matches_mut(&mut matches).ok();
    // A short process gains nothing from giving their many small pieces back.
    mem::forget((command, matches));
    arguments
}
