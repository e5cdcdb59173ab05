//! Two versions of `sys.path` next to each other, and what became of the elements of a list.

use super::drawing::{Figure, PairRow, Tone, pairs};
use super::more::More;
use super::words::{Words, bounded};
use crate::Explanation;
use crate::difference::{Fate, Numbered, Pair};
use crate::report::text::sys_path::value_and_reason;
use crate::startup::PathEntry;

/// The entries that are drawn.
const MOST: usize = 60;

/// How two lists are called.
pub(super) struct Names {
    /// The titles of both.
    pub(super) titles: [&'static str; 2],
    /// What is said of an element that only the second has, and of one that only the first has.
    pub(super) only: [&'static str; 2],
    /// What is put before something of the first.
    pub(super) first: &'static str,
}

impl Names {
    /// The sign and the word for what became of an element.
    pub(super) fn mark(&self, fate: Fate) -> (&'static str, &'static str) {
        match fate {
            Fate::Kept => ("", "the same"),
            Fate::Added => ("+", self.only[0]),
            Fate::Removed => ("−", self.only[1]),
            Fate::Moved => ("~", "elsewhere"),
            Fate::Altered => ("~", "different"),
        }
    }
}

/// An element in words.
pub(super) struct RowView {
    /// The sign of what became of it.
    pub(super) sign: &'static str,
    /// The same as a word.
    pub(super) word: &'static str,
    /// What it is.
    pub(super) text: String,
    /// What else is said of it; may be empty.
    pub(super) note: String,
}

/// `sys.path` of both.
pub(super) struct Entries {
    /// The drawing.
    pub(super) figure: Figure,
    /// The entries in words.
    pub(super) rows: Vec<RowView>,
    /// The entries that are left out.
    pub(super) more: More,
    /// What the signs and colors mean.
    pub(super) legend: String,
}

/// Both next to each other.
pub(super) fn entries(
    words: &Words,
    sides: [&Explanation; 2],
    entries: &[Pair<'_, PathEntry>],
    names: &Names,
) -> Entries {
    let shown = &entries[..entries.len().min(MOST)];
    let boxes: Vec<PairRow> = shown.iter().map(|pair| entry(words, sides, pair, names)).collect();
    let count = |fate| entries.iter().filter(|pair| pair.fate == fate).count();
    let description = format!(
        "{}: {}; {}: {}; at another position: {}; the same: {}. The list below has all of them.",
        names.only[0],
        count(Fate::Added),
        names.only[1],
        count(Fate::Removed),
        count(Fate::Moved),
        count(Fate::Kept)
    );
    let more = entries.len() - shown.len();
    let title = format!("sys.path {} and {}", names.titles[0], names.titles[1]);
    let figure = Figure::new("path".to_owned(), &title, description, |canvas| {
        pairs(canvas, names.titles, &boxes, more);
    });
    let rows = shown.iter().zip(&boxes).map(|(pair, row)| told(pair.fate, row, names));
    Entries { figure, rows: rows.collect(), more: More::new(more, "more entry"), legend: legend(names) }
}

fn legend(names: &Names) -> String {
    let [second, first] = names.only;
    format!(
        "A plus sign and green: {second}. A minus sign and red: {first}. Yellow: at another position, or from elsewhere."
    )
}

fn told(fate: Fate, row: &PairRow, names: &Names) -> RowView {
    let (sign, word) = names.mark(fate);
    let text = row.right.as_ref().or(row.left.as_ref()).map(|(_, text)| text.clone()).unwrap_or_default();
    RowView { sign, word, text, note: row.note.clone() }
}

fn entry(words: &Words, sides: [&Explanation; 2], pair: &Pair<'_, PathEntry>, names: &Names) -> PairRow {
    let side = |explanation: &Explanation, numbered: Option<Numbered<'_, PathEntry>>| {
        let (numbered, sys) = (numbered?, explanation.resolution.sys.as_ref()?);
        let (value, reason, _) = value_and_reason(&words.page, explanation, sys, numbered.item);
        Some(((numbered.index.to_string(), bounded(value)), bounded(reason)))
    };
    let (left, right) = (side(sides[0], pair.before), side(sides[1], pair.after));
    let note = match (&left, &right) {
        (Some((_, one)), Some((_, other))) if one != other => format!("{other}; {} {one}", names.first),
        (_, Some((_, note))) | (Some((_, note)), None) => note.clone(),
        (None, None) => String::new(),
    };
    PairRow {
        left: left.map(|(entry, _)| entry),
        right: right.map(|(entry, _)| entry),
        note,
        tone: tone(pair.fate),
        sign: names.mark(pair.fate).0,
    }
}

fn tone(fate: Fate) -> Tone {
    match fate {
        Fate::Kept => Tone::Plain,
        Fate::Added => Tone::Good,
        Fate::Removed => Tone::Bad,
        Fate::Moved | Fate::Altered => Tone::Doubtful,
    }
}
