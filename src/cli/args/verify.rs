//! The arguments of `verify`.

use clap::Args;

use super::{Format, Look, Output, Subject};

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor verify .venv/bin/python
  venv-doctor verify .venv -S --json              Without the site module, JSON
  venv-doctor verify .venv --launch module=pytest

Exit codes:
  0  The interpreter behaves exactly as predicted
  1  At least one value differs from the prediction
  2  No comparison was possible: only an interpreter is executed, no script and nothing that is not simulated";

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    pub subject: Subject,

    #[command(flatten)]
    pub output: Output<Format>,

    /// Also show the values that agree
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,

    /// Stop the interpreter after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub timeout: u64,
}
