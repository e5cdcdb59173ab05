//! The arguments of `man`.

use std::ffi::OsString;

use clap::Args;

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor man | man -l -
  venv-doctor man explain | man -l -
  venv-doctor man --output ~/.local/share/man/man1

Exit codes:
  0  The pages were printed or written
  2  Invalid arguments, or the directory cannot be written to";

/// Options of `man`.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// The command that the page is about [default: venv-doctor itself]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,

    /// Write the pages of all commands to this directory
    #[arg(short, long, value_name = "DIR", conflicts_with = "command")]
    pub output: Option<OsString>,
}
