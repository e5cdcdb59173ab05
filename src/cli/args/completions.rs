//! The arguments of `completions`.

use clap::Args;

pub const EXAMPLES: &str = "\
Examples:
  venv-doctor completions bash > ~/.local/share/bash-completion/completions/venv-doctor
  venv-doctor completions zsh > \"${fpath[1]}/_venv-doctor\"
  venv-doctor completions fish > ~/.config/fish/completions/venv-doctor.fish
  venv-doctor completions powershell >> $PROFILE

Exit codes:
  0  The completions were printed
  2  Invalid arguments";

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
