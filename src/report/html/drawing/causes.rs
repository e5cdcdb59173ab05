//! Causes, the weightiest first, and what follows from each.

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, small_columns_in, wrapped};

/// A difference that explains others.
#[derive(Clone, Debug)]
pub(in super::super) struct CauseBox {
    /// What is different.
    pub(in super::super) statement: String,
    /// What follows, a line each.
    pub(in super::super) consequences: Vec<String>,
    /// How bad that is.
    pub(in super::super) tone: Tone,
}

const PADDING: usize = 10;
const NUMBERS: usize = 26;
/// The space for an arrow.
const ARROW: usize = 54;
const GAP: usize = 12;
/// The width of what follows, where it is next to the cause.
const CONSEQUENCES: usize = 340;
const MOST_LINES: usize = 6;

/// Draws each cause with an arrow to what follows from it.
pub(in super::super) fn causes(canvas: &mut Canvas, causes: &[CauseBox], more: usize) {
    canvas.y = 1;
    for (index, cause) in causes.iter().enumerate() {
        canvas.text(NUMBERS - 8, canvas.y + PADDING + SMALL_LINE - 5, "number", (index + 1).to_string());
        if canvas.is_wide() {
            next_to(canvas, cause);
        } else {
            below(canvas, cause);
        }
        canvas.y += GAP;
    }
    if more > 0 {
        canvas.text(NUMBERS, canvas.y + LINE - 4, "label", format!("and {more} more"));
        canvas.y += LINE + GAP;
    }
}

fn statement(cause: &CauseBox, width: usize) -> Vec<String> {
    wrapped(&cause.statement, small_columns_in(width - 2 * PADDING), MOST_LINES)
}

fn consequences(cause: &CauseBox, width: usize) -> Vec<String> {
    cause.consequences.iter().flat_map(|line| wrapped(line, small_columns_in(width - 2 * PADDING), 2)).collect()
}

fn height(lines: &[String]) -> usize {
    2 * PADDING + lines.len() * SMALL_LINE - 2
}

fn one(canvas: &mut Canvas, at: (usize, usize), size: (usize, usize), lines: &[String], tone: Tone) {
    canvas.rectangle(at, size, "box", tone);
    canvas.lines(at.0 + PADDING, at.1 + PADDING + SMALL_LINE - 5, "reading", lines);
}

/// What follows is to the right.
fn next_to(canvas: &mut Canvas, cause: &CauseBox) {
    let taken = if cause.consequences.is_empty() { 0 } else { ARROW + CONSEQUENCES };
    let width = canvas.width() - NUMBERS - taken - 1;
    let (lines, follows) = (statement(cause, width), consequences(cause, CONSEQUENCES));
    let height = height(&lines).max(if follows.is_empty() { 0 } else { height(&follows) });
    let y = canvas.y;
    one(canvas, (NUMBERS, y), (width, height), &lines, cause.tone);
    if !follows.is_empty() {
        let x = NUMBERS + width + ARROW;
        canvas.arrow((x - ARROW + 6, y + height / 2), (x - 6, y + height / 2));
        one(canvas, (x, y), (CONSEQUENCES, height), &follows, Tone::Plain);
    }
    canvas.y = y + height;
}

/// What follows is below.
fn below(canvas: &mut Canvas, cause: &CauseBox) {
    let width = canvas.width() - NUMBERS - 1;
    let (lines, follows) = (statement(cause, width), consequences(cause, width));
    one(canvas, (NUMBERS, canvas.y), (width, height(&lines)), &lines, cause.tone);
    canvas.y += height(&lines);
    if !follows.is_empty() {
        canvas.arrow((NUMBERS + 24, canvas.y + 3), (NUMBERS + 24, canvas.y + 22));
        canvas.y += 26;
        one(canvas, (NUMBERS, canvas.y), (width, height(&follows)), &follows, Tone::Plain);
        canvas.y += height(&follows);
    }
}
