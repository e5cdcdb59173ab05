//! What people would rather see than read, drawn: shapes with their places, which a template writes as SVG.
//!
//! A drawing is made twice, for a wide page and for a narrow one, and the stylesheet shows the one that fits. It uses
//! attributes for places and classes for colors, so that the page's policy can forbid every style but its own sheet.

mod bars;
mod bases;
mod canvas;
mod causes;
mod chain;
mod hooks;
mod pairs;
mod slabs;
mod tree;

use askama::Template;

pub(super) use bars::{Bar, bars};
pub(super) use bases::{Base, Satellite, bases};
pub(super) use canvas::{Canvas, Shape};
pub(super) use causes::{CauseBox, causes};
pub(super) use chain::{Stop, chain};
pub(super) use hooks::{HookBox, hooks};
pub(super) use pairs::{PairRow, pairs};
pub(super) use slabs::{Slab, slabs};
pub(super) use tree::{Row, tree};

/// The width of a drawing on a wide page, in pixels.
const WIDE: usize = 1040;
/// The same on a narrow one, such as that of a telephone.
const NARROW: usize = 360;
/// Below this, a drawing has one column only.
const COLUMNS_FROM: usize = 700;

/// How something is meant. Nothing is told by color alone: each tone has a word or a sign next to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing is to be said of it.
    Plain,
    /// It is there, or it works.
    Good,
    /// It is missing, or it does not work.
    Bad,
    /// It works, but not as it seems.
    Doubtful,
    /// It helps only on a second look.
    Faint,
}

impl Tone {
    /// The class in the stylesheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Doubtful => "doubtful",
            Self::Faint => "faint",
        }
    }

    /// The sign next to a sentence whose color tells how it is meant.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Bad => "✗",
            Self::Doubtful => "!",
            Self::Plain | Self::Faint => "",
        }
    }
}

/// A drawing in one width.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    /// `wide` or `narrow`.
    pub(super) class: &'static str,
    /// The width in pixels.
    pub(super) width: usize,
    /// The height in pixels.
    pub(super) height: usize,
    /// Everything in it.
    pub(super) shapes: Vec<Shape>,
}

/// A drawing in both widths, and the words for those who do not see it.
#[derive(Clone, Debug, Template)]
#[template(path = "figure.html")]
pub(super) struct Figure {
    /// What no other figure of the page has.
    pub(super) id: String,
    /// What it shows.
    pub(super) title: String,
    /// What can be seen in it, in a sentence or two.
    pub(super) description: String,
    /// Both drawings.
    pub(super) drawings: [Drawing; 2],
}

/// Its template has escaped what is in it.
impl askama::filters::HtmlSafe for Figure {}

impl Figure {
    /// Draws in both widths.
    pub(super) fn new(id: String, title: &str, description: String, draw: impl Fn(&mut Canvas)) -> Self {
        let draw = |class, width| {
            let mut canvas = Canvas::new(width);
            draw(&mut canvas);
            let (height, shapes) = canvas.finish();
            Drawing { class, width, height, shapes }
        };
        let drawings = [draw("wide", WIDE), draw("narrow", NARROW)];
        Self { id, title: title.to_owned(), description, drawings }
    }
}
