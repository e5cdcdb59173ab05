//! The page on which a report is written: indentation, wrapping and alignment, by display width.

use bstr::BStr;
use owo_colors::{OwoColorize, Style as Paint};
use textwrap::WordSeparator;
use textwrap::core::{Word, break_words};
use textwrap::wrap_algorithms::wrap_first_fit;

use super::Style;
use super::palette::Palette;
use super::shown::Shown;

/// Longer lines of prose are hard to read, however wide the terminal is.
const WIDEST_PROSE: usize = 110;
/// On a narrower page, text is below its label and not next to it.
const NARROW: usize = 80;
/// However narrow the page is, words get as many columns as this.
const LEAST_TEXT: usize = 20;

/// How far text is indented below a label that leaves no room next to it.
const UNDER_LABEL: usize = 2;

/// A page being written.
pub struct Page {
    text: String,
    width: usize,
    shown: Shown,
    /// The colors.
    pub palette: Palette,
}

impl Page {
    /// An empty page.
    pub fn new(style: &Style) -> Self {
        Self {
            text: String::with_capacity(16 * 1024),
            width: style.width,
            shown: Shown::new(style.home.as_ref()),
            palette: Palette::new(style.color),
        }
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.text
    }

    /// The columns of a line.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether there is room for text next to its label.
    pub fn is_wide(&self) -> bool {
        self.width >= NARROW
    }

    /// A path or a sentence, fit to be shown.
    pub fn show(&self, text: impl AsRef<[u8]>) -> String {
        self.shown.text(BStr::new(text.as_ref()))
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// The title of a section.
    pub fn heading(&mut self, title: &str) {
        self.blank();
        let paint = self.palette.heading;
        self.paint(title, paint);
        self.blank();
    }

    /// Prose, every line indented.
    pub fn paragraph(&mut self, indent: usize, text: &str, paint: Paint) {
        self.labelled(indent, "", paint, 0, text, paint);
    }

    /// A label in a column of its own and prose next to it, every further line below the first.
    pub fn labelled(
        &mut self,
        indent: usize,
        label: &str,
        label_paint: Paint,
        column: usize,
        text: &str,
        paint: Paint,
    ) {
        // Next to a label that takes the whole line there is no room: the text goes below it.
        let column = if indent + column + LEAST_TEXT > self.width { UNDER_LABEL } else { column };
        let hanging = indent + column;
        let room = self.width.min(hanging + WIDEST_PROSE).saturating_sub(hanging).max(LEAST_TEXT);
        self.pad(indent);
        self.paint(label, label_paint);
        let mut used = columns(label);
        if used > 0 && used >= column {
            self.blank();
            used = 0;
            self.pad(indent);
        }
        for (number, line) in wrap(text, room).iter().enumerate() {
            if number > 0 {
                self.blank();
                self.pad(hanging);
            } else if !line.is_empty() {
                self.pad(column - used.min(column));
            }
            self.paint(line, paint);
        }
        self.blank();
    }

    /// Cells next to each other, each but the last padded to its width; nothing is wrapped.
    pub fn row(&mut self, indent: usize, cells: &[(&str, usize, Paint)]) {
        self.pad(indent);
        let mut owed = 0;
        for (text, width, paint) in cells {
            if text.is_empty() {
                owed += width;
                continue;
            }
            self.pad(owed);
            self.paint(text, *paint);
            owed = width.saturating_sub(columns(text));
        }
        self.blank();
    }

    fn pad(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn paint(&mut self, text: &str, paint: Paint) {
        use std::fmt::Write;
        if paint.is_plain() || text.is_empty() {
            self.text.push_str(text);
        } else {
            // Writing to a string cannot fail.
            write!(self.text, "{}", text.style(paint)).unwrap_or_default();
        }
    }
}

/// How many columns a text takes that has gone through [`Page::show`] or is our own: no control characters.
pub fn columns(text: &str) -> usize {
    // Nearly everything is ASCII, and then there is nothing to look up.
    if text.is_ascii() { text.len() } else { textwrap::core::display_width(text) }
}

/// The text on one line: where it does not fit, as many whole words of its beginning as do, and an ellipsis.
pub fn fit(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut end = 0;
    let mut used = 0;
    for word in WordSeparator::AsciiSpace.find_words(text) {
        used += columns(word.word);
        if used + 2 > width {
            break;
        }
        end += word.word.len() + word.whitespace.len();
        used += word.whitespace.len();
    }
    let kept = text[..end].trim_end_matches([' ', ',', ';', ':', '.', '(']);
    if !kept.is_empty() {
        return format!("{kept} …");
    }
    let beginning = break_words([Word::from(text)], width.saturating_sub(1));
    beginning.first().map_or_else(String::new, |beginning| format!("{}…", beginning.word))
}

/// Lines of at most `width` columns. A word that is too long, nearly always a path, is broken after a separator.
pub(in crate::report) fn wrap(text: &str, width: usize) -> Vec<String> {
    if columns(text) <= width {
        return vec![text.to_owned()];
    }
    let words: Vec<Word> = WordSeparator::AsciiSpace.find_words(text).flat_map(|word| pieces(word, width)).collect();
    #[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
    let room = [width as f64];
    wrap_first_fit(&words, &room).into_iter().map(join).collect()
}

fn pieces(word: Word<'_>, width: usize) -> Vec<Word<'_>> {
    if columns(word.word) <= width {
        return vec![word];
    }
    // A path of Windows has no slash.
    let separator = if word.word.contains('/') { '/' } else { '\\' };
    let mut names: Vec<Word> = word.word.split_inclusive(separator).map(Word::from).collect();
    if let Some(last) = names.last_mut() {
        last.whitespace = word.whitespace;
    }
    break_words(names, width)
}

fn join(words: &[Word<'_>]) -> String {
    let mut line = String::with_capacity(words.iter().map(|word| word.word.len() + word.whitespace.len()).sum());
    for (index, word) in words.iter().enumerate() {
        line.push_str(word.word);
        if index + 1 < words.len() {
            line.push_str(word.whitespace);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_paths_break_after_a_slash() {
        let lines = wrap("reads /opt/applications/example/.venv/pyvenv.cfg twice", 24);
        assert_eq!(lines, ["reads /opt/applications/", "example/.venv/pyvenv.cfg", "twice"]);
    }

    #[test]
    fn an_empty_text_is_one_empty_line() {
        assert_eq!(wrap("", 40).concat(), "");
    }

    proptest! {
        #[test]
        fn what_is_made_to_fit_fits(text in "[a-z/ 路径é]{0,200}", width in 20_usize..120) {
            let shown = fit(&text, width);
            prop_assert!(columns(&shown) <= width, "{shown:?}");
            prop_assert!(shown == text || shown.ends_with('…'));
        }

        #[test]
        fn no_line_is_too_wide(text in "[a-z/ 路径é]{0,200}", width in 20_usize..120) {
            for line in wrap(&text, width) {
                prop_assert!(columns(&line) <= width, "{line:?}");
            }
        }
    }
}
