//! The answer for people.

use bstr::ByteSlice;
use owo_colors::Style as Paint;

use super::{Report, search, words};
use crate::imports::{Candidate, Kind, Place};
use crate::report::text::page::{Page, columns};
use crate::report::text::{Style, first_upper};
use crate::which::{FileAnswer, Located, Shadowed};

const INDENT: usize = 2;
const GAP: usize = 2;

/// The answers, then each of them in full.
pub(super) fn render(report: &Report<'_>, style: &Style) -> String {
    let mut page = Page::new(style);
    for located in &report.told.names {
        let paint = paint(&page, located);
        answer(&mut page, &words::answer(located), paint);
    }
    for file in &report.told.files {
        let paint = if file.names.is_empty() { page.palette.bad } else { page.palette.strong };
        answer(&mut page, &words::file(file), paint);
    }
    if let Some(shadowed) = &report.told.shadowed {
        list(&mut page, shadowed);
    }
    if let Some(reason) = no_answer(report) {
        let text = page.show(reason);
        let paint = page.palette.bad;
        page.paragraph(0, &text, paint);
    }
    for note in report.notes {
        let text = page.show(note);
        page.labelled(0, "note", page.palette.name, 6, &text, Paint::new());
    }
    let several = report.told.names.len() > 1;
    for located in &report.told.names {
        details(&mut page, located, several);
    }
    for file in &report.told.files {
        hidden_names(&mut page, file);
    }
    page.finish()
}

/// Why there is no list of names, where that was asked for and Python does not start.
fn no_answer<'a>(report: &'a Report<'_>) -> Option<&'a bstr::BString> {
    let told = report.told;
    let is_silent = told.names.is_empty() && told.files.is_empty() && told.shadowed.is_none();
    told.resolution.outcome.reason.as_ref().filter(|_| is_silent)
}

/// The first line stays one line, so that it can be taken by `head -1`.
fn answer(page: &mut Page, text: &bstr::BString, paint: Paint) {
    let text = page.show(text);
    page.row(0, &[(&text, 0, paint)]);
}

fn paint(page: &Page, located: &Located) -> Paint {
    match located.import.kind {
        Kind::Missing => page.palette.bad,
        Kind::Unknown => page.palette.doubtful,
        _ if located.problem.is_some() => page.palette.bad,
        _ => page.palette.strong,
    }
}

fn details(page: &mut Page, located: &Located, several: bool) {
    let import = &located.import;
    let of = if several { format!(" for {}", page.show(&import.name)) } else { String::new() };
    let is_told = several || import.kind != Kind::Missing || located.near.is_empty();
    if let Some(reason) = located.reason.as_ref().filter(|_| !is_told) {
        let text = page.show(reason);
        page.paragraph(INDENT, &text, Paint::new());
    }
    if located.near.len() > 1 {
        page.heading(&format!("Near{of}"));
        for near in &located.near {
            let path = page.show(&near.path);
            page.row(INDENT, &[(&path, 0, Paint::new())]);
            let why = page.show(&near.why);
            let faint = page.palette.faint;
            page.paragraph(2 * INDENT, &why, faint);
        }
    }
    if !import.search.is_empty() {
        page.heading(&format!("Search{of}"));
        places(page, &import.search);
    }
    if !import.shadows.is_empty() {
        page.heading(&format!("Shadowed{of}"));
        candidates(page, &import.shadows);
    }
}

/// The places of the search, with what was there next to them, or below where that does not fit.
fn places(page: &mut Page, search: &[Place]) {
    let rows: Vec<(String, String, Paint)> = search
        .iter()
        .map(|place| {
            let palette = page.palette;
            let paint = match place.verdict {
                crate::imports::Verdict::Taken | crate::imports::Verdict::Portion => palette.good,
                crate::imports::Verdict::Nothing => palette.faint,
                _ => palette.doubtful,
            };
            (page.show(search::place(place)), page.show(search::found(place)), paint)
        })
        .collect();
    let width = rows.iter().map(|(place, _, _)| columns(place)).max().unwrap_or(0) + GAP;
    for (place, found, paint) in &rows {
        if INDENT + width + columns(found) <= page.width() {
            page.row(INDENT, &[(place, width, Paint::new()), (found, 0, *paint)]);
        } else {
            page.row(INDENT, &[(place, 0, Paint::new())]);
            page.paragraph(2 * INDENT, found, *paint);
        }
    }
}

/// What would be taken without the winner, and what without that.
fn candidates(page: &mut Page, shadows: &[Candidate]) {
    let width = shadows.iter().map(|shadow| columns(words::kind(shadow.kind))).max().unwrap_or(0) + GAP;
    for (index, shadow) in shadows.iter().enumerate() {
        let path = shadow.path.as_ref().map(|path| page.show(path)).unwrap_or_default();
        let faint = page.palette.faint;
        page.row(INDENT, &[(words::kind(shadow.kind), width, faint), (&path, 0, Paint::new())]);
        if index == 0 && shadow.kind != Kind::Namespace {
            page.paragraph(2 * INDENT, "would be imported without it", faint);
        }
    }
}

fn hidden_names(page: &mut Page, file: &FileAnswer) {
    if file.hidden.is_empty() {
        return;
    }
    page.heading("Hidden");
    for (name, by) in &file.hidden {
        let text = format!("import {} gets {}", page.show(name), words::target(page, by));
        page.paragraph(INDENT, &text, Paint::new());
    }
}

/// All names that several entries provide, in their groups.
fn list(page: &mut Page, shadowed: &[Shadowed]) {
    let strong = page.palette.strong;
    page.row(0, &[(&words::several(shadowed), 0, strong)]);
    for group in shadowed.chunk_by(|one, other| one.group == other.group) {
        let Some(first) = group.first() else { continue };
        page.heading(&first_upper(first.group.clone()));
        for one in group {
            names(page, one);
        }
    }
}

fn names(page: &mut Page, shadowed: &Shadowed) {
    let palette = page.palette;
    let winner = format!("{} → {}", page.show(shadowed.name.as_bstr()), words::target(page, &shadowed.winner));
    page.row(INDENT, &[(&winner, 0, Paint::new())]);
    for hidden in &shadowed.hidden {
        let hidden = words::target(page, hidden);
        let verb = words::over(shadowed);
        page.row(2 * INDENT, &[(verb, verb.len() + 1, palette.faint), (&hidden, 0, palette.faint)]);
    }
}
