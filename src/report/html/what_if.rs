//! The page of `explain --what-if`.

use askama::Template;
use bstr::BString;

use super::about::Fact;
use super::drawing::Tone;
use super::entries::{Entries, Names, RowView, entries};
use super::filters;
use super::frame::Frame;
use super::more::More;
use super::words::{Words, bounded};
use super::written;
use crate::difference::{Difference, Fate, Pair, all_kept, changed_sets};
use crate::report::difference::Supposition;
use crate::report::difference::overview::{Standing, changed_values, verdict};
use crate::report::difference::steps::{decided, is_telling_change, shown};
use crate::report::finding::label;
use crate::report::text::shown::quote;
use crate::report::text::startup_code::at_line;
use crate::rules::Finding;
use crate::startup::{Hook, Status, Step};

/// The elements of a list that are shown.
const MOST: usize = 200;

const NAMES: Names = Names { titles: ["without the changes", "with the changes"], only: ["new", "gone"], first: "was" };

#[derive(Template)]
#[template(path = "what-if.html")]
struct WhatIfPage {
    frame: Frame,
    typed: String,
    verdict: String,
    tone: Tone,
    facts: Vec<Fact>,
    values: Vec<(&'static str, String, String)>,
    path: Option<Entries>,
    lists: Vec<ListView>,
    steps: Vec<StepChange>,
    more_steps: More,
}

/// What is new and what is gone in a list.
struct ListView {
    id: &'static str,
    title: &'static str,
    rows: Vec<RowView>,
    more: More,
}

struct StepChange {
    sign: &'static str,
    word: &'static str,
    number: usize,
    phase: &'static str,
    title: &'static str,
    /// What it says: twice, where it says something else.
    details: Vec<(&'static str, String)>,
    decisions: Vec<(&'static str, String, String)>,
}

/// What some changes would change.
pub fn what_if(supposition: &Supposition<'_>, home: Option<BString>) -> String {
    let words = Words::new(home);
    let difference = &supposition.difference;
    let (verdict, standing) = verdict(difference);
    let tone = match standing {
        Standing::Same => Tone::Plain,
        Standing::Better => Tone::Good,
        Standing::Broken => Tone::Bad,
    };
    let typed = words.show(difference.before.resolution.typed());
    let steps: Vec<&Pair<'_, Step>> = shown(difference, false).collect();
    let lists = [hooks(&words, difference), messages(difference), findings(&words, difference)];
    written(&WhatIfPage {
        frame: Frame::new("explain --what-if", &format!("{typed}, what if: {verdict}")),
        typed,
        verdict,
        tone,
        facts: facts(&words, supposition),
        values: values(&words, difference),
        path: (!all_kept(&difference.path))
            .then(|| entries(&words, [difference.before, difference.after], &difference.path, &NAMES)),
        lists: lists.into_iter().flatten().collect(),
        more_steps: More::new(steps.len().saturating_sub(MOST), "more step"),
        steps: steps.into_iter().take(MOST).filter_map(|pair| step(&words, pair)).collect(),
    })
}

/// What is assumed, why Python does what it does then, and what else is to be known.
fn facts(words: &Words, supposition: &Supposition<'_>) -> Vec<Fact> {
    let fact = |label, text: &BString| Fact { label, text: words.show(text) };
    let outcome = &supposition.difference.after.resolution.outcome;
    let label = if outcome.status == Status::Starts { "but" } else { "because" };
    let assumed = supposition.supposed.iter().map(|supposed| fact("assumed", supposed));
    let reason = outcome.reason.iter().map(|reason| fact(label, reason));
    let notes = supposition.notes.iter().map(|note| fact("note", note));
    assumed.chain(reason).chain(notes).collect()
}

fn values(words: &Words, difference: &Difference<'_>) -> Vec<(&'static str, String, String)> {
    let changed = changed_values(&words.page, difference).into_iter();
    changed.map(|(name, before, after)| (name, bounded(before), bounded(after))).collect()
}

/// The elements of a list that are not the same; none where all are.
fn list<T>(
    (id, title): (&'static str, &'static str),
    pairs: &[Pair<'_, T>],
    told: impl Fn(&T) -> (String, String),
) -> Option<ListView> {
    let changed: Vec<&Pair<'_, T>> = pairs.iter().filter(|pair| pair.fate != Fate::Kept).collect();
    let rows = changed.iter().take(MOST).filter_map(|pair| {
        let (text, note) = told(pair.item()?);
        let (sign, word) = NAMES.mark(pair.fate);
        Some(RowView { sign, word, text: bounded(text), note: bounded(note) })
    });
    let rows: Vec<RowView> = rows.collect();
    (!rows.is_empty()).then(|| ListView { id, title, more: More::new(changed.len() - rows.len(), ""), rows })
}

fn hooks(words: &Words, difference: &Difference<'_>) -> Option<ListView> {
    list(("startup", "Startup hooks"), &difference.startup, |hook: &Hook| {
        let place = at_line(words.show(&hook.file), hook);
        (format!("{place} {}", hook.kind.name()), hook.code.as_ref().map(quote).unwrap_or_default())
    })
}

fn messages(difference: &Difference<'_>) -> Option<ListView> {
    list(("messages", "Messages on standard error"), &difference.messages, |message| (quote(message), String::new()))
}

fn findings(words: &Words, difference: &Difference<'_>) -> Option<ListView> {
    list(("findings", "Findings"), &difference.findings, |finding: &Finding| {
        let text = format!("{} {}: {}", label(finding), finding.rule.name, words.show(&finding.message));
        (text, finding.fix.as_ref().map(|fix| words.show(&fix.advice)).unwrap_or_default())
    })
}

fn step(words: &Words, pair: &Pair<'_, Step>) -> Option<StepChange> {
    let told = pair.item()?;
    let (sign, word) = NAMES.mark(pair.fate);
    let sets = if pair.fate == Fate::Removed { Vec::new() } else { changed_sets(pair) };
    let decisions = sets.iter().filter(|change| is_telling_change(change)).map(|change| {
        let side = |value| bounded(decided(&words.page, value));
        (change.name, side(change.before.as_ref()), side(change.after.as_ref()))
    });
    Some(StepChange {
        sign,
        word,
        number: told.number,
        phase: told.phase.name(),
        title: told.title,
        details: details(words, pair),
        decisions: decisions.collect(),
    })
}

fn details(words: &Words, pair: &Pair<'_, Step>) -> Vec<(&'static str, String)> {
    let detail = |step: &Step| if step.detail.is_empty() { "no detail".to_owned() } else { words.show(&step.detail) };
    match (pair.fate, pair.before, pair.after) {
        (Fate::Altered, Some(before), Some(after)) if before.item.detail != after.item.detail => {
            vec![("was", detail(before.item)), ("now", detail(after.item))]
        }
        (Fate::Added | Fate::Removed, _, _) => {
            pair.item().map(|step| (NAMES.mark(pair.fate).1, detail(step))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
