//! The documentation of rules: text for the terminal, JSON, and Markdown.

mod json;
mod markdown;
#[cfg(feature = "internals")]
mod page;
mod terminal;

use crate::report::text::Style;
use crate::rules::Rule;

#[cfg(feature = "internals")]
pub use page::page;

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
