//! The command line: one file per subcommand. Each turns arguments into calls of the library, has the outcome
//! rendered, and says how the process ends. How Python starts is none of its business.

mod args;
mod exit;
mod explain;
mod output;
mod schema;
mod snapshot;
mod source;
mod subject;
mod target;
mod terminal;
mod verify;
mod what_if;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;

/// Does what the command line says.
pub fn run() -> Exit {
    match Arguments::parse().command {
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
    }
}
