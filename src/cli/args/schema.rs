//! The arguments of `schema`.

use clap::{Args, ValueEnum};

use super::{JsonFormat, Output};

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor schema explain > explain.schema.json
  venv-doctor schema what-if                      The document of `explain --what-if --json`

Exit codes:
  0  The schema was printed
  2  Invalid arguments";

/// Options of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The document whose schema is printed
    #[arg(value_enum)]
    pub document: Document,

    #[command(flatten)]
    pub format: Output<JsonFormat>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Document {
    Explain,
    Check,
    Scan,
    Snapshot,
    WhatIf,
    Fix,
    Undo,
    Which,
    Diff,
}
