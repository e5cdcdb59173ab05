//! The arguments of `check`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::{Call, CheckFormat, Destination, Look, Output};
use crate::rules::{Selector, Severity};

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor check                               The active environment, or else the nearest
  venv-doctor check .venv other/bin/python        Several environments in one report
  venv-doctor check .venv --severity info         Report findings of every severity
  venv-doctor check .venv --files                 Compare installed files with their RECORD
  venv-doctor check .venv --select VD2,dangling-symlink --fail-on warning
  venv-doctor check .venv --format sarif > venv.sarif
  venv-doctor check .venv --format html -o report.html
  venv-doctor rule VD102                          Explain a rule

Exit codes:
  0  No finding reaches the severity of --fail-on (default: error)
  1  At least one finding does
  2  Invalid arguments or input: not every environment was checked";

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Interpreters, environments or commands to check: paths, file: URLs, or names on PATH
    ///
    /// Without PATH: VIRTUAL_ENV, else the active environment of conda, else .venv or venv in this directory or one of its
    /// parents, else python3 on PATH. The report says which was used.
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,

    #[command(flatten)]
    pub call: Call,

    /// Read a snapshot instead of this machine; `-` reads standard input
    ///
    /// A snapshot made by `snapshot --check` contains everything that a check reads.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    /// Compare every installed file with its RECORD entry
    #[arg(long, help_heading = "Findings")]
    pub files: bool,

    /// Rules to apply, by code, code prefix or name [default: all]
    ///
    /// Separate several with commas, or repeat the option: --select VD2,dangling-symlink
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<Selector>,

    /// Rules to leave out, by code, code prefix or name
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<Selector>,

    /// Minimum severity to report
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = Level::Warning, help_heading = "Findings")]
    pub severity: Level,

    /// Minimum severity for exit code 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error, help_heading = "Findings")]
    pub fail_on: FailOn,

    #[command(flatten)]
    pub output: Output<CheckFormat>,

    #[command(flatten)]
    pub destination: Destination,

    #[command(flatten)]
    pub look: Look,
}

/// A severity as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    Info,
    Warning,
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Info => Self::Info,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}

/// The minimum severity for exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    /// Whether the worst finding is that severe.
    pub fn is_reached(self, worst: Option<Severity>) -> bool {
        let least = match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
            Self::Never => return false,
        };
        worst.is_some_and(|worst| worst >= least)
    }
}
