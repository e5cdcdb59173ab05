//! The rules as documentation: one for a terminal, all of them as a page or a document.

mod json;
mod markdown;
mod text;

use crate::report::text::Style;
use crate::rules::Rule;

pub use markdown::page;

/// Rules for people, one after the other.
pub fn to_text(rules: &[&Rule], style: &Style) -> String {
    text::render(rules, style)
}

/// Rules in Markdown, without the head of the page.
pub fn to_markdown(rules: &[&Rule]) -> String {
    rules.iter().map(|rule| markdown::section(rule)).collect()
}

/// Rules as one line of JSON.
pub fn to_json(rules: &[&Rule]) -> Vec<u8> {
    json::render(rules)
}
