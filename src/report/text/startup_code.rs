//! The code that startup runs, and what Python prints meanwhile.

use std::collections::HashMap;

use bstr::BString;
use owo_colors::Style as Paint;

use super::page::Page;
use super::shown::quote;
use crate::Explanation;
use crate::startup::{Failure, Hook, HookKind};

const INDENT: usize = 2;
const FURTHER: usize = 6;

/// Writes both sections, but for those that would be empty.
pub fn render(page: &mut Page, explanation: &Explanation, verbose: bool) {
    if !explanation.resolution.startup.is_empty() {
        page.heading("Startup hooks");
        for (code, times) in distinct(&explanation.resolution.startup) {
            hook(page, code, fails(explanation, code), times, verbose);
        }
    }
    if !explanation.resolution.messages.is_empty() {
        page.heading("Messages on standard error");
        for message in &explanation.resolution.messages {
            let message = quote(message);
            page.paragraph(INDENT, &message, page.palette.doubtful);
        }
    }
}

/// Each startup hook once, in the order of the first time that it runs, with the number of times.
pub(in crate::report) fn distinct(hooks: &[Hook]) -> Vec<(&Hook, usize)> {
    let mut times = HashMap::new();
    for code in hooks {
        *times.entry(place(code)).or_insert(0) += 1;
    }
    hooks.iter().filter_map(|code| Some((code, times.remove(&place(code))?))).collect()
}

/// What makes it the same code in the same place. Up to 3.14, `site` reads the site-packages of an environment twice, so
/// that the same line runs twice.
fn place(code: &Hook) -> (HookKind, &BString, Option<usize>) {
    (code.kind, &code.file, code.line)
}

/// Whether it is known that the code fails.
pub(in crate::report) fn fails(explanation: &Explanation, code: &Hook) -> bool {
    let is_of = |failure: &Failure| failure.file == code.file && failure.line == code.line;
    explanation.resolution.failures.iter().any(is_of)
}

/// How often it runs, where that is more than once.
pub(in crate::report) fn often(times: usize) -> String {
    match times {
        1 => String::new(),
        2 => ", twice".to_owned(),
        times => format!(", {times} times"),
    }
}

/// Where the code is: its file as it is shown, and the line in it.
pub(in crate::report) fn at_line(file: String, code: &Hook) -> String {
    match code.line {
        Some(line) => format!("{file}:{line}"),
        None => file,
    }
}

/// What is known of the code.
pub(in crate::report) fn known(code: &Hook, fails: bool) -> String {
    match code.known {
        Some(known) => format!("known: {known}"),
        None if fails => "fails: see the findings".to_owned(),
        None => "not recognized: it may change sys.path in ways that are not shown here".to_owned(),
    }
}

/// Where the code is, what runs it, and what is known of it. Code that is known to be harmless is not quoted.
fn hook(page: &mut Page, code: &Hook, fails: bool, times: usize, verbose: bool) {
    let palette = page.palette;
    let place = at_line(page.show(&code.file), code);
    let times = often(times);
    page.paragraph(INDENT, &format!("{place}  {}{times}", code.kind.name()), palette.name);
    if let Some(text) = code.code.as_ref().filter(|_| verbose || code.known.is_none()) {
        let text = quote(text);
        page.paragraph(FURTHER, &text, Paint::new());
    }
    let paint = if code.known.is_some() { palette.faint } else { palette.doubtful };
    page.paragraph(FURTHER, &known(code, fails), paint);
}
