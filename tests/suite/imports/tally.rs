//! The counts at the end.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Counts for one kind of layout, or one interpreter.
#[derive(Clone, Default)]
pub struct Counts {
    /// Layouts compared.
    pub layouts: usize,
    /// Names compared.
    pub names: usize,
    /// Names for which the answer is `unknown`.
    pub unknown: usize,
    /// Names with a difference.
    pub different: usize,
    /// Winners that were taken away, to see whether the shadows are right.
    pub taken: usize,
    /// Layouts that could not be compared, by reason.
    pub skipped: BTreeMap<String, usize>,
}

/// Counts by kind and by interpreter, and descriptions.
#[derive(Default)]
pub struct Tally {
    /// By kind of layout.
    pub kinds: BTreeMap<String, Counts>,
    /// By interpreter.
    pub interpreters: BTreeMap<String, Counts>,
    /// What differs.
    pub descriptions: Vec<String>,
}

impl Tally {
    /// Adds to the counts of a kind and of an interpreter.
    pub fn add(&mut self, kind: &str, python: &str, change: impl Fn(&mut Counts)) {
        change(self.kinds.entry(kind.to_owned()).or_default());
        change(self.interpreters.entry(python.to_owned()).or_default());
    }

    /// How many names differ.
    pub fn different(&self) -> usize {
        self.interpreters.values().map(|counts| counts.different).sum()
    }

    /// The tables: kinds with answers `unknown`, differences or layouts left out; all interpreters.
    pub fn tables(&self) -> String {
        let notable = |counts: &Counts| counts.unknown + counts.different + counts.skipped.len() > 0;
        let kinds: BTreeMap<_, _> = self.kinds.iter().filter(|(_, counts)| notable(counts)).collect();
        let all: BTreeMap<_, _> = self.interpreters.iter().collect();
        table("kind", &kinds) + "\n" + &table("interpreter", &all)
    }
}

fn table(title: &str, rows: &BTreeMap<&String, &Counts>) -> String {
    let mut text =
        format!("{title:40} {:>7} {:>7} {:>8} {:>9} {:>7}\n", "layouts", "names", "unknown", "different", "taken");
    for (name, counts) in rows {
        let Counts { layouts, names, unknown, different, taken, skipped } = counts;
        let _ = writeln!(text, "{name:40} {layouts:>7} {names:>7} {unknown:>8} {different:>9} {taken:>7}");
        for (why, count) in skipped {
            let _ = writeln!(text, "    {count} skipped: {why}");
        }
    }
    text
}
