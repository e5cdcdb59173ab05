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
    /// The file, relative to the site directory (or absolute), with `/` between names.
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

    /// The first name of each path that lies in the site directory, without repeating itself on the next line. Much
    /// cheaper than [`Self::entries`]; a path in quotes is passed over, for no name that can be imported needs them.
    pub fn tops(&self) -> impl Iterator<Item = &BStr> {
        let mut last: &[u8] = b"";
        self.content.lines().filter_map(move |line| {
            let end = memchr::memchr2(b'/', b',', line).unwrap_or(line.len());
            let top = &line[..end];
            let is_new = top != last && !top.is_empty() && !top.starts_with(b"..") && top.first() != Some(&b'"');
            last = top;
            is_new.then(|| top.as_bstr())
        })
    }
}

impl Record {
    /// The line of one file, by its path as RECORD writes it.
    pub fn find(&self, path: &[u8]) -> Option<Entry<'_>> {
        self.find_each(path).find(|entry| entry.path.as_bytes() == path)
    }

    /// The lines that begin with a text, or with a quote and the text.
    pub fn find_each<'r>(&'r self, start: &[u8]) -> impl Iterator<Item = Entry<'r>> {
        let content: &'r [u8] = &self.content;
        let mut starts: Vec<usize> = Vec::new();
        // One search for what begins a line is quick, where a text such as `/` alone would be found everywhere.
        for before in ["", "\""] {
            let wanted = [before.as_bytes(), start].concat();
            starts.extend(content.starts_with(&wanted).then_some(0));
            let wanted = [b"\n", wanted.as_slice()].concat();
            starts.extend(memchr::memmem::find_iter(content, &wanted).map(|at| at + 1));
        }
        // Lines are counted on from the one before: a file may have as many as fit into it.
        let (mut counted, mut number) = (0, 1);
        starts.into_iter().filter_map(move |at| {
            if at < counted {
                (counted, number) = (0, 1);
            }
            number += memchr::memchr_iter(b'\n', content.get(counted..at)?).count();
            counted = at;
            Some(entry(content.get(at..)?.lines().next()?, number))
        })
    }

    /// Whether a text stands anywhere in it.
    pub fn mentions(&self, text: &[u8]) -> bool {
        memchr::memmem::find(&self.content, text).is_some()
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

    #[test]
    fn a_file_is_found_by_its_path() {
        let record = record("a/b.pth,sha256=1,1\nb.pth,sha256=2,1\n\"c,d.pth\",sha256=3,1\r\n../bin/b.pth,,\n");
        let found = |path: &str| record.find(path.as_bytes()).map(|entry| (entry.hash.to_string(), entry.line));
        assert_eq!(found("b.pth"), Some(("sha256=2".to_owned(), 2)));
        assert_eq!(found("c,d.pth"), Some(("sha256=3".to_owned(), 3)));
        assert_eq!(found("b"), None);
        assert_eq!(record.find_each(b"../").map(|entry| entry.path.to_string()).collect::<Vec<_>>(), ["../bin/b.pth"]);
    }

    #[test]
    fn a_record_of_one_dir_is_read_in_one_go() {
        const LINES: usize = 200_000;
        let record = record(&"../../../bin/a,,\n".repeat(LINES));
        assert_eq!(record.find_each(b"../").last().map(|entry| entry.line), Some(LINES));
        assert_eq!(record.find(b"../../../bin/"), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[\",a\n\r]{0,40}") {
            record(&text).entries().for_each(|entry| assert!(entry.line > 0));
        }

        #[test]
        fn what_is_found_stands_in_the_lines(text in "[\",a/\n\r]{0,60}", start in "[\",a/]{0,2}") {
            let record = record(&text);
            let plain: Vec<_> = record.find_each(start.as_bytes()).filter(|entry| !entry.path.is_empty()).collect();
            for entry in plain {
                prop_assert!(record.entries().any(|other| other == entry), "{entry:?}");
            }
        }
    }
}
