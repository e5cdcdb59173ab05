//! The way from what was typed to the file that runs: a box for each stop, and an arrow to the next.

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, columns_in, small_columns_in, wrapped};

/// A place on the way.
#[derive(Clone, Debug)]
pub(in super::super) struct Stop {
    /// What it is, in a few words.
    pub(in super::super) label: &'static str,
    /// Its path.
    pub(in super::super) path: String,
    /// What is said of it; may be empty.
    pub(in super::super) note: String,
    /// Whether the way goes on.
    pub(in super::super) tone: Tone,
}

const PADDING: usize = 12;
/// The space for an arrow.
const GAP: usize = 40;
/// The longest row of boxes next to each other.
const MOST_NEXT_TO: usize = 4;
/// The most boxes; of a longer way, the middle is left out.
const MOST: usize = 12;
const MOST_LINES: usize = 4;
/// The width of boxes below each other.
const WIDEST: usize = 640;

/// Draws the way.
pub(in super::super) fn chain(canvas: &mut Canvas, stops: &[Stop]) {
    if canvas.is_wide() && stops.len() <= MOST_NEXT_TO {
        row(canvas, stops);
    } else {
        column(canvas, stops);
    }
}

/// A stop with its text in lines.
struct Laid<'s> {
    stop: &'s Stop,
    path: Vec<String>,
    note: Vec<String>,
}

impl<'s> Laid<'s> {
    fn new(stop: &'s Stop, width: usize) -> Self {
        let room = width - 2 * PADDING;
        let note = if stop.note.is_empty() { Vec::new() } else { wrapped(&stop.note, small_columns_in(room), 3) };
        Self { stop, path: wrapped(&stop.path, columns_in(room), MOST_LINES), note }
    }

    fn height(&self) -> usize {
        2 * PADDING + SMALL_LINE + self.path.len() * LINE + self.note.len() * SMALL_LINE
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): (usize, usize), (width, height): (usize, usize)) {
        canvas.rectangle((x, y), (width, height), "box", self.stop.tone);
        let mut line = y + PADDING + SMALL_LINE - 5;
        canvas.text(x + PADDING, line, "label", self.stop.label);
        if self.stop.tone != Tone::Plain {
            canvas.sign((x + width - PADDING - 4, line - 4), self.stop.tone);
        }
        line += LINE;
        canvas.lines(x + PADDING, line, "code", &self.path);
        canvas.lines(x + PADDING, line + self.path.len() * LINE, "small", &self.note);
    }
}

/// All boxes next to each other.
fn row(canvas: &mut Canvas, stops: &[Stop]) {
    let width = (canvas.width() - 2 - GAP * (stops.len().max(1) - 1)) / stops.len().max(2);
    let laid: Vec<Laid> = stops.iter().map(|stop| Laid::new(stop, width)).collect();
    let height = laid.iter().map(Laid::height).max().unwrap_or(0);
    let y = 1;
    for (index, stop) in laid.iter().enumerate() {
        let x = 1 + index * (width + GAP);
        stop.draw(canvas, (x, y), (width, height));
        if index > 0 {
            canvas.arrow((x - GAP + 6, y + height / 2), (x - 6, y + height / 2));
        }
    }
    canvas.y = y + height + 1;
}

/// All boxes below each other.
fn column(canvas: &mut Canvas, stops: &[Stop]) {
    let width = (canvas.width() - 2).min(WIDEST);
    let middle = 40;
    let hidden = stops.len().saturating_sub(MOST);
    let (head, tail) = stops.split_at(if hidden > 0 { MOST - 2 } else { stops.len() });
    canvas.y = 1;
    for (index, stop) in head.iter().chain(tail.iter().skip(hidden)).enumerate() {
        if index > 0 {
            canvas.arrow((middle, canvas.y + 5), (middle, canvas.y + GAP - 8));
            if hidden > 0 && index == head.len() {
                canvas.text(middle + 16, canvas.y + GAP / 2 + 2, "label", format!("and {hidden} more"));
            }
            canvas.y += GAP - 4;
        }
        let laid = Laid::new(stop, width);
        let height = laid.height();
        laid.draw(canvas, (1, canvas.y), (width, height));
        canvas.y += height;
    }
    canvas.y += 1;
}
