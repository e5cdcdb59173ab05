//! The arguments of `diff`.

use std::ffi::OsString;

use clap::Args;

use super::{Destination, Look, Output, PageFormat};

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor diff .venv ../other/.venv           Why does it work there and not here?
  venv-doctor diff .venv/bin/python python3       An environment and a command on PATH
  venv-doctor snapshot .venv --check --redact -o here.json
  venv-doctor diff here.json there.json           Two machines, each with its snapshot
  venv-doctor diff last-week.json .venv           What has changed since?
  venv-doctor diff a/.venv b/.venv --json | jq -r .headline
  venv-doctor diff a/.venv b/.venv --format html -o report.html

Exit codes:
  0  Nothing is different; what is not recorded of both is named
  1  Something is different
  2  There is no answer: invalid arguments or input, or nothing is different and it is not recorded what is installed";

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// An environment, an interpreter, a command on PATH, or a file that `snapshot` has written; `-` reads a snapshot
    #[arg(value_name = "A")]
    pub a: OsString,

    /// What to compare with it
    #[arg(value_name = "B")]
    pub b: OsString,

    /// Compare every installed file with its RECORD entry, as `check --files` does
    #[arg(long)]
    pub files: bool,

    #[command(flatten)]
    pub output: Output<PageFormat>,

    #[command(flatten)]
    pub destination: Destination,

    /// Show every difference, also where there are many of one kind
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,
}
