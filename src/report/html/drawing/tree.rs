//! The directories with every place at which Python looked, in its order.

use super::Tone;
use super::canvas::{Canvas, columns_in, small_columns_in, width_of};
use crate::report::text::page::fit;
use crate::text::number::count;

/// A line of the tree.
#[derive(Clone, Debug)]
pub(in super::super) struct Row {
    /// For each directory above it, from the top, whether more comes in that.
    pub(in super::super) goes_on: Vec<bool>,
    /// The name.
    pub(in super::super) name: String,
    /// Whether Python found it; none where Python did not look at it, but only below.
    pub(in super::super) is_found: Option<bool>,
    /// The number of the first lookup of it.
    pub(in super::super) first: Option<usize>,
    /// What was asked, and what was answered.
    pub(in super::super) answers: String,
}

const HEIGHT: usize = 24;
/// The space for the numbers of lookups.
const NUMBERS: usize = 38;
const INDENT: usize = 18;
/// Deeper rows are drawn at this depth.
const DEEPEST: usize = 14;

/// Draws the tree.
pub(in super::super) fn tree(canvas: &mut Canvas, rows: &[Row], more: usize) {
    // On a narrow page there is room for less.
    let indent = if canvas.is_wide() { INDENT } else { INDENT * 2 / 3 };
    canvas.y = 4;
    for row in rows {
        one(canvas, row, indent);
    }
    if more > 0 {
        let more = format!("and {}", count(more, "more place"));
        canvas.text(NUMBERS + 10, canvas.y + HEIGHT / 2 + 4, "label", more);
        canvas.y += HEIGHT;
    }
    canvas.y += 4;
}

fn one(canvas: &mut Canvas, row: &Row, indent: usize) {
    let (top, middle) = (canvas.y, canvas.y + HEIGHT / 2);
    let depth = row.goes_on.len().min(DEEPEST);
    let x = NUMBERS + 14 + depth * indent;
    branches(canvas, row, depth, indent);
    if let Some(first) = row.first {
        canvas.text(NUMBERS - 6, middle + 4, "number", first.to_string());
    }
    match row.is_found {
        Some(true) => canvas.sign((x, middle), Tone::Good),
        Some(false) => canvas.sign((x, middle), Tone::Faint),
        None => canvas.disc((x, middle), 3, "knot", Tone::Plain),
    }
    let start = x + 13;
    let room = canvas.width().saturating_sub(start);
    let name = fit(&row.name, columns_in(room));
    let end = start + width_of(&name) + 14;
    canvas.text(start, middle + 5, if row.is_found == Some(false) { "code faint" } else { "code" }, name);
    if canvas.is_wide() && end + 120 < canvas.width() && !row.answers.is_empty() {
        canvas.text(end, middle + 4, "small", fit(&row.answers, small_columns_in(canvas.width() - end)));
    }
    canvas.y = top + HEIGHT;
}

/// The lines that join a row with the directory that it is in.
fn branches(canvas: &mut Canvas, row: &Row, depth: usize, indent: usize) {
    let (top, middle) = (canvas.y, canvas.y + HEIGHT / 2);
    for (level, goes_on) in row.goes_on.iter().enumerate().take(depth) {
        let x = NUMBERS + 14 + level * indent;
        let is_own = level + 1 == depth;
        let path = match (is_own, goes_on) {
            (true, true) => format!("M{x} {top} v{HEIGHT} M{x} {middle} h{}", indent - 7),
            (true, false) => format!("M{x} {top} V{middle} h{}", indent - 7),
            (false, true) => format!("M{x} {top} v{HEIGHT}"),
            (false, false) => continue,
        };
        canvas.path(path, "branch", Tone::Plain);
    }
}
