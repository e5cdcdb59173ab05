//! `venv-doctor completions`: what shells need to complete the command line.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::rules::all_rules;

use super::args::{Arguments, CompletionsArguments};
use super::exit::Exit;
use super::output;

/// The arguments that take codes and names of rules, each with its command.
const RULES: [(&str, &str); 5] =
    [("check", "select"), ("check", "ignore"), ("fix", "select"), ("fix", "ignore"), ("rule", "rules")];

/// Prints the completions of the shell.
pub fn run(arguments: &CompletionsArguments) -> Exit {
    let mut text = Vec::new();
    match arguments.shell {
        Shell::Bash => text.extend_from_slice(bash().as_bytes()),
        shell => clap_complete::generate(shell, &mut command(), "venv-doctor", &mut text),
    }
    if arguments.shell == Shell::Fish {
        text.extend_from_slice(fish_rules().as_bytes());
    }
    output::print(&text, Exit::Success)
}

/// For bash, clap_complete names the parts of its function differently in two places where the program's name has a
/// hyphen, and completes nothing then (4.6.11). So it gets a name without one; the shell gets the real ones.
fn bash() -> String {
    let mut text = Vec::new();
    clap_complete::generate(Shell::Bash, &mut command().name("venv_doctor"), "venv_doctor", &mut text);
    String::from_utf8_lossy(&text).replace("-o default venv_doctor\n", "-o default venv-doctor pyvenv-doctor\n")
}

/// The whole command line, with the rules as the possible values of what names rules.
fn command() -> Command {
    RULES.iter().fold(Arguments::command(), |command, (name, argument)| {
        command.mut_subcommand(name, |command| {
            command.mut_arg(argument, |argument| argument.value_parser(PossibleValuesParser::new(rules())))
        })
    })
}

/// What clap_complete leaves out for fish: the values of an argument without an option.
fn fish_rules() -> String {
    let values: Vec<String> = rules().map(|value| format!("\n{}\t", value.get_name())).collect();
    let values = values.concat();
    let condition = "__fish_venv_doctor_using_subcommand rule";
    format!("complete -c venv-doctor -n \"{condition}\" -f -a \"{values}\"\n")
}

fn rules() -> impl Iterator<Item = PossibleValue> {
    let codes = all_rules().map(|rule| PossibleValue::new(rule.code.text()).help(rule.name));
    codes.chain(all_rules().map(|rule| PossibleValue::new(rule.name).help(rule.code.text())))
}
