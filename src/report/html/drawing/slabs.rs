//! Layers that are searched from top to bottom, such as the entries of `sys.path`, and what a layer hides of those below.

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, columns_in, small_columns_in, width_of, wrapped};

/// One layer.
#[derive(Clone, Debug)]
pub(in super::super) struct Slab {
    /// Its number or another short name.
    pub(in super::super) number: String,
    /// Where it is.
    pub(in super::super) title: String,
    /// What is said of it, a line each.
    pub(in super::super) notes: Vec<String>,
    /// How it is meant.
    pub(in super::super) tone: Tone,
    /// The layers, by their place in the list, that hide something of it.
    pub(in super::super) hidden_by: Vec<usize>,
}

const PADDING: usize = 10;
const GAP: usize = 6;
/// The space for numbers.
const NUMBERS: usize = 34;
/// The space for the lines that show what hides what.
const MARGIN: usize = 60;
/// The distance between two of these lines.
const LANE: usize = 9;
/// The distance from a title to what is said next to it.
const ASIDE: usize = 16;
/// The most of them that are drawn side by side.
const MOST_LANES: usize = 6;

/// Draws the layers, and a line from each that hides something to the layer below in which that is.
pub(in super::super) fn slabs(canvas: &mut Canvas, slabs: &[Slab], more: usize) {
    let hides = slabs.iter().any(|slab| !slab.hidden_by.is_empty());
    let margin = if hides { MARGIN } else { 0 };
    let width = canvas.width() - NUMBERS - margin - 1;
    let mut middles = Vec::with_capacity(slabs.len());
    canvas.y = 1;
    for slab in slabs {
        middles.push(one(canvas, slab, width));
    }
    if more > 0 {
        canvas.text(NUMBERS + PADDING, canvas.y + LINE, "label", format!("and {more} more"));
        canvas.y += LINE + GAP;
    }
    let edge = NUMBERS + width;
    let arcs = slabs.iter().enumerate().flat_map(|(to, slab)| slab.hidden_by.iter().map(move |from| (*from, to)));
    for (lane, (from, to)) in arcs.enumerate() {
        let out = edge + 12 + (lane % MOST_LANES) * LANE;
        let (Some(from), Some(to)) = (middles.get(from), middles.get(to)) else { continue };
        let path = format!("M{edge} {from} H{out} V{to} H{} l6 -5 m-6 5 l6 5", edge + 3);
        canvas.path(path, "hides", Tone::Doubtful);
    }
}

/// Draws one layer, and returns where its middle is.
fn one(canvas: &mut Canvas, slab: &Slab, width: usize) -> usize {
    let room = width - 2 * PADDING - 8;
    if let Some(note) = slab.aside(room) {
        return on_a_line(canvas, slab, note, width);
    }
    let title = wrapped(&slab.title, columns_in(room), 3);
    let notes: Vec<String> = slab.notes.iter().flat_map(|note| wrapped(note, small_columns_in(room), 3)).collect();
    let height = 2 * PADDING + title.len() * LINE + notes.len() * SMALL_LINE - 4;
    let y = canvas.y;
    canvas.text(NUMBERS - 8, y + PADDING + LINE - 6, "number", slab.number.as_str());
    canvas.rectangle((NUMBERS, y), (width, height), "box", slab.tone);
    canvas.rectangle((NUMBERS, y), (6, height), "band", slab.tone);
    let x = NUMBERS + PADDING + 8;
    let line = y + PADDING + LINE - 6;
    canvas.lines(x, line, "code", &title);
    canvas.lines(x, line + title.len() * LINE - 1, "small", &notes);
    canvas.y = y + height + GAP;
    y + height / 2
}

impl Slab {
    /// What is said of a layer that helps only on a second look, where there is room for it next to the title.
    fn aside(&self, room: usize) -> Option<&str> {
        let [note] = self.notes.as_slice() else { return None };
        let fits = width_of(&self.title) + ASIDE + width_of(note) <= room;
        (self.tone == Tone::Faint && fits).then_some(note)
    }
}

/// Draws a layer that needs one line only.
fn on_a_line(canvas: &mut Canvas, slab: &Slab, note: &str, width: usize) -> usize {
    let height = PADDING + LINE;
    let y = canvas.y;
    let line = y + height / 2 + 5;
    canvas.text(NUMBERS - 8, line, "number", slab.number.as_str());
    canvas.rectangle((NUMBERS, y), (width, height), "box", slab.tone);
    canvas.rectangle((NUMBERS, y), (6, height), "band", slab.tone);
    let x = NUMBERS + PADDING + 8;
    canvas.text(x, line, "code", slab.title.as_str());
    canvas.text(x + width_of(&slab.title) + ASIDE, line, "small", note);
    canvas.y = y + height + GAP;
    y + height / 2
}
