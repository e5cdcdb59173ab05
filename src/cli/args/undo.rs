//! The arguments of `undo`.

use clap::Args;

use super::{Format, Output};

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor undo                                Undo the last transaction
  venv-doctor undo --list                         Which transactions can be undone?
  venv-doctor undo 20260102T030405Z-678 --json

Exit codes:
  0  Undone, or listed
  1  There is nothing to undo
  2  Refused, or invalid arguments: nothing was changed";

/// Options of `undo`.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// The transaction to undo [default: the last]
    #[arg(value_name = "TRANSACTION")]
    pub transaction: Option<String>,

    /// Undo the last transaction
    #[arg(long, conflicts_with_all = ["transaction", "list"])]
    pub last: bool,

    /// List the transactions that can be undone
    #[arg(long, conflicts_with = "transaction")]
    pub list: bool,

    #[command(flatten)]
    pub output: Output<Format>,
}
