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
    clap_complete::generate(arguments.shell, &mut command(), "venv-doctor", &mut text);
    if arguments.shell == Shell::Fish {
        text.extend_from_slice(fish_rules().as_bytes());
    }
    output::print(&text, Exit::Success)
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
    let values: String = rules().map(|value| format!("\n{}\t", value.get_name())).collect();
    let condition = "__fish_venv_doctor_using_subcommand rule";
    format!("complete -c venv-doctor -n \"{condition}\" -f -a \"{values}\"\n")
}

fn rules() -> impl Iterator<Item = PossibleValue> {
    let codes = all_rules().map(|rule| PossibleValue::new(rule.code.text()).help(rule.name));
    codes.chain(all_rules().map(|rule| PossibleValue::new(rule.name).help(rule.code.text())))
}
