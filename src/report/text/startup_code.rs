//! The code that start-up would execute, and what Python would print meanwhile.

use owo_colors::Style as Paint;

use super::page::Page;
use super::shown::quote;
use crate::Explanation;
use crate::startup::StartupCode;

const INDENT: usize = 2;
const FURTHER: usize = 6;

/// Writes both sections; an empty one is left out.
pub fn render(page: &mut Page, resolution: &Explanation) {
    if !resolution.startup.is_empty() {
        page.heading("Code that runs before yours");
        for code in &resolution.startup {
            piece(page, code);
        }
    }
    if !resolution.messages.is_empty() {
        page.heading("Python would print");
        for message in &resolution.messages {
            let message = quote(message);
            page.paragraph(INDENT, &message, page.palette.doubtful);
        }
    }
}

fn piece(page: &mut Page, code: &StartupCode) {
    let palette = page.palette;
    let place = match code.line {
        Some(line) => format!("{}:{line}", page.show(&code.file)),
        None => page.show(&code.file),
    };
    page.paragraph(INDENT, &format!("{place}  {}", code.kind.name()), palette.name);
    if let Some(text) = &code.code {
        let text = quote(text);
        page.paragraph(FURTHER, &text, Paint::new());
    }
    match code.known {
        Some(known) => page.paragraph(FURTHER, &format!("known: {known}"), palette.faint),
        None => page.paragraph(FURTHER, "not recognised: what it does to sys.path cannot be told", palette.doubtful),
    }
}
