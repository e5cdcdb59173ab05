//! The format of the output, which every command takes by the same two options.

use std::ffi::{OsStr, OsString};

use clap::{Args, ValueEnum};

/// An enumeration of formats, one of which is JSON.
pub trait OutputFormat: ValueEnum + Copy + Default + Send + Sync + 'static {
    /// The format that `--json` stands for.
    const JSON: Self;
    /// The help of `--format`.
    const HELP: &str = "Output format [default: text]";
}

/// The format of the output, by the same two options in every command.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Output<F: OutputFormat> {
    // A default value of clap's would be shared by all `F`.
    #[arg(long, value_name = "FORMAT", value_enum, help = F::HELP)]
    format: Option<F>,
    /// Same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl<F: OutputFormat> Output<F> {
    /// The format that was asked for, by either option.
    pub fn format(self) -> F {
        if self.json { F::JSON } else { self.format.unwrap_or_default() }
    }
}

/// The only format of some commands, which take the two options all the same, so that callers need not tell them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum JsonFormat {
    #[default]
    Json,
}

impl OutputFormat for JsonFormat {
    const JSON: Self = Self::Json;
    const HELP: &str = "Output format [default: json]";
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

impl OutputFormat for Format {
    const JSON: Self = Self::Json;
}

/// The formats of commands whose answer can be looked at in a browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    #[default]
    Text,
    Json,
    Html,
}

impl OutputFormat for PageFormat {
    const JSON: Self = Self::Json;
}

/// Where the output goes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Destination {
    /// Write the output to this file instead of standard output
    #[arg(id = "destination", short = 'o', long = "output", value_name = "FILE")]
    file: Option<OsString>,
}

impl Destination {
    /// The file, where one is named; `-` is standard output.
    pub fn file(&self) -> Option<&OsStr> {
        self.file.as_deref().filter(|file| *file != "-")
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    #[default]
    Text,
    Json,
    Html,
    Sarif,
    Github,
    Gitlab,
}

impl OutputFormat for CheckFormat {
    const JSON: Self = Self::Json;
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RuleFormat {
    #[default]
    Text,
    Json,
    Markdown,
}

impl OutputFormat for RuleFormat {
    const JSON: Self = Self::Json;
}
