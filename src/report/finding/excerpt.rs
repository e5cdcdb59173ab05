//! The line that is evidence of a finding, with a mark under the part that counts.
//!
//! A finding shows single lines with one mark each. That is all there is to draw, and drawing it here keeps every
//! line within the page, and the columns true however much of the line had to be escaped or left out.

use std::ops::Range;

use bstr::{BStr, ByteSlice};
use owo_colors::Style as Paint;

use crate::report::text::page::{Page, columns};
use crate::rules::{Evidence, Severity};
use crate::text::escape::escape;

/// So many bytes around the mark are looked at: a line of startup code may have a megabyte.
const LONGEST: usize = 800;
/// Marks what is left out.
const ELLIPSIS: char = '…';

/// The columns that line numbers take.
pub fn gutter(evidence: &[Evidence]) -> usize {
    evidence.iter().filter_map(|it| it.line).max().map_or(1, |line| line.to_string().len())
}

/// The column, in characters from 1, in which the part that counts begins.
pub fn column(evidence: &Evidence) -> Option<usize> {
    let span = meant(evidence)?;
    Some(evidence.text.get(..span.start)?.chars().count() + 1)
}

/// The line with its number, and under it the mark.
pub fn render(page: &mut Page, gutter: usize, line: usize, evidence: &Evidence, severity: Severity) {
    let palette = page.palette;
    let room = page.width().saturating_sub(gutter + 3);
    let excerpt = Excerpt::new(evidence, room);
    let empty = " ".repeat(gutter);
    page.row(0, &[(&empty, gutter + 1, Paint::new()), ("|", 0, palette.faint)]);
    let number = format!("{line:>gutter$}");
    let (start, length) = (columns(&excerpt.before), columns(&excerpt.marked));
    let text = [excerpt.before, excerpt.marked, excerpt.behind].concat();
    page.row(0, &[(&number, gutter + 1, palette.faint), ("|", 2, palette.faint), (&text, 0, Paint::new())]);
    if length > 0 {
        let mark = "^".repeat(length);
        let blank = " ".repeat(start);
        let mark = [(blank.as_str(), start, Paint::new()), (&mark, 0, palette.severity(severity))];
        page.row(0, &[(&empty, gutter + 1, Paint::new()), ("|", 2, palette.faint), mark[0], mark[1]]);
    }
}

/// The part of the line that counts: what the finding marks, else all that is not blank.
fn meant(evidence: &Evidence) -> Option<Range<usize>> {
    let text = evidence.text.as_slice();
    if let Some(span) = &evidence.span {
        return Some(span.clone()).filter(|span| span.start < span.end && span.end <= text.len());
    }
    let start = text.len() - text.trim_ascii_start().len();
    let end = text.trim_ascii_end().len();
    (start < end).then_some(start..end)
}

/// A line made fit for the page. Where it does not fit, the part that counts is shown, with what is around it.
pub(in crate::report) struct Excerpt {
    /// What is before the part that counts.
    pub(in crate::report) before: String,
    /// The part that counts; empty where nothing is marked.
    pub(in crate::report) marked: String,
    /// What is behind it.
    pub(in crate::report) behind: String,
}

impl Excerpt {
    /// The line within so many columns.
    pub(in crate::report) fn new(evidence: &Evidence, room: usize) -> Self {
        let line = evidence.text.as_bstr();
        let span = meant(evidence).unwrap_or(0..0);
        let (line, span, cut_before, cut_behind) = cut(line, span);
        let before = escape(line[..span.start].as_bstr());
        let marked = escape(line[span.clone()].as_bstr());
        let behind = escape(line[span.end..].as_bstr());

        let marked_room = room.saturating_sub(2);
        let (marked, marked_is_cut) = head(&marked, marked_room, cut_behind && behind.is_empty());
        // A quarter of the room left is for the text before the mark, and more where the text after it is short.
        let left = room.saturating_sub(columns(&marked));
        let wanted = columns(&behind) + usize::from(cut_behind);
        let before = tail(&before, left.saturating_sub(wanted.min(left * 3 / 4)), cut_before);
        let left = left.saturating_sub(columns(&before));
        let behind = if marked_is_cut { String::new() } else { head(&behind, left, cut_behind).0 };
        Self { before, marked, behind }
    }
}

/// A long line around the part that counts, that part in it, and whether something is left out before and behind.
fn cut(line: &BStr, span: Range<usize>) -> (&BStr, Range<usize>, bool, bool) {
    let start = span.start.saturating_sub(LONGEST / 4);
    let end = line.len().min(start + LONGEST);
    let within = span.start - start..span.end.min(end) - start;
    (line[start..end].as_bstr(), within, start > 0, end < line.len())
}

/// As much of the beginning as fits, and whether something is left out.
fn head(text: &str, room: usize, is_cut: bool) -> (String, bool) {
    if !is_cut && columns(text) <= room {
        return (text.to_owned(), false);
    }
    let mut kept = String::new();
    let mut used = 1;
    for letter in text.chars() {
        used += columns(letter.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        kept.push(letter);
    }
    if room > 0 {
        kept.push(ELLIPSIS);
    }
    (kept, true)
}

/// As much of the end as fits.
fn tail(text: &str, room: usize, is_cut: bool) -> String {
    if !is_cut && columns(text) <= room {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |letter: &char| {
        used += columns(letter.encode_utf8(&mut [0; 4]));
        used <= room
    };
    let kept: Vec<char> = text.chars().rev().take_while(fits).collect();
    let ellipsis = (room > 0).then_some(ELLIPSIS);
    ellipsis.into_iter().chain(kept.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::text::Style;

    fn shown(evidence: &Evidence, width: usize) -> Vec<String> {
        let mut page = Page::new(&Style { width, color: false, verbose: false, home: None });
        let line = evidence.line.unwrap();
        render(&mut page, 1, line, evidence, Severity::Warning);
        page.finish().lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_mark_is_under_what_counts_whatever_is_escaped_before_it() {
        let evidence = Evidence::line("/e/pyvenv.cfg", 3, b"\x1b[1mhome = '/usr'".as_slice()).marking("'/usr'");
        let lines = shown(&evidence, 80);
        assert_eq!(lines, ["  |", "3 | \\x1b[1mhome = '/usr'", "  |               ^^^^^^"]);
        assert_eq!(column(&evidence), Some(12), "of the file, not of what is shown");
    }

    #[test]
    fn a_line_without_a_mark_is_meant_as_a_whole() {
        assert_eq!(shown(&Evidence::line("f", 1, "  import x "), 40)[2], "  |   ^^^^^^^^");
        assert_eq!(shown(&Evidence::line("f", 1, ""), 40), ["  |", "1 |"]);
    }

    #[test]
    fn of_a_long_line_the_part_that_counts_is_shown() {
        let text = format!("{}HERE{}", "a".repeat(300), "b".repeat(3000));
        let lines = shown(&Evidence::line("f", 1, text).marking("HERE"), 40);
        assert_eq!(lines[1], "1 | …aaaaaaaHEREbbbbbbbbbbbbbbbbbbbbbbb…");
        assert_eq!(lines[1].find("HERE").map(|at| at - 2), lines[2].find("^^^^"));
    }

    proptest! {
        #[test]
        fn any_line_and_any_span_fit_on_the_page(
            line in proptest::collection::vec(any::<u8>(), 0..900),
            start in 0_usize..900,
            length in 0_usize..900,
            width in 40_usize..200,
        ) {
            let evidence = Evidence { span: Some(start..start + length), ..Evidence::line("f", 1, line) };
            for line in shown(&evidence, width) {
                prop_assert!(!line.chars().any(char::is_control) && columns(&line) <= width, "{line:?}");
            }
        }

        #[test]
        fn any_text_fits_on_the_page(line in "\\PC{0,200}", start in 0_usize..100, width in 40_usize..200) {
            let evidence = Evidence::line("f", 1, line).span(start..start + 10);
            for line in shown(&evidence, width) {
                prop_assert!(columns(&line) <= width, "{line:?}");
            }
        }
    }
}
