//! The arguments of `fix`.

use std::ffi::OsString;

use clap::Args;

use super::{Format, Look, Output};
use crate::rules::Selector;

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor fix                                 Plan for the active environment, or else the nearest; asks first
  venv-doctor fix .venv --yes                     Apply the safe fixes without asking
  venv-doctor fix .venv --dry-run --json          The plan as JSON; nothing is written
  venv-doctor fix .venv --select VD5 --yes        Only the fixes of some rules
  venv-doctor fix .venv --unsafe --yes --verify   Also the others, then start the interpreter
  venv-doctor undo                                Take the last one back

Exit codes:
  0  Nothing is left that a fix could do
  1  Something is left or planned; unsafe fixes count
  2  Refused, or invalid arguments: nothing was changed";

/// Options of `fix`.
#[derive(Debug, Args)]
pub struct FixArguments {
    /// Interpreters or environments to fix: paths, file: URLs, or names on PATH
    ///
    /// Without PATH: VIRTUAL_ENV, else .venv or venv in this directory or one of its parents. An installation is fixed
    /// only if it is named.
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,

    /// Apply the fixes without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,

    /// Also apply fixes that are not safe, some of which run programs and cannot be undone
    #[arg(id = "unsafe", long = "unsafe")]
    pub with_unsafe: bool,

    /// Show the plan and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Afterwards start the interpreter
    #[arg(long)]
    pub verify: bool,

    /// Compare every installed file with its RECORD entry, as `check --files` does
    #[arg(long, help_heading = "Findings")]
    pub files: bool,

    /// Rules whose findings to fix, by code, code prefix or name [default: all]
    ///
    /// Separate several with commas, or repeat the option: --select VD2,dangling-symlink
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<Selector>,

    /// Rules to leave out, by code, code prefix or name
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<Selector>,

    #[command(flatten)]
    pub output: Output<Format>,

    #[command(flatten)]
    pub look: Look,
}
