//! `venv-doctor rule`: print the documentation of rules.

use crate::report::rules;
use crate::rules::{Rule, all_rules};

use super::args::{RuleArguments, RuleFormat};
use super::exit::Exit;
use super::output;
use super::terminal;

/// Prints the rules that the arguments name.
pub fn run(arguments: &RuleArguments) -> Exit {
    let is_named = |rule: &Rule| arguments.rules.iter().any(|selector| selector.covers(rule.code.text(), rule.name));
    let is_wanted = |rule: &&Rule| arguments.all || is_named(rule);
    let wanted: Vec<&Rule> = all_rules().filter(is_wanted).collect();
    let text = match arguments.output.format() {
        RuleFormat::Text => output::text(rules::to_text(&wanted, &terminal::style(arguments.look, None))),
        RuleFormat::Markdown => rules::to_markdown(&wanted).into_bytes(),
        RuleFormat::Json => rules::to_json(&wanted),
    };
    output::print(&text, Exit::Success)
}
