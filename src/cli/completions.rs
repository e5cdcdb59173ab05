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

/// The commands that have a manual page.
const COMMANDS: [&str; 13] = [
    "explain",
    "check",
    "which",
    "diff",
    "fix",
    "undo",
    "scan",
    "rule",
    "verify",
    "snapshot",
    "schema",
    "completions",
    "man",
];

/// Prints the completions of the shell.
pub fn run(arguments: &CompletionsArguments) -> Exit {
    let text = match arguments.shell {
        Shell::Bash => bash(),
        Shell::Fish => generated(Shell::Fish) + &fish_values() + "complete -c pyvenv-doctor -w venv-doctor\n",
        Shell::Zsh => generated(Shell::Zsh)
            .replace("#compdef venv-doctor\n", "#compdef venv-doctor pyvenv-doctor\n")
            .replace("compdef _venv-doctor venv-doctor\n", "compdef _venv-doctor venv-doctor pyvenv-doctor\n"),
        Shell::PowerShell => powershell(),
        Shell::Elvish => {
            generated(Shell::Elvish)
                + "\nset edit:completion:arg-completer[pyvenv-doctor] = $edit:completion:arg-completer[venv-doctor]\n"
        }
        other => generated(other),
    };
    output::print(text.as_bytes(), Exit::Success)
}

fn generated(shell: Shell) -> String {
    named(shell, "venv-doctor")
}

fn named(shell: Shell, name: &'static str) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command().name(name), name, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// For bash, clap_complete names the parts of its function differently in two places where the program's name has a
/// hyphen, and completes nothing then (4.6.11). So it gets a name without one; the shell gets the real ones.
fn bash() -> String {
    named(Shell::Bash, "venv_doctor").replace("-o default venv_doctor\n", "-o default venv-doctor pyvenv-doctor\n")
}

/// The whole command line, with the rules as the possible values of what names rules, and the commands of what names one.
fn command() -> Command {
    let command = RULES.iter().fold(Arguments::command(), |command, (name, argument)| {
        command.mut_subcommand(name, |command| {
            command.mut_arg(argument, |argument| argument.value_parser(PossibleValuesParser::new(rules())))
        })
    });
    let commands = PossibleValuesParser::new(COMMANDS);
    command.mut_subcommand("man", |command| command.mut_arg("command", |argument| argument.value_parser(commands)))
}

/// For each command, the values that its arguments without an option can have.
fn positional_values() -> Vec<(String, Vec<PossibleValue>)> {
    let of = |command: &Command| {
        let values = command.get_positionals().flat_map(clap::Arg::get_possible_values);
        (command.get_name().to_owned(), values.collect::<Vec<_>>())
    };
    command().get_subcommands().map(of).filter(|(_, values)| !values.is_empty()).collect()
}

/// What clap_complete leaves out for fish.
fn fish_values() -> String {
    let line = |(name, values): (String, Vec<PossibleValue>)| {
        let values: Vec<String> = values.iter().map(|value| format!("\n{}\t", value.get_name())).collect();
        let condition = format!("__fish_venv_doctor_using_subcommand {name}");
        format!("complete -c venv-doctor -n \"{condition}\" -f -a \"{}\"\n", values.concat())
    };
    positional_values().into_iter().map(line).collect()
}

/// What clap_complete leaves out for PowerShell, and both names of the program.
fn powershell() -> String {
    let text = generated(Shell::PowerShell)
        .replace("-CommandName 'venv-doctor' ", "-CommandName 'venv-doctor', 'pyvenv-doctor' ");
    positional_values().into_iter().fold(text, |text, (name, values)| {
        let line = |value: &PossibleValue| {
            let (name, help) = (value.get_name(), value.get_help().map_or_else(String::new, ToString::to_string));
            let help = if help.is_empty() { name.to_owned() } else { help.replace('\'', "''") };
            format!("            [CompletionResult]::new('{name}', '{name}', [CompletionResultType]::ParameterValue, '{help}')\n")
        };
        let head = format!("        'venv-doctor;{name}' {{\n");
        let lines: String = values.iter().map(line).collect();
        text.replace(&head, &(head.clone() + &lines))
    })
}

fn rules() -> impl Iterator<Item = PossibleValue> {
    let codes = all_rules().map(|rule| PossibleValue::new(rule.code.text()).help(rule.name));
    codes.chain(all_rules().map(|rule| PossibleValue::new(rule.name).help(rule.code.text())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let command = command();
        let mut all: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        all.sort_unstable();
        let mut named = COMMANDS;
        named.sort_unstable();
        assert_eq!(all, named);
    }
}
