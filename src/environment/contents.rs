//! What a `RECORD` says at a glance: found in one pass, for the largest have tens of thousands of lines.

use bstr::{BString, ByteSlice};

use super::record::{self, Record};

/// A file that a `RECORD` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the `RECORD` spells it.
    pub path: BString,
    /// The line, from 1.
    pub line: usize,
    /// Its size in bytes, where it was recorded.
    pub size: Option<u64>,
}

/// A name right in the site directory: a package, a module, or data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Top {
    /// The name.
    pub name: BString,
    /// The first line that names it, from 1.
    pub line: usize,
    /// Whether it is a directory.
    pub is_dir: bool,
}

/// Why a line cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no line at all.
    Empty,
    /// It is not UTF-8.
    NotUtf8,
    /// It holds a NUL byte.
    Nul,
    /// It has no three fields: this many.
    Fields(usize),
    /// Its size is no number.
    Size,
}

/// What a `RECORD` says at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The names right in the site directory, sorted.
    pub tops: Vec<Top>,
    /// The extension modules and whatever else ends in `.so` or `.pyd`.
    pub modules: Vec<Place>,
    /// The `__init__.py` of packages right in the site directory.
    pub inits: Vec<Place>,
    /// The compiled modules outside of `__pycache__`, which are imported without their source.
    pub bytecode: Vec<Place>,
    /// Whether files outside of the site directory belong to it, as scripts do.
    pub reaches_out: bool,
    /// The first line that cannot be understood, from 1.
    pub fault: Option<(usize, Fault)>,
    /// How many lines there are.
    pub lines: usize,
}

impl Record {
    /// What it says at a glance.
    pub fn contents(&self) -> Contents {
        scan(self.bytes())
    }
}

fn scan(content: &[u8]) -> Contents {
    let mut contents = Contents::default();
    // Files of one package stand together, so that the name seen last nearly always comes next.
    let mut last: &[u8] = b"";
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', content);
    let unended = (!content.is_empty() && !content.ends_with(b"\n")).then_some(content.len());
    for end in ends.chain(unended) {
        let line = &content[start..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        start = end + 1;
        contents.lines += 1;
        if line.first() == Some(&b'"') {
            let entry = record::entry(line, contents.lines);
            contents.note_file(&entry.path, line);
            contents.note_top(&entry.path);
            continue;
        }
        let comma = memchr::memchr(b',', line);
        let path = &line[..comma.unwrap_or(line.len())];
        contents.judge(line, comma);
        contents.note_file(path, line);
        if last.is_empty() || !path.starts_with(last) {
            last = contents.note_top(path);
        }
    }
    contents.finish(content)
}

impl Contents {
    /// Whether the line has a path, a hash and a size.
    fn judge(&mut self, line: &[u8], comma: Option<usize>) {
        if self.fault.is_some() {
            return;
        }
        let fault = match comma {
            // `csv` makes a row without fields of it.
            None if line.is_empty() => Some(Fault::Fields(0)),
            None => Some(Fault::Fields(1)),
            Some(comma) if is_usual(&line[comma + 1..]) => None,
            Some(comma) => {
                let rest = &line[comma + 1..];
                match memchr::memchr(b',', rest).map(|second| &rest[second + 1..]) {
                    None => Some(Fault::Fields(2)),
                    Some(size) if size.iter().all(u8::is_ascii_digit) => None,
                    Some(size) if size.contains(&b',') => {
                        Some(Fault::Fields(3 + memchr::memchr_iter(b',', size).count()))
                    }
                    Some(size) if size.trim().iter().all(u8::is_ascii_digit) => None,
                    Some(_) => Some(Fault::Size),
                }
            }
        };
        self.fault = fault.map(|fault| (self.lines, fault));
    }

    fn note_file(&mut self, path: &[u8], line: &[u8]) {
        let list = match path.last() {
            Some(b'o') if path.ends_with(b".so") => &mut self.modules,
            Some(b'd') if path.ends_with(b".pyd") => &mut self.modules,
            Some(b'y') if is_init(path) => &mut self.inits,
            Some(b'c') if path.ends_with(b".pyc") && !path.contains_str("__pycache__/") => &mut self.bytecode,
            _ => return,
        };
        let size = record::entry(line, self.lines).size;
        list.push(Place { path: path.into(), line: self.lines, size });
    }

    /// Notes the first name of a path, and says with what the next one begins if it has the same.
    fn note_top<'p>(&mut self, path: &'p [u8]) -> &'p [u8] {
        let slash = memchr::memchr(b'/', path);
        let name = &path[..slash.unwrap_or(path.len())];
        // Absolute paths, and those that leave the directory, name nothing in it.
        if matches!(name, b"" | b"." | b"..") {
            self.reaches_out |= name != b".";
        } else {
            self.tops.push(Top { name: name.into(), line: self.lines, is_dir: slash.is_some() });
        }
        slash.map_or(&[], |slash| &path[..=slash])
    }

    fn finish(mut self, content: &[u8]) -> Self {
        self.tops.sort();
        self.tops.dedup_by(|next, first| next.name == first.name);
        let line_of = |at: usize| memchr::memchr_iter(b'\n', &content[..at]).count() + 1;
        if content.is_empty() {
            self.fault = Some((1, Fault::Empty));
        } else if let Some(at) = memchr::memchr(0, content) {
            self.fault = Some((line_of(at), Fault::Nul));
        } else if let Err(error) = std::str::from_utf8(content) {
            self.fault = Some((line_of(error.valid_up_to()), Fault::NotUtf8));
        }
        self
    }
}

/// Whether a path is that of the `__init__.py` of a package right in the site directory.
fn is_init(path: &[u8]) -> bool {
    path.strip_suffix(b"/__init__.py").is_some_and(|name| !name.is_empty() && memchr::memchr(b'/', name).is_none())
}

/// Whether what follows the path is a SHA-256 and a size, or nothing, as nearly everywhere.
fn is_usual(rest: &[u8]) -> bool {
    /// `sha256=` and 43 digits of base 64.
    const HASH: usize = 7 + 43;
    let Some((hash, size)) = rest.split_at_checked(HASH) else { return rest == b"," };
    hash.starts_with(b"sha256=")
        && size.split_first().is_some_and(|(comma, size)| *comma == b',' && size.iter().all(u8::is_ascii_digit))
        && !hash.contains(&b',')
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;

    fn contents(text: &str) -> Contents {
        Record::new(Rc::new(text.into())).contents()
    }

    #[test]
    fn one_pass_tells_names_modules_and_bytecode() {
        let contents = contents(
            "a/__init__.py,sha256=x,1\na/_b.abi3.so,sha256=y,2\r\na/__pycache__/__init__.cpython-312.pyc,,\n\
             ../../../bin/a,sha256=z,3\n\"c,d/e.pyd\",,\nf.py,,\ng.pyc,,\n/usr/x,,\na/z.py,,\n",
        );
        let tops: Vec<_> = contents.tops.iter().map(|top| (top.name.to_string(), top.line, top.is_dir)).collect();
        let expected = [("a", 1, true), ("c,d", 5, true), ("f.py", 6, false), ("g.pyc", 7, false)];
        assert_eq!(tops, expected.map(|(name, line, is_dir)| (name.to_owned(), line, is_dir)));
        assert_eq!(contents.inits.iter().map(|place| place.line).collect::<Vec<_>>(), [1]);
        assert_eq!(contents.modules.iter().map(|place| place.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(contents.bytecode, [Place { path: "g.pyc".into(), line: 7, size: None }]);
        assert_eq!((contents.fault, contents.lines), (None, 9));
    }

    #[test]
    fn lines_that_no_tool_understands_are_found() {
        let cases = [
            ("", Some((1, Fault::Empty))),
            ("a,,\n\nb,,\n", Some((2, Fault::Fields(0)))),
            ("a,,\nb/c.p", Some((2, Fault::Fields(1)))),
            ("a,sha256=x,1,2\n", Some((1, Fault::Fields(4)))),
            ("a,sha256=x,many\n", Some((1, Fault::Size))),
            ("a,,\nb\0,,\n", Some((2, Fault::Nul))),
            ("a,sha256=x,1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(contents(text).fault, expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[\",a/.so\n\r]{0,60}") {
            contents(&text);
        }
    }
}
