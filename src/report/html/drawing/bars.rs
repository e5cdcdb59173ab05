//! What things take of the disk, a bar for each: the full part would be free without it, the pale part is shared with others.

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, columns_in, ending, small_columns_in};
use crate::report::text::page::fit;
use crate::text::number::count;

/// Something that takes space.
#[derive(Clone, Debug)]
pub(in super::super) struct Bar {
    /// What it is.
    pub(in super::super) name: String,
    /// How much it takes, in words.
    pub(in super::super) note: String,
    /// What it takes, in bytes.
    pub(in super::super) all: u64,
    /// What of that would be free without it.
    pub(in super::super) free: u64,
    /// Whether it works.
    pub(in super::super) tone: Tone,
}

/// The space for signs.
const SIGNS: usize = 24;
/// The widths of names and of notes, where all are next to each other.
const NAMES: usize = 380;
const NOTES: usize = 250;
const HEIGHT: usize = 14;
const ROW: usize = 26;

/// Draws a bar for each, those of the most bytes as long as there is room.
pub(in super::super) fn bars(canvas: &mut Canvas, bars: &[Bar], more: usize) {
    let biggest = bars.iter().map(|bar| bar.all).max().unwrap_or(0);
    canvas.y = 2;
    for bar in bars {
        if canvas.is_wide() {
            next_to(canvas, bar, biggest);
        } else {
            below(canvas, bar, biggest);
        }
    }
    if more > 0 {
        canvas.text(SIGNS, canvas.y + LINE - 4, "label", format!("and {}", count(more, "more environment")));
        canvas.y += LINE + 4;
    }
}

/// Name, bar and note in one row.
fn next_to(canvas: &mut Canvas, bar: &Bar, biggest: u64) {
    let (top, line) = (canvas.y + (ROW - HEIGHT) / 2, canvas.y + ROW / 2 + 5);
    canvas.sign((10, canvas.y + ROW / 2), bar.tone);
    canvas.text(SIGNS, line, "code", ending(&bar.name, columns_in(NAMES - SIGNS - 8)));
    one(canvas, bar, biggest, (NAMES, top), canvas.width() - NAMES - NOTES);
    let note = fit(&bar.note, small_columns_in(NOTES - 12));
    canvas.text(canvas.width() - NOTES + 12, line, "small", note);
    canvas.y += ROW;
}

/// The bar below the name, and the note below the bar.
fn below(canvas: &mut Canvas, bar: &Bar, biggest: u64) {
    let y = canvas.y;
    canvas.sign((10, y + LINE / 2 + 1), bar.tone);
    canvas.text(SIGNS, y + LINE - 4, "code", ending(&bar.name, columns_in(canvas.width() - SIGNS)));
    one(canvas, bar, biggest, (SIGNS, y + LINE + 2), canvas.width() - SIGNS - 2);
    let note = fit(&bar.note, small_columns_in(canvas.width() - SIGNS));
    canvas.text(SIGNS, y + LINE + HEIGHT + SMALL_LINE, "small", note);
    canvas.y = y + LINE + HEIGHT + 2 * SMALL_LINE;
}

/// The bar itself.
fn one(canvas: &mut Canvas, bar: &Bar, biggest: u64, (x, y): (usize, usize), room: usize) {
    let (all, free) = (length(bar.all, biggest, room), length(bar.free.min(bar.all), biggest, room));
    canvas.rectangle((x, y), (all, HEIGHT), "amount shared", bar.tone);
    canvas.rectangle((x, y), (free, HEIGHT), "amount", bar.tone);
}

/// So many pixels show so many bytes: at least one where there is any.
fn length(bytes: u64, biggest: u64, room: usize) -> usize {
    let room = u128::try_from(room).unwrap_or(0);
    let pixels = u128::from(bytes) * room / u128::from(biggest.max(1));
    usize::try_from(pixels).unwrap_or(0).max(usize::from(bytes > 0))
}
