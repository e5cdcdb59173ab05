//! The arguments of `explain`.

use std::ffi::OsString;

use clap::Args;

use super::{Destination, Look, Output, PageFormat, Subject};
use crate::cli::what_if::WhatIfArguments;

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor explain                             The active environment, or else the nearest
  venv-doctor explain .venv/bin/python -v         Show all reasons and every lookup
  venv-doctor explain .venv --launch module=pytest
  venv-doctor explain python3 -I --json           A name on PATH, isolated mode, JSON
  venv-doctor explain .venv --env PYTHONPATH=src  As if this variable were set
  venv-doctor explain .venv --format html -o report.html
  venv-doctor explain .venv --what-if --set include-system-site-packages=true
  venv-doctor explain .venv/bin/pytest            The Python that a command starts
  venv-doctor explain --snapshot report.json      A Python on another machine
  venv-doctor explain --root image /usr/bin/python3

Exit codes:
  0  Python starts, or is not simulated (another program, Python 2, an unknown release), and no finding is an error
  1  Python does not start, or a finding is an error
  2  Invalid arguments or input: there is no answer";

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    #[command(flatten)]
    pub subject: Subject,

    /// Read a snapshot instead of this machine; `-` reads standard input
    ///
    /// Without PYTHON, explains the Python that was recorded. Flags, --launch, --env, --unset, --cwd and --python-version
    /// override what the snapshot says. The report names every lookup that the snapshot cannot answer.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    #[command(flatten)]
    pub what_if: WhatIfArguments,

    #[command(flatten)]
    pub output: Output<PageFormat>,

    #[command(flatten)]
    pub destination: Destination,

    /// Show all reasons and every lookup with its answer
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,
}
