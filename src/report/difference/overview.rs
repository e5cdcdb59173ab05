//! The difference as text: the verdict first, then what Python shows and does differently, then why.

use owo_colors::Style as Paint;

use super::{Supposition, lists, steps};
use crate::Explanation;
use crate::difference::{Difference, Fate, Pair, ValueChange, decides_otherwise};
use crate::report::text::page::{Page, columns};
use crate::report::text::steps::value_text;
use crate::report::text::{Style, count};
use crate::startup::{Status, Step, Value};

/// How far everything below a heading is indented.
pub(super) const INDENT: usize = 2;
const LABELS: usize = 12;
const NAMES: usize = 23;

/// The whole difference.
pub fn render(supposition: &Supposition<'_>, style: &Style) -> String {
    let mut page = Page::new(style);
    let difference = &supposition.difference;
    head(&mut page, supposition);
    values(&mut page, difference);
    lists::path(&mut page, difference);
    lists::startup(&mut page, &difference.startup);
    lists::messages(&mut page, &difference.messages);
    lists::findings(&mut page, &difference.findings);
    steps::render(&mut page, difference, style.verbose);
    page.finish()
}

fn head(page: &mut Page, supposition: &Supposition<'_>) {
    let difference = &supposition.difference;
    let executable = page.show(difference.before.resolution.typed());
    let (verdict, standing) = verdict(difference);
    let paint = match standing {
        Standing::Same => page.palette.strong,
        Standing::Better => page.palette.good,
        Standing::Broken => page.palette.bad,
    };
    page.paragraph(0, &format!("{executable} · what if · {verdict}"), paint);
    for supposed in supposition.supposed {
        let supposed = page.show(supposed);
        line(page, "assumed", &supposed);
    }
    if let Some(reason) = &difference.after.resolution.outcome.reason {
        let reason = page.show(reason);
        line(
            page,
            if difference.after.resolution.outcome.status == Status::Starts { "but" } else { "because" },
            &reason,
        );
    }
    if !difference.is_empty() {
        line(page, "sys.path", &tally(&difference.path, "entry"));
        line(page, "findings", &tally(&difference.findings, "finding"));
    }
    line(page, "steps", &steps_tally(difference));
    for note in supposition.notes {
        let note = page.show(note);
        line(page, "note", &note);
    }
}

fn line(page: &mut Page, label: &str, text: &str) {
    let name = page.palette.name;
    page.labelled(INDENT, label, name, LABELS, text, Paint::new());
}

/// How the outcome with the changes is, compared with that without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Standing {
    /// Python starts as before, or nothing changes.
    Same,
    /// It starts now.
    Better,
    /// It does not start.
    Broken,
}

/// The outcome with and without the changes, in a few words.
pub(in crate::report) fn verdict(difference: &Difference<'_>) -> (String, Standing) {
    let (before, after) = (difference.before.resolution.outcome.status, difference.after.resolution.outcome.status);
    match (before == Status::Starts, after == Status::Starts) {
        (_, _) if difference.is_empty() => ("nothing changes".to_owned(), Standing::Same),
        (true, true) => ("starts, as before".to_owned(), Standing::Same),
        (false, true) => (format!("starts; without the changes, it {}", before.predicate()), Standing::Better),
        (true, false) => (format!("{}; without the changes, it starts", after.predicate()), Standing::Broken),
        (false, false) if before == after => (format!("{}, as before", after.predicate()), Standing::Broken),
        (false, false) => {
            (format!("{}; without the changes, it {}", after.predicate(), before.predicate()), Standing::Broken)
        }
    }
}

/// `1 entry added, 1 moved`, or that nothing changed.
fn tally<T>(pairs: &[Pair<'_, T>], noun: &str) -> String {
    let mut parts = Vec::new();
    for fate in [Fate::Added, Fate::Removed, Fate::Moved, Fate::Altered] {
        let number = pairs.iter().filter(|pair| pair.fate == fate).count();
        if number > 0 {
            let number = if parts.is_empty() { count(number, noun) } else { number.to_string() };
            parts.push(format!("{number} {}", fate.name()));
        }
    }
    match (parts.is_empty(), pairs.len()) {
        (false, _) => parts.join(", "),
        (true, 0) => format!("no {noun}, as before"),
        (true, 1) => format!("the same {noun}"),
        (true, number) => format!("the same {}", count(number, noun)),
    }
}

fn steps_tally(difference: &Difference<'_>) -> String {
    let number = |test: &dyn Fn(&Pair<'_, Step>) -> bool| difference.steps.iter().filter(|pair| test(pair)).count();
    let added = number(&|pair| pair.fate == Fate::Added);
    let removed = number(&|pair| pair.fate == Fate::Removed);
    let moved = number(&|pair| pair.fate == Fate::Moved);
    let decide = number(&|pair| pair.fate == Fate::Altered && decides_otherwise(pair));
    let ask = number(&|pair| pair.fate == Fate::Altered && !decides_otherwise(pair));
    let parts: Vec<String> = [
        (added, "new"),
        (removed, "gone"),
        (moved, "in another place"),
        (decide, "with another decision"),
        (ask, "with other lookups only"),
    ]
    .iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{number} {what}"))
    .collect();
    let all = difference.after.resolution.steps.len();
    if parts.is_empty() { format!("the same {all}") } else { format!("{}, of {all} in all", parts.join(", ")) }
}

/// Every value that differs, before and after.
fn values(page: &mut Page, difference: &Difference<'_>) {
    let changes = changed_values(page, difference);
    if changes.is_empty() {
        return;
    }
    page.heading("Values that differ");
    for (name, before, after) in changes {
        value(page, INDENT, NAMES, name, &before, &after);
    }
}

/// The values that differ and are worth showing: name, before, after.
pub(in crate::report) fn changed_values(
    page: &Page,
    difference: &Difference<'_>,
) -> Vec<(&'static str, String, String)> {
    // The head shows the reason, and of a Python that does not exist nothing else is known.
    let is_shown = |change: &&ValueChange| {
        change.name != "reason" && (difference.after.resolution.sys.is_some() || !is_computed(change.name))
    };
    let told = |change: &ValueChange| {
        let before = side(page, difference.before, change.name, change.before.as_ref());
        let after = side(page, difference.after, change.name, change.after.as_ref());
        (change.name, before, after)
    };
    difference.values.iter().filter(is_shown).map(told).collect()
}

/// A name with its value before and after: on one line where both fit.
pub(super) fn value(page: &mut Page, indent: usize, column: usize, name: &str, before: &str, after: &str) {
    let palette = page.palette;
    let arrow = format!("→ {after}");
    if indent + column.max(columns(name) + 1) + columns(before) + 1 + columns(&arrow) <= page.width() {
        let cells = [
            (name, column.max(columns(name) + 1), palette.name),
            (before, columns(before) + 1, palette.faint),
            (arrow.as_str(), 0, Paint::new()),
        ];
        page.row(indent, &cells);
    } else {
        page.labelled(indent, name, palette.name, column, before, palette.faint);
        page.labelled(indent, "", palette.name, column, &arrow, Paint::new());
    }
}

fn side(page: &Page, explanation: &Explanation, name: &str, value: Option<&Value>) -> String {
    match value {
        Some(value) => value_text(page, value),
        None if name == "pyvenv.cfg" => "none".to_owned(),
        None if !is_computed(name) => "unknown".to_owned(),
        None if explanation.resolution.sys.is_none() => "not computed".to_owned(),
        None if !name.starts_with("sys.") => "site is not imported".to_owned(),
        None => "no such attribute".to_owned(),
    }
}

/// Whether startup computes the value; the others are known of the interpreter.
fn is_computed(name: &str) -> bool {
    !matches!(name, "outcome" | "reason" | "implementation" | "version")
}
