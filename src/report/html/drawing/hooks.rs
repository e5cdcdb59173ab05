//! Startup hooks in the order in which they run, and who installed them.

use super::Tone;
use super::canvas::{Canvas, LINE, SMALL_LINE, columns_in, small_columns_in, wrapped};

/// A startup hook.
#[derive(Clone, Debug)]
pub(in super::super) struct HookBox {
    /// Its file, and the line in it.
    pub(in super::super) place: String,
    /// What is said of it, a line each.
    pub(in super::super) notes: Vec<String>,
    /// Whether it is known, or fails.
    pub(in super::super) tone: Tone,
    /// Who installed it, and how that is meant; none where nobody asked.
    pub(in super::super) owner: Option<(String, Tone)>,
}

const PADDING: usize = 10;
const GAP: usize = 22;
/// The width of an owner, where it is next to the hook.
const OWNER: usize = 300;
const OWNER_GAP: usize = 70;

/// Draws the hooks below each other; their owners next to them, where there is room.
pub(in super::super) fn hooks(canvas: &mut Canvas, hooks: &[HookBox], more: usize) {
    let has_column = canvas.is_wide() && hooks.iter().any(|hook| hook.owner.is_some());
    let width = if has_column { canvas.width() - OWNER - OWNER_GAP - 2 } else { canvas.width() - 2 };
    let mut owned: Vec<(&str, Tone, usize)> = Vec::new();
    canvas.y = 1;
    for (index, hook) in hooks.iter().enumerate() {
        if index > 0 {
            canvas.arrow((28, canvas.y + 3), (28, canvas.y + GAP - 4));
            canvas.y += GAP;
        }
        let middle = one(canvas, hook, width, !has_column);
        if let Some((owner, tone)) = hook.owner.as_ref().filter(|_| has_column) {
            owned.push((owner, *tone, middle));
        }
    }
    if more > 0 {
        canvas.text(PADDING, canvas.y + LINE, "label", format!("and {more} more"));
        canvas.y += LINE + 6;
    }
    // Neighbors with the same owner share one box.
    for group in owned.chunk_by(|one, other| one.0 == other.0) {
        owner(canvas, group, width + 1);
    }
    canvas.y += 1;
}

/// Draws one hook, and returns where its middle is.
fn one(canvas: &mut Canvas, hook: &HookBox, width: usize, tells_owner: bool) -> usize {
    let room = width - 2 * PADDING - 20;
    let place = wrapped(&hook.place, columns_in(room), 4);
    let owner = hook.owner.as_ref().filter(|_| tells_owner).map(|(owner, _)| owner);
    let notes = hook.notes.iter().chain(owner).flat_map(|note| wrapped(note, small_columns_in(room), 3));
    let notes: Vec<String> = notes.collect();
    let height = 2 * PADDING + place.len() * LINE + notes.len() * SMALL_LINE - 2;
    let y = canvas.y;
    canvas.rectangle((1, y), (width, height), "box", hook.tone);
    let line = y + PADDING + LINE - 6;
    canvas.lines(1 + PADDING, line, "code", &place);
    canvas.sign((width - PADDING - 4, line - 5), hook.tone);
    canvas.lines(1 + PADDING, line + place.len() * LINE - 1, "small", &notes);
    canvas.y = y + height;
    y + height / 2
}

/// Draws the owner of some hooks, with a line to each of them.
fn owner(canvas: &mut Canvas, group: &[(&str, Tone, usize)], edge: usize) {
    let (Some((name, tone, first)), Some((_, _, last))) = (group.first(), group.last()) else { return };
    let lines = wrapped(name, small_columns_in(OWNER - 2 * PADDING), 2);
    let height = 2 * PADDING + lines.len() * SMALL_LINE - 4;
    let middle = usize::midpoint(*first, *last);
    let x = edge + OWNER_GAP;
    for (_, _, hook) in group {
        let path =
            format!("M{edge} {hook} C{} {hook} {} {middle} {x} {middle}", edge + OWNER_GAP / 2, edge + OWNER_GAP / 2);
        canvas.path(path, "owns", *tone);
    }
    let y = middle.saturating_sub(height / 2);
    canvas.rectangle((x, y), (OWNER, height), "box", *tone);
    canvas.lines(x + PADDING, y + PADDING + SMALL_LINE - 6, "small", &lines);
    canvas.y = canvas.y.max(y + height);
}
