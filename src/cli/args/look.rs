//! How text looks, as it is typed.

use clap::{Args, ValueEnum};

/// How text looks.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Look {
    /// When to use colors
    ///
    /// `auto` uses colors on a terminal. NO_COLOR turns them off, CLICOLOR_FORCE turns them on.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,

    /// Width of the text in columns, 40 to 200 [default: width of the terminal, else 100]
    #[arg(long, value_name = "COLUMNS", hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(40..=200))]
    pub width: Option<u16>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}
