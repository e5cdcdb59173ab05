//! The steps that are new, gone, or decide something else.

use owo_colors::Style as Paint;

use super::lists::mark;
use super::overview::value;
use crate::difference::{Difference, Fate, Pair, ValueChange, changed_sets, lookup_pairs};
use crate::report::text::page::Page;
use crate::report::text::steps::{LOOKUPS, is_telling, name_and_answer, value_text};
use crate::startup::{Step, Value};

const MARKS: usize = 2;
const NUMBERS: usize = 4;
const PHASES: usize = 13;
const SIDES: usize = 5;
const NAMES: usize = 22;

/// Writes them. Those of which only lookups and lists would be shown are left to `verbose`.
pub(super) fn render(page: &mut Page, difference: &Difference<'_>, verbose: bool) {
    let pairs: Vec<&Pair<'_, Step>> = shown(difference, verbose).collect();
    if pairs.is_empty() {
        return;
    }
    page.heading("Steps that differ");
    for pair in pairs {
        one(page, pair, verbose);
    }
}

/// The steps that are worth showing.
pub(in crate::report) fn shown<'d, 'e>(
    difference: &'d Difference<'e>,
    verbose: bool,
) -> impl Iterator<Item = &'d Pair<'e, Step>> {
    difference.steps.iter().filter(move |pair| match pair.fate {
        Fate::Kept => false,
        Fate::Altered => verbose || is_telling_pair(pair),
        Fate::Added | Fate::Removed | Fate::Moved => true,
    })
}

/// Whether an altered step has something to show without `verbose`.
fn is_telling_pair(pair: &Pair<'_, Step>) -> bool {
    let details = [pair.before, pair.after].map(|step| step.map(|step| &step.item.detail));
    details[0] != details[1] || changed_sets(pair).iter().any(is_telling_change)
}

pub(in crate::report) fn is_telling_change(change: &ValueChange) -> bool {
    change.after.as_ref().or(change.before.as_ref()).is_some_and(|value| is_telling(change.name, value))
}

fn one(page: &mut Page, pair: &Pair<'_, Step>, verbose: bool) {
    let Some(step) = pair.item() else { return };
    let palette = page.palette;
    let (mark, mark_paint) = mark(page, pair.fate);
    let number = format!("{:>2}", step.number);
    let was = match (pair.fate, pair.before) {
        (Fate::Moved, Some(before)) => format!("  was {}", before.item.number),
        _ => String::new(),
    };
    let indent = if page.is_wide() {
        let cells = [
            (mark, MARKS, mark_paint),
            (number.as_str(), NUMBERS, palette.faint),
            (step.phase.name(), PHASES, palette.name),
            (step.title, step.title.len(), palette.strong),
            (was.as_str(), 0, palette.faint),
        ];
        page.row(0, &cells);
        MARKS + NUMBERS + PHASES
    } else {
        let title = format!("{} · {}{was}", step.phase.name(), step.title);
        page.labelled(0, &format!("{mark:MARKS$}{number}"), mark_paint, MARKS + NUMBERS, &title, palette.strong);
        MARKS + NUMBERS
    };
    detail(page, indent, pair);
    decisions(page, indent, pair, verbose);
    if verbose {
        lookups(page, indent, pair);
    }
}

/// The detail of the step; where it was another one before, both.
fn detail(page: &mut Page, indent: usize, pair: &Pair<'_, Step>) {
    let palette = page.palette;
    match (pair.fate, pair.before, pair.after) {
        (Fate::Altered, Some(before), Some(after)) => {
            if before.item.detail == after.item.detail {
                return;
            }
            for (label, step, paint) in [("was", before.item, palette.faint), ("now", after.item, Paint::new())] {
                let detail = if step.detail.is_empty() { "no detail".to_owned() } else { page.show(&step.detail) };
                page.labelled(indent, label, palette.name, SIDES, &detail, paint);
            }
        }
        (Fate::Added | Fate::Removed, _, _) => {
            let paint = if pair.fate == Fate::Removed { palette.faint } else { Paint::new() };
            if let Some(step) = pair.item().filter(|step| !step.detail.is_empty()) {
                let detail = page.show(&step.detail);
                page.paragraph(indent, &detail, paint);
            }
        }
        _ => {}
    }
}

/// The values that the step decides differently, or for the first time.
fn decisions(page: &mut Page, indent: usize, pair: &Pair<'_, Step>, verbose: bool) {
    if pair.fate == Fate::Removed {
        return;
    }
    for change in changed_sets(pair) {
        if !verbose && !is_telling_change(&change) {
            continue;
        }
        let after = decided(page, change.after.as_ref());
        if pair.fate == Fate::Added {
            let palette = page.palette;
            page.labelled(
                indent,
                &format!("{} =", change.name),
                palette.name,
                change.name.len() + 3,
                &after,
                Paint::new(),
            );
        } else {
            let before = decided(page, change.before.as_ref());
            value(page, indent, NAMES, change.name, &before, &after);
        }
    }
}

/// A value as a step decides it, or that it does not.
pub(in crate::report) fn decided(page: &Page, value: Option<&Value>) -> String {
    value.map_or_else(|| "not decided here".to_owned(), |value| value_text(page, value))
}

/// The lookups that are new, gone, or answered differently.
fn lookups(page: &mut Page, indent: usize, pair: &Pair<'_, Step>) {
    for check in lookup_pairs(pair).iter().filter(|check| check.fate != Fate::Kept) {
        let Some(item) = check.item() else { continue };
        let (mark, mark_paint) = mark(page, check.fate);
        let (name, text, paint) = name_and_answer(page, item);
        let paint = if check.fate == Fate::Removed { page.palette.faint } else { paint };
        page.labelled(indent, &format!("{mark} {name}"), mark_paint, MARKS + LOOKUPS, &text, paint);
    }
}
