//! What a drawing is made on: shapes at places, and text that is measured by its columns.

use super::{COLUMNS_FROM, Tone};
use crate::report::text::page::{columns, wrap};

/// The width of one column of the font with columns of equal width, with a little to spare: fonts differ.
const COLUMN: usize = 8;
/// A column of small text.
const SMALL_COLUMN: usize = 7;
/// The height of a line of text.
pub(in super::super) const LINE: usize = 19;
/// The height of a line of small text.
pub(in super::super) const SMALL_LINE: usize = 17;

/// What is drawn.
#[derive(Clone, Debug)]
pub(in super::super) enum Shape {
    /// A rectangle with round corners.
    Box { x: usize, y: usize, width: usize, height: usize, class: &'static str, tone: &'static str },
    /// A disc. What its title says is shown next to the pointer.
    Disc { x: usize, y: usize, radius: usize, class: &'static str, tone: &'static str, title: String },
    /// Lines, in the language of SVG paths; made of numbers only.
    Path { path: String, class: &'static str, tone: &'static str },
    /// One line of text; `y` is its base line.
    Text { x: usize, y: usize, class: &'static str, text: String },
}

/// A drawing that is being made, from top to bottom.
pub(in super::super) struct Canvas {
    width: usize,
    /// Where the next thing goes.
    pub(super) y: usize,
    shapes: Vec<Shape>,
}

impl Canvas {
    pub(super) fn new(width: usize) -> Self {
        Self { width, y: 0, shapes: Vec::new() }
    }

    /// The height, and the shapes.
    pub(super) fn finish(self) -> (usize, Vec<Shape>) {
        (self.y, self.shapes)
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Whether there is room for columns next to each other.
    pub(super) fn is_wide(&self) -> bool {
        self.width >= COLUMNS_FROM
    }

    pub(super) fn rectangle(
        &mut self,
        (x, y): (usize, usize),
        (width, height): (usize, usize),
        class: &'static str,
        tone: Tone,
    ) {
        self.shapes.push(Shape::Box { x, y, width, height, class, tone: tone.class() });
    }

    pub(super) fn disc(&mut self, (x, y): (usize, usize), radius: usize, class: &'static str, tone: Tone) {
        self.shapes.push(Shape::Disc { x, y, radius, class, tone: tone.class(), title: String::new() });
    }

    /// Draws something whose discs have a title.
    pub(super) fn titled(&mut self, title: &str, draw: impl FnOnce(&mut Self)) {
        let before = self.shapes.len();
        draw(self);
        for shape in self.shapes.iter_mut().skip(before) {
            if let Shape::Disc { title: own, .. } = shape {
                title.clone_into(own);
            }
        }
    }

    pub(super) fn path(&mut self, path: String, class: &'static str, tone: Tone) {
        self.shapes.push(Shape::Path { path, class, tone: tone.class() });
    }

    pub(super) fn text(&mut self, x: usize, y: usize, class: &'static str, text: impl Into<String>) {
        self.shapes.push(Shape::Text { x, y, class, text: text.into() });
    }

    /// A sign that says the same as a color: a check mark or a cross in a disc.
    pub(super) fn sign(&mut self, (x, y): (usize, usize), tone: Tone) {
        self.disc((x, y), 7, "sign", tone);
        let path = match tone {
            Tone::Good => format!("M{} {} l3 3 l5 -6", x - 4, y),
            Tone::Bad | Tone::Faint => format!("M{} {} l6 6 m0 -6 l-6 6", x - 3, y - 3),
            Tone::Doubtful => format!("M{x} {} v4 m0 2 v1", y - 4),
            Tone::Plain => return,
        };
        self.path(path, "mark", tone);
    }

    /// An arrow from one place to another, straight down or straight to the right.
    pub(super) fn arrow(&mut self, (x, y): (usize, usize), (to_x, to_y): (usize, usize)) {
        let head = if x == to_x { "l-5 -6 m5 6 l5 -6" } else { "l-6 -5 m6 5 l-6 5" };
        self.path(format!("M{x} {y} L{to_x} {to_y} {head}"), "arrow", Tone::Plain);
    }

    /// Lines of text below each other, the first with its base line at `y`.
    pub(super) fn lines(&mut self, x: usize, y: usize, class: &'static str, lines: &[String]) {
        let height = if class == "code" { LINE } else { SMALL_LINE };
        for (index, line) in lines.iter().enumerate() {
            self.text(x, y + index * height, class, line.as_str());
        }
    }
}

/// How many columns fit into so many pixels.
pub(super) fn columns_in(width: usize) -> usize {
    (width / COLUMN).max(8)
}

/// The same of small text.
pub(super) fn small_columns_in(width: usize) -> usize {
    (width / SMALL_COLUMN).max(8)
}

/// How many pixels a text takes.
pub(super) fn width_of(text: &str) -> usize {
    columns(text) * COLUMN
}

/// The text on one line: where it does not fit, an ellipsis and its end, which tells paths apart.
pub(super) fn ending(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub(1);
    let fits = text.char_indices().rev().take_while(|(_, character)| {
        let width = columns(&character.to_string());
        let has_room = width <= left;
        left = left.saturating_sub(width);
        has_room
    });
    let start = fits.last().map_or(text.len(), |(at, _)| at);
    format!("…{}", &text[start..])
}

/// At most `most` lines of the text: of more, those at the beginning and the last one, which names the file.
pub(super) fn wrapped(text: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, room);
    if lines.len() > most && most > 1 {
        let last = lines.pop().unwrap_or_default();
        lines.truncate(most - 1);
        if let Some(line) = lines.last_mut() {
            line.pop();
            line.push('…');
        }
        lines.push(last);
    }
    lines.truncate(most.max(1));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_path_the_end_is_shown() {
        for (text, room, shown) in [
            ("/home/u/app/.venv", 20, "/home/u/app/.venv"),
            ("/home/u/app/.venv", 10, "…app/.venv"),
            ("/home/漢字/.venv", 10, "…字/.venv"),
            ("漢字", 1, "…"),
        ] {
            assert_eq!(ending(text, room), shown);
            assert!(columns(&ending(text, room)) <= room);
        }
    }
}
