//! The code that startup would execute, and what Python would print meanwhile.

use owo_colors::Style as Paint;

use super::page::Page;
use super::shown::quote;
use crate::Explanation;
use crate::startup::Hook;

const INDENT: usize = 2;
const FURTHER: usize = 6;

/// Writes both sections; an empty one is left out.
pub fn render(page: &mut Page, explanation: &Explanation) {
    if !explanation.startup.is_empty() {
        page.heading("Code that runs before yours");
        for (index, code) in explanation.startup.iter().enumerate() {
            let is_same = |other: &&Hook| is_same(code, other);
            if !explanation.startup[..index].iter().any(|other| is_same(&other)) {
                piece(page, code, explanation.startup.iter().filter(is_same).count());
            }
        }
    }
    if !explanation.messages.is_empty() {
        page.heading("Python would print");
        for message in &explanation.messages {
            let message = quote(message);
            page.paragraph(INDENT, &message, page.palette.doubtful);
        }
    }
}

/// Whether it is the same code at the same place. In an environment, `site` goes through the directory of packages twice
/// (up to 3.14), so that the same line runs again.
fn is_same(one: &Hook, other: &Hook) -> bool {
    (one.kind, &one.file, one.line) == (other.kind, &other.file, other.line)
}

fn piece(page: &mut Page, code: &Hook, times: usize) {
    let palette = page.palette;
    let place = page.show(&code.file);
    let place = code.line.map_or_else(|| place.clone(), |line| format!("{place}:{line}"));
    let times = match times {
        1 => String::new(),
        2 => ", twice".to_owned(),
        times => format!(", {times} times"),
    };
    page.paragraph(INDENT, &format!("{place}  {}{times}", code.kind.name()), palette.name);
    if let Some(text) = &code.code {
        let text = quote(text);
        page.paragraph(FURTHER, &text, Paint::new());
    }
    match code.known {
        Some(known) => page.paragraph(FURTHER, &format!("known: {known}"), palette.faint),
        None => page.paragraph(FURTHER, "not recognized: what it does to sys.path cannot be told", palette.doubtful),
    }
}
