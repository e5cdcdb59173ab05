//! The line that is meant, with a marker under the part that counts.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use bstr::{BStr, ByteSlice};

use crate::rules::{Evidence, Severity};
use crate::text::escape::escape;

/// Longer lines are shown around the part that is meant: a line of startup code may have a megabyte.
const LONGEST: usize = 400;

/// A line of a file as compilers show it. `place` is the file as it is shown.
pub fn render(evidence: &Evidence, line: usize, place: &str, severity: Severity, style: (bool, usize)) -> String {
    let (text, span) = visible(evidence.text.as_bstr(), evidence.span.clone());
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let mut snippet = Snippet::source(text.as_str()).line_start(line).path(place).fold(false);
    if let Some(span) = span {
        snippet = snippet.annotation(AnnotationKind::Primary.span(span));
    }
    let (color, width) = style;
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(width).render(&[Group::with_level(level).element(snippet)])
}

/// The line with everything dangerous escaped, and the span in what that gives.
fn visible(line: &BStr, span: Option<Range<usize>>) -> (String, Option<Range<usize>>) {
    let Some(span) = span.filter(|span| span.start < span.end && span.end <= line.len()) else {
        return (escape(cut(line, 0..0).0.as_bstr()), None);
    };
    let (line, span) = cut(line, span);
    let before = escape(line[..span.start].as_bstr());
    let meant = escape(line[span.clone()].as_bstr());
    let behind = escape(line[span.end..].as_bstr());
    let span = before.len()..before.len() + meant.len();
    ([before, meant, behind].concat(), Some(span))
}

/// The part of a long line around the span.
fn cut(line: &BStr, span: Range<usize>) -> (&[u8], Range<usize>) {
    if line.len() <= LONGEST {
        return (line, span);
    }
    let start = span.start.saturating_sub(LONGEST / 4);
    let end = (start + LONGEST).min(line.len());
    let span = span.start - start..span.end.min(end) - start;
    (&line[start..end], span)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_marker_stands_under_what_is_meant_whatever_is_escaped_before_it() {
        let evidence = Evidence::line("/e/pyvenv.cfg", 3, b"\x1b[1mhome = '/usr'".as_slice()).marking("'/usr'");
        let shown = render(&evidence, 3, "/e/pyvenv.cfg", Severity::Warning, (false, 80));
        let lines: Vec<&str> = shown.lines().collect();
        let (text, marker) = (lines[2], lines[3]);
        assert!(text.contains("\\x1b[1mhome = '/usr'"), "{shown}");
        assert_eq!(text.find("'/usr'"), marker.find("^^^^^^"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_line_and_any_span_can_be_shown(
            line in proptest::collection::vec(any::<u8>(), 0..900),
            start in 0_usize..900,
            length in 0_usize..900,
        ) {
            let evidence = Evidence { span: Some(start..start + length), ..Evidence::line("f", 1, line) };
            let shown = render(&evidence, 1, "f", Severity::Error, (false, 60));
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
        }
    }
}
