//! The table at the end.

use std::fmt::Write;

/// The results of one interpreter.
#[derive(Default)]
pub struct Tally {
    /// The interpreter.
    pub label: String,
    /// Layouts tried.
    pub layouts: usize,
    /// All fields equal.
    pub equal: usize,
    /// Some field different.
    pub different: usize,
    /// Not tried, by reason.
    pub skipped: std::collections::BTreeMap<String, usize>,
    /// Of those tried, how many start.
    pub started: usize,
    /// Descriptions of the first differences.
    pub descriptions: Vec<String>,
}

/// The table of all interpreters.
pub fn table(tallies: &[Tally]) -> String {
    let width = tallies.iter().map(|tally| tally.label.len()).max().unwrap_or(0).max("interpreter".len());
    let mut text = format!(
        "{:width$}  {:>7}  {:>7}  {:>9}  {:>7}  {:>7}\n",
        "interpreter", "layouts", "equal", "different", "skipped", "started"
    );
    for tally in tallies {
        let skipped: usize = tally.skipped.values().sum();
        let _ = writeln!(
            text,
            "{:width$}  {:>7}  {:>7}  {:>9}  {:>7}  {:>7}",
            tally.label, tally.layouts, tally.equal, tally.different, skipped, tally.started
        );
        for (reason, count) in &tally.skipped {
            let _ = writeln!(text, "{:width$}    {count} skipped: {reason}", "");
        }
    }
    text
}
