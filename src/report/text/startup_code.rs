//! The code that startup runs, and what Python prints meanwhile.

use owo_colors::Style as Paint;

use super::page::Page;
use super::shown::quote;
use crate::Explanation;
use crate::startup::Hook;

const INDENT: usize = 2;
const FURTHER: usize = 6;

/// Writes both sections, but for those that would be empty.
pub fn render(page: &mut Page, explanation: &Explanation, verbose: bool) {
    if !explanation.resolution.startup.is_empty() {
        page.heading("Startup hooks");
        for (index, code) in explanation.resolution.startup.iter().enumerate() {
            let is_same = |other: &&Hook| is_same(code, other);
            if !explanation.resolution.startup[..index].iter().any(|other| is_same(&other)) {
                let times = explanation.resolution.startup.iter().filter(is_same).count();
                hook(page, code, times, verbose);
            }
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

/// Whether it is the same code in the same place. Up to 3.14, `site` reads the site-packages of an environment twice, so
/// that the same line runs twice.
fn is_same(one: &Hook, other: &Hook) -> bool {
    (one.kind, &one.file, one.line) == (other.kind, &other.file, other.line)
}

/// Where the code is, what runs it, and what is known of it. Code that is known to be harmless is not quoted.
fn hook(page: &mut Page, code: &Hook, times: usize, verbose: bool) {
    let palette = page.palette;
    let place = page.show(&code.file);
    let place = code.line.map_or_else(|| place.clone(), |line| format!("{place}:{line}"));
    let times = match times {
        1 => String::new(),
        2 => ", twice".to_owned(),
        times => format!(", {times} times"),
    };
    page.paragraph(INDENT, &format!("{place}  {}{times}", code.kind.name()), palette.name);
    if let Some(text) = code.code.as_ref().filter(|_| verbose || code.known.is_none()) {
        let text = quote(text);
        page.paragraph(FURTHER, &text, Paint::new());
    }
    match code.known {
        Some(known) => page.paragraph(FURTHER, &format!("known: {known}"), palette.faint),
        None => page.paragraph(
            FURTHER,
            "not recognized: it may change sys.path in ways that are not shown here",
            palette.doubtful,
        ),
    }
}
