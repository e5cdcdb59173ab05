//! Edits the text of a `pyvenv.cfg`. Lines and keys are those that the site module reads.

use bstr::{BStr, BString, ByteSlice};

use crate::text::python;
use crate::text::sentence;

/// Removes every line with `key`, and returns their number.
pub fn drop_key(content: &mut Vec<u8>, key: &BString) -> usize {
    let wanted = normal(key.as_bstr());
    let lines = lines(content);
    let kept: Vec<&[u8]> = lines.iter().copied().filter(|line| key_of(line).as_ref() != Some(&wanted)).collect();
    let dropped = lines.len() - kept.len();
    *content = kept.concat();
    dropped
}

/// Replaces the last line with `key`, which is the one that the site module uses, or adds a line at the end. Returns the
/// number of an earlier line with that key, if there is one.
pub fn set_key(content: &mut Vec<u8>, key: &BString, value: &BString) -> Option<usize> {
    let wanted = normal(key.as_bstr());
    let lines = lines(content);
    let mut with_key = (0..lines.len()).filter(|&at| key_of(lines[at]).as_ref() == Some(&wanted));
    let last = with_key.next_back();
    let first = with_key.next();
    let line = sentence!(python::strip(key), " = ", python::strip(value));
    let usual_end = lines.iter().map(|line| end_of(line)).find(|end| !end.is_empty()).unwrap_or(b"\n");
    let edited = if let Some(at) = last {
        [&lines[..at].concat(), line.as_slice(), end_of(lines[at]), &lines[at + 1..].concat()].concat()
    } else {
        let is_open = lines.last().is_some_and(|line| end_of(line).is_empty());
        let close = if is_open { usual_end } else { b"" };
        [content.as_slice(), close, &line, usual_end].concat()
    };
    *content = edited;
    first.map(|at| at + 1)
}

/// `key.strip().lower()`, as `venv()` of `Lib/site.py` has it.
fn normal(key: &BStr) -> BString {
    python::lower(python::strip(key))
}

fn key_of(line: &[u8]) -> Option<BString> {
    let (key, _) = python::partition(line)?;
    Some(normal(key))
}

/// The lines with their ends, of whatever kind.
fn lines(content: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = content;
    while !rest.is_empty() {
        let end = match rest.find_byteset(b"\r\n") {
            Some(at) if rest[at..].starts_with(b"\r\n") => at + 2,
            Some(at) => at + 1,
            None => rest.len(),
        };
        let (line, further) = rest.split_at(end);
        lines.push(line);
        rest = further;
    }
    lines
}

fn end_of(line: &[u8]) -> &[u8] {
    &line[line.trim_end_with(|c| c == '\r' || c == '\n').len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(content: &str, key: &str, value: &str) -> (String, Option<usize>) {
        let mut content = content.as_bytes().to_vec();
        let earlier = set_key(&mut content, &key.into(), &value.into());
        (String::from_utf8(content).unwrap(), earlier)
    }

    #[test]
    fn the_last_line_with_the_key_is_replaced_whatever_its_case() {
        assert_eq!(set("Home=/a\nx = y\n", "home", "/b"), ("home = /b\nx = y\n".into(), None));
        assert_eq!(
            set("home = /a\r\n HOME =/b\r\nx\r\n", "home", "/c"),
            ("home = /a\r\nhome = /c\r\nx\r\n".into(), Some(1))
        );
        assert_eq!(set("home = /a\rx = y", "X", " z "), ("home = /a\rX = z".into(), None));
        assert_eq!(set("home\n", "home", "/a"), ("home\nhome = /a\n".into(), None));
    }

    #[test]
    fn a_line_is_added_at_the_end() {
        assert_eq!(set("", "home", "/a"), ("home = /a\n".into(), None));
        assert_eq!(set("x = y", "home", "/a"), ("x = y\nhome = /a\n".into(), None));
        assert_eq!(set("x = y\r\nz", "home", ""), ("x = y\r\nz\r\nhome = \r\n".into(), None));
    }

    #[test]
    fn every_line_with_the_key_is_dropped() {
        let mut content = b"home = /a\r\nHOME=/b\nhomes = /c\n home\t= /d".to_vec();
        assert_eq!(drop_key(&mut content, &"Home ".into()), 3);
        assert_eq!(content, b"homes = /c\n");
        assert_eq!(drop_key(&mut content, &"home".into()), 0);
    }
}
