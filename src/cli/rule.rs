//! `venv-doctor rule`: the documentation of rules.

use venv_doctor::report::rules;
use venv_doctor::rules::{Rule, all_rules};

use super::args::{RuleArguments, RuleFormat};
use super::exit::Exit;
use super::output;
use super::terminal;

/// Prints the rules that the arguments name.
pub fn run(arguments: &RuleArguments) -> Exit {
    let is_wanted = |rule: &&Rule| arguments.all || arguments.codes.iter().any(|prefix| prefix.covers(rule.code));
    let wanted: Vec<&Rule> = all_rules().filter(is_wanted).collect();
    let text = match arguments.format {
        RuleFormat::Text => rules::to_text(&wanted, &terminal::style(arguments.look, None)).into_bytes(),
        RuleFormat::Markdown => rules::to_markdown(&wanted).into_bytes(),
        RuleFormat::Json => rules::to_json(&wanted),
    };
    output::print(&text, Exit::Success)
}
