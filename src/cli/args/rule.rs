//! The arguments of `rule`.

use clap::Args;

use super::{Look, Output, RuleFormat};
use crate::rules::Selector;

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor rule VD102                          By code
  venv-doctor rule dangling-symlink               By name
  venv-doctor rule VD2 --json                     Every rule whose code begins with VD2
  venv-doctor rule --all --format markdown

Exit codes:
  0  The rules were printed
  2  Invalid arguments: no rule has this code or name";

/// Options of `rule`.
#[derive(Debug, Args)]
pub struct RuleArguments {
    /// Rules to explain, by code, code prefix or name
    #[arg(value_name = "RULE", required_unless_present = "all")]
    pub rules: Vec<Selector>,

    /// Explain every rule
    #[arg(long, conflicts_with = "rules")]
    pub all: bool,

    #[command(flatten)]
    pub output: Output<RuleFormat>,

    #[command(flatten)]
    pub look: Look,
}
