//! `RECORD`: which files an installer has put there for a distribution.

use std::borrow::Cow;
use std::rc::Rc;

use bstr::{BStr, ByteSlice};

/// A `RECORD` file, read but not taken apart: it can have tens of thousands of lines.
#[derive(Clone, Debug)]
pub struct Record {
    content: Rc<Vec<u8>>,
}

/// A line of a `RECORD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'r> {
    /// The file, relative to the site folder (or absolute), with `/` between names.
    pub path: Cow<'r, BStr>,
    /// Its hash, such as `sha256=…`; empty where it was not recorded.
    pub hash: &'r BStr,
    /// Its size in bytes, where it was recorded.
    pub size: Option<u64>,
    /// The line, from 1.
    pub line: usize,
}

impl Record {
    /// The file with this content.
    pub fn new(content: Rc<Vec<u8>>) -> Self {
        Self { content }
    }

    /// Its content, as it was read.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.content
    }

    /// A line of it, from 1.
    pub fn line(&self, number: usize) -> Option<&BStr> {
        self.content.lines().nth(number.checked_sub(1)?).map(BStr::new)
    }

    /// Its lines, as comma-separated values: a path that holds a comma or a quote is quoted.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let lines = self.content.lines().enumerate();
        lines.filter(|(_, line)| !line.is_empty()).map(|(index, line)| entry(line, index + 1))
    }
}

pub(super) fn entry(line: &[u8], number: usize) -> Entry<'_> {
    let (path, rest) = if line.first() == Some(&b'"') { quoted(line) } else { plain(line) };
    let comma = memchr::memchr(b',', rest).unwrap_or(rest.len());
    let (hash, size) = (&rest[..comma], rest.get(comma + 1..).unwrap_or_default());
    let size = size.to_str().ok().and_then(|size| size.trim().parse().ok());
    Entry { path, hash: hash.as_bstr(), size, line: number }
}

fn plain(line: &[u8]) -> (Cow<'_, BStr>, &[u8]) {
    let end = memchr::memchr(b',', line).unwrap_or(line.len());
    (Cow::Borrowed(line[..end].as_bstr()), line.get(end + 1..).unwrap_or_default())
}

/// Within quotes, two quotes are one.
fn quoted(line: &[u8]) -> (Cow<'_, BStr>, &[u8]) {
    let mut path = Vec::new();
    let mut rest = &line[1..];
    loop {
        let Some(end) = memchr::memchr(b'"', rest) else {
            path.extend_from_slice(rest);
            return (Cow::Owned(path.into()), b"");
        };
        path.extend_from_slice(&rest[..end]);
        rest = &rest[end + 1..];
        if rest.first() != Some(&b'"') {
            return (Cow::Owned(path.into()), rest.strip_prefix(b",").unwrap_or(rest));
        }
        path.push(b'"');
        rest = &rest[1..];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(text: &str) -> Record {
        Record::new(Rc::new(text.into()))
    }

    #[test]
    fn lines_have_a_path_a_hash_and_a_size() {
        let record = record("pip/__init__.py,sha256=abc,357\r\n\"a,\"\"b.py\",sha256=d,1\n../../../bin/pip,,\n\nlone");
        let entries: Vec<_> = record.entries().map(|entry| (entry.path.to_string(), entry.size, entry.line)).collect();
        let expected = [
            ("pip/__init__.py", Some(357), 1),
            ("a,\"b.py", Some(1), 2),
            ("../../../bin/pip", None, 3),
            ("lone", None, 5),
        ];
        assert_eq!(entries, expected.map(|(path, size, line)| (path.to_owned(), size, line)));
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[\",a\n\r]{0,40}") {
            record(&text).entries().for_each(|entry| assert!(entry.line > 0));
        }
    }
}
