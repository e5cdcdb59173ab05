//! Environments around their base interpreters, each as a satellite of its base; those that are broken stand out.

use std::f64::consts::TAU;

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, small_columns_in, wrapped};
use crate::text::number::count;

/// An environment.
#[derive(Clone, Debug)]
pub(in super::super) struct Satellite {
    /// Its path, and its state in a few words.
    pub(in super::super) title: String,
    /// Whether it works.
    pub(in super::super) tone: Tone,
    /// What it takes of the disk, where that was measured.
    pub(in super::super) bytes: Option<u64>,
}

/// A base interpreter with its environments.
#[derive(Clone, Debug)]
pub(in super::super) struct Base {
    /// The file.
    pub(in super::super) path: String,
    /// Its version, or that it does not exist.
    pub(in super::super) caption: String,
    /// What is said of it, a line each.
    pub(in super::super) notes: Vec<String>,
    /// Whether it exists.
    pub(in super::super) exists: bool,
    /// Its environments, the broken ones first.
    pub(in super::super) satellites: Vec<Satellite>,
}

/// The least width of a base with its satellites.
const WIDTH: usize = 250;
/// The height of one with satellites at its sides only, with a single ring of them, and with two.
const HEIGHTS: [usize; 3] = [112, 206, 262];
/// So many satellites have room at the sides.
const AT_SIDES: usize = 2;
const GAP: usize = 14;
const CENTER_RADIUS: usize = 42;
/// The rings from the inside: how far from the center, and how many satellites have room there.
const RINGS: [(f64, usize); 2] = [(74.0, 14), (106.0, 22)];
/// The satellites that are drawn of one base.
const MOST: usize = RINGS[0].1 + RINGS[1].1;
const MOST_NOTES: usize = 8;

/// Draws the bases in rows, as many next to each other as fit.
pub(in super::super) fn bases(canvas: &mut Canvas, bases: &[Base], more: usize) {
    let each = (canvas.width() + GAP) / (WIDTH + GAP);
    let width = (canvas.width() + GAP) / each.max(1) - GAP;
    canvas.y = 1;
    for row in bases.chunks(each.max(1)) {
        let top = canvas.y;
        let texts: Vec<Vec<String>> = row.iter().map(|base| notes(base, width)).collect();
        let lines = texts.iter().map(Vec::len).max().unwrap_or(0);
        let square = row.iter().map(|base| height(base.satellites.len())).max().unwrap_or(0);
        let height = square + lines * SMALL_LINE + 14;
        for (index, (base, text)) in row.iter().zip(&texts).enumerate() {
            let x = index * (width + GAP);
            canvas.rectangle((x + 1, top), (width - 2, height), "panel", Tone::Plain);
            system(canvas, base, (x + width / 2, top + square / 2));
            canvas.lines(x + 14, top + square + 8, "small", text);
        }
        canvas.y = top + height + GAP;
    }
    if more > 0 {
        canvas.text(4, canvas.y + LINE - 4, "label", format!("and {}", count(more, "more base interpreter")));
        canvas.y += LINE + 4;
    }
}

/// The height of a base with so many satellites.
fn height(satellites: usize) -> usize {
    match satellites {
        ..=AT_SIDES => HEIGHTS[0],
        _ if satellites <= RINGS[0].1 => HEIGHTS[1],
        _ => HEIGHTS[2],
    }
}

/// The path and the notes, in lines.
fn notes(base: &Base, width: usize) -> Vec<String> {
    let room = small_columns_in(width - 28);
    let mut lines = wrapped(&base.path, room, 3);
    let hidden = base.satellites.len().saturating_sub(MOST);
    let more = (hidden > 0).then(|| format!("and {hidden} more that are not drawn"));
    lines.extend(base.notes.iter().chain(&more).take(MOST_NOTES).flat_map(|note| wrapped(note, room, 2)));
    lines
}

/// A base in the middle, and its environments around it.
fn system(canvas: &mut Canvas, base: &Base, center: (usize, usize)) {
    let shown = base.satellites.len().min(MOST);
    let inner = shown.min(RINGS[0].1);
    let biggest = base.satellites.iter().filter_map(|it| it.bytes).max().unwrap_or(0);
    let placed: Vec<(&Satellite, (usize, usize))> = base
        .satellites
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(index, satellite)| {
            let (ring, place, of) = if index < inner { (0, index, inner) } else { (1, index - inner, shown - inner) };
            (satellite, around(center, ring, place, of))
        })
        .collect();
    // The lines to the outer ring pass behind what is on the inner one.
    for (satellite, at) in &placed {
        canvas.path(format!("M{} {} L{} {}", center.0, center.1, at.0, at.1), "spoke", satellite.tone);
    }
    for (satellite, at) in placed {
        canvas.titled(&satellite.title, |canvas| one(canvas, satellite, at, biggest));
    }
    let tone = if base.exists { Tone::Plain } else { Tone::Bad };
    canvas.disc(center, CENTER_RADIUS, "center", tone);
    canvas.text(center.0, center.1 + 5, "middle", base.caption.as_str());
}

/// The place on a ring, beginning at the top, on the outer one between two of the inner; a few are at the sides.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn around(center: (usize, usize), ring: usize, place: usize, of: usize) -> (usize, usize) {
    let (radius, _) = RINGS[ring];
    let start = if ring == 0 && of <= AT_SIDES { 0.0 } else { 0.25 };
    let angle = TAU * ((place as f64 + 0.5 * ring as f64) / of.max(1) as f64 - start);
    let at = |center: usize, part: f64| (center as f64 + radius * part).round() as usize;
    (at(center.0, angle.cos()), at(center.1, angle.sin()))
}

/// A disc with a sign; the area tells the size, where it was measured.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 13")]
fn one(canvas: &mut Canvas, satellite: &Satellite, at: (usize, usize), biggest: u64) {
    let Some(bytes) = satellite.bytes.filter(|_| biggest > 0) else {
        return canvas.sign(at, satellite.tone);
    };
    let radius = 7.0 + 6.0 * (bytes as f64 / biggest as f64).sqrt();
    canvas.disc(at, radius.round() as usize, "halo", satellite.tone);
    canvas.sign(at, satellite.tone);
}
