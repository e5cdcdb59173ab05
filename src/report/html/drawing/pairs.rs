//! Two lists next to each other: what is on one side only, and what is on both.

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, columns_in, small_columns_in, wrapped};

/// An element of one list or of both.
#[derive(Clone, Debug)]
pub(in super::super) struct PairRow {
    /// What is on the left: its number, and its text.
    pub(in super::super) left: Option<(String, String)>,
    /// What is on the right.
    pub(in super::super) right: Option<(String, String)>,
    /// What is said of it; may be empty.
    pub(in super::super) note: String,
    /// Whether it is new, gone, or another.
    pub(in super::super) tone: Tone,
    /// The sign of the same: nothing tells by color alone.
    pub(in super::super) sign: &'static str,
}

const PADDING: usize = 8;
const GAP: usize = 6;
const NUMBERS: usize = 34;
/// The space between the two lists.
const MIDDLE: usize = 46;
const HEAD: usize = 24;

/// Draws both lists, with a line between what is the same; on a narrow page, one below the other.
pub(in super::super) fn pairs(canvas: &mut Canvas, titles: [&str; 2], rows: &[PairRow], more: usize) {
    if canvas.is_wide() {
        let width = (canvas.width() - MIDDLE - 2) / 2;
        canvas.text(NUMBERS, LINE - 4, "middle-head", titles[0]);
        canvas.text(width + MIDDLE + NUMBERS, LINE - 4, "middle-head", titles[1]);
        canvas.y = HEAD;
        for row in rows {
            next_to(canvas, row, width);
        }
    } else {
        canvas.y = 1;
        for row in rows {
            alone(canvas, row);
        }
    }
    if more > 0 {
        canvas.text(NUMBERS, canvas.y + LINE - 4, "label", format!("and {more} more"));
        canvas.y += LINE + GAP;
    }
}

/// Both sides of an element.
fn next_to(canvas: &mut Canvas, row: &PairRow, width: usize) {
    let room = width - NUMBERS - 2 * PADDING;
    let lines = |side: &Option<(String, String)>| {
        side.as_ref().map(|(_, text)| wrapped(text, columns_in(room), 3)).unwrap_or_default()
    };
    let (left, right) = (lines(&row.left), lines(&row.right));
    let note = if row.note.is_empty() { Vec::new() } else { wrapped(&row.note, small_columns_in(room), 2) };
    let height = 2 * PADDING + left.len().max(right.len()) * LINE + note.len() * SMALL_LINE - 2;
    let y = canvas.y;
    for (side, lines, x) in [(&row.left, &left, 0), (&row.right, &right, width + MIDDLE)] {
        let Some((number, _)) = side else { continue };
        // What is said is said once, on the side on which it is.
        let note = if x == 0 && row.right.is_some() { &[][..] } else { &note };
        one(canvas, (number, lines, note), (x, y), (width, height), row.tone);
    }
    let middle = y + height / 2;
    if row.left.is_some() && row.right.is_some() {
        canvas.path(format!("M{} {middle} H{}", width + 4, width + MIDDLE + 8), "joins", row.tone);
    } else {
        let x = width + if row.right.is_some() { MIDDLE / 2 - 4 } else { 8 };
        canvas.text(x, middle + 5, "middle-head", row.sign);
    }
    canvas.y = y + height + GAP;
}

/// An element on a line of its own: as it is on the right, or else on the left.
fn alone(canvas: &mut Canvas, row: &PairRow) {
    let width = canvas.width() - 1;
    let room = width - NUMBERS - 2 * PADDING;
    let Some((number, text)) = row.right.as_ref().or(row.left.as_ref()) else { return };
    let lines = wrapped(text, columns_in(room), 4);
    let note = if row.note.is_empty() { Vec::new() } else { wrapped(&row.note, small_columns_in(room), 3) };
    let height = 2 * PADDING + lines.len() * LINE + note.len() * SMALL_LINE - 2;
    let number = format!("{} {number}", row.sign);
    let y = canvas.y;
    one(canvas, (number.trim_start(), &lines, &note), (0, y), (width, height), row.tone);
    canvas.y = y + height + GAP;
}

fn one(
    canvas: &mut Canvas,
    (number, lines, note): (&str, &[String], &[String]),
    (x, y): (usize, usize),
    (width, height): (usize, usize),
    tone: Tone,
) {
    let line = y + PADDING + LINE - 6;
    canvas.text(x + NUMBERS - 8, line, "number", number);
    canvas.rectangle((x + NUMBERS, y), (width - NUMBERS, height), "box", tone);
    canvas.lines(x + NUMBERS + PADDING, line, "code", lines);
    canvas.lines(x + NUMBERS + PADDING, line + lines.len() * LINE - 1, "small", note);
}
