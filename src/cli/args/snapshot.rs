//! The arguments of `snapshot`.

use std::ffi::OsString;

use clap::Args;

use super::{JsonFormat, Output, Subject};

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor snapshot .venv/bin/python -o snapshot.json
  venv-doctor snapshot .venv --redact             Without user names and home directories
  venv-doctor snapshot .venv --check -o s.json    For `check --snapshot s.json`
  venv-doctor snapshot .venv --imports yaml       For `which --snapshot FILE yaml`
  venv-doctor snapshot .venv | ssh host venv-doctor explain --snapshot -

Exit codes:
  0  The snapshot was written, whatever is wrong with the environment
  2  Invalid arguments or input: there is no snapshot";

/// Options of `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArguments {
    #[command(flatten)]
    pub subject: Subject,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<OsString>,

    /// Also record what `which` looks up for these imports (repeatable)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Output")]
    pub imports: Vec<OsString>,

    /// Also record what `check` reads: scripts, installed distributions, permissions
    #[arg(long, help_heading = "Output")]
    pub check: bool,

    /// With --check, also record every installed file, for `check --files`
    #[arg(long, requires = "check", help_heading = "Output")]
    pub files: bool,

    /// Replace user names and home directories consistently
    #[arg(long, help_heading = "Output")]
    pub redact: bool,

    #[command(flatten)]
    pub format: Output<JsonFormat>,
}
