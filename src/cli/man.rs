//! `venv-doctor man`: the manual pages, made of what the help says.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use thiserror::Error;

use super::args::{Arguments, ManArguments};
use super::exit::Exit;
use super::output::{self, Failure};

/// When the texts of the pages last changed: the same program has to make the same pages on every day.
const DATE: &str = "2026-11-28";

/// Why there is no page.
#[derive(Debug, Error)]
enum ManError {
    #[error("there is no command {0:?}")]
    NoCommand(String),
    #[error("cannot make the page: {0}")]
    Io(#[from] io::Error),
}

impl Failure for ManError {
    fn help(&self) -> Vec<String> {
        vec!["`venv-doctor --help` lists the commands".to_owned()]
    }
}

/// Prints the page of a command, or writes those of all.
pub fn run(arguments: &ManArguments) -> Exit {
    let printed = match &arguments.output {
        Some(dir) => write_all(dir),
        None => page(arguments.command.as_deref()).map(|page| output::print(&page, Exit::Success)),
    };
    printed.unwrap_or_else(|error| output::refuse(&error))
}

/// Every command. Those below the whole have its name before their own as what they are called: `venv-doctor-explain`.
fn commands() -> Vec<Command> {
    let mut whole = Arguments::command().disable_help_subcommand(true);
    whole.build();
    let below: Vec<Command> = whole.get_subcommands().cloned().collect();
    std::iter::once(whole).chain(below).collect()
}

fn name_of(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(name: Option<&str>) -> Result<Vec<u8>, ManError> {
    let is_wanted = |command: &Command| command.get_name() == name.unwrap_or("venv-doctor");
    let command = commands().into_iter().find(is_wanted);
    render(command.ok_or_else(|| ManError::NoCommand(name.unwrap_or_default().to_owned()))?)
}

fn render(command: Command) -> Result<Vec<u8>, ManError> {
    // What the short help leaves out would have no text, and what follows the help has sections of its own.
    let command = command.mut_args(|argument| argument.hide_short_help(false));
    let after = command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string).unwrap_or_default();
    let has_commands = command.has_subcommands();
    let synopsis = synopsis(command.clone());
    let source = concat!("venv-doctor ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command).date(DATE).source(source).manual("venv-doctor");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    synopsis.to_writer(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    for part in after.split("\n\n") {
        section(part).to_writer(&mut page)?;
    }
    Ok(without_double_breaks(&page))
}

/// The usage of the help: with each of twenty options in it, a synopsis says nothing.
fn synopsis(mut command: Command) -> Roff {
    let usage = command.render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]).control("nf", []);
    for line in usage.trim_start_matches("Usage:").lines() {
        roff.text([roman(line.trim())]);
    }
    roff.control("fi", []);
    roff
}

/// clap_mangen breaks the line before and after an empty line, which is a break of its own.
fn without_double_breaks(page: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(page).replace("\n.br\n\n.br\n", "\n.sp\n").into_bytes()
}

/// A part of what follows the help: a heading with a colon, and lines that stay as they are.
fn section(part: &str) -> Roff {
    let (heading, lines) = part.split_once(":\n").unwrap_or(("Notes", part));
    let mut roff = Roff::new();
    roff.control("SH", [heading.to_uppercase().as_str()]).control("nf", []);
    for line in lines.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}

fn write_all(dir: &OsStr) -> Result<Exit, ManError> {
    for command in commands() {
        let file = Path::new(dir).join(format!("{}.1", name_of(&command)));
        let saved = output::save(file.as_os_str(), &render(command)?);
        if saved != Exit::Success {
            return Ok(saved);
        }
    }
    Ok(Exit::Success)
}
