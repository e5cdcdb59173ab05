//! The documentation of rules: text for the terminal, JSON, and Markdown.

mod json;
mod markdown;
mod terminal;

use crate::report::text::Style;
use crate::rules::Rule;

pub use markdown::page;

/// Rules as text.
pub fn to_text(rules: &[&Rule], style: &Style) -> String {
    terminal::render(rules, style)
}

/// Rules in Markdown, without the introduction of the page.
pub fn to_markdown(rules: &[&Rule]) -> String {
    rules.iter().map(|rule| markdown::section(rule)).collect()
}

/// Rules as one line of JSON.
pub fn to_json(rules: &[&Rule]) -> Vec<u8> {
    json::render(rules)
}
