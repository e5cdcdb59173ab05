//! `pyvenv.cfg` as it lies on the disk: start-up has read it already, so that reading it again costs nothing.

use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::findings::{Cure, Proof, recipes};
use crate::host::path::Flavour;
use crate::host::{FileKind, HostError};
use crate::startup::{MOST_BYTES, text};

/// No creator writes nearly as many lines; in a file with more, single lines are not judged.
pub const MOST_LINES: usize = 1000;
/// More lines are not taken out by one command.
const MOST_DELETED: usize = 32;

/// The mark with which some editors begin a file.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// A line of the file.
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// The whole line, without its end.
    pub text: BString,
    /// What stands before the first `=`, stripped, as it is spelt; none without an `=`.
    pub key: Option<BString>,
    /// What stands behind it, stripped.
    pub value: BString,
}

impl Line {
    fn new(number: usize, line: &BStr) -> Self {
        let (key, value) = match text::partition(line) {
            Some((key, value)) => (Some(text::strip(key).to_owned()), text::strip(value).to_owned()),
            None => (None, BString::default()),
        };
        Self { number, text: line.to_owned(), key, value }
    }

    /// Whether Python takes this for a line about `key`.
    pub fn is(&self, key: &str) -> bool {
        self.key.as_ref().is_some_and(|own| text::lower(own) == key)
    }
}

/// The file, its content taken apart as the site module does it.
pub struct Cfg {
    /// The file.
    pub path: BString,
    /// What is in it, or why it could not be read.
    pub content: Result<Rc<Vec<u8>>, HostError>,
    /// Its lines; none where it could not be read.
    pub lines: Vec<Line>,
}

impl Cfg {
    /// The file beside or above the executable, where there is one.
    pub fn of(survey: &Survey<'_>) -> Option<Self> {
        let path = survey.cfg()?.to_owned();
        let kind = survey.metadata(path.as_bstr()).map(|metadata| metadata.kind);
        let content = match kind {
            Ok(FileKind::Directory) => Err(HostError::IsADirectory),
            Ok(_) => survey.ask.read(path.as_bstr(), MOST_BYTES),
            Err(error) => Err(error),
        };
        let text = content.as_ref().map(|content| content.as_slice()).unwrap_or_default();
        let lines = text::universal_lines(text).into_iter().enumerate();
        let lines = lines.map(|(index, line)| Line::new(index + 1, line)).collect();
        Some(Self { path, content, lines })
    }

    /// Its bytes, where it could be read.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.content.as_ref().ok().map(|content| content.as_slice())
    }

    /// Whether the site module can decode it.
    pub fn is_text(&self) -> bool {
        self.bytes().is_some_and(|content| std::str::from_utf8(content).is_ok())
    }

    /// The lines about `key`, in order.
    pub fn all(&self, key: &'static str) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.is(key))
    }

    /// The line about `key` that the site module takes: the last.
    pub fn last(&self, key: &'static str) -> Option<&Line> {
        self.all(key).last()
    }

    /// Whether the file begins with a byte-order mark.
    pub fn has_mark(&self) -> bool {
        self.bytes().is_some_and(|content| content.starts_with(MARK))
    }

    /// A whole line as proof, with the part that is meant.
    pub fn proof(&self, line: &Line, part: impl AsRef<[u8]>) -> Proof {
        Proof::line(self.path.clone(), line.number, line.text.clone()).marking(part)
    }

    /// The value of a line as proof. Where the key holds the same text, the value is meant.
    pub fn value_proof(&self, line: &Line) -> Proof {
        let proof = Proof::line(self.path.clone(), line.number, line.text.clone());
        match line.text.rfind(line.value.as_slice()) {
            Some(at) => proof.span(at..at + line.value.len()),
            None => proof,
        }
    }

    /// Writes another value into a line, its key spelt as it is.
    pub fn set(&self, survey: &Survey<'_>, line: &Line, value: &BStr) -> Cure {
        let key = line.key.as_ref().and_then(|key| key.to_str().ok()).unwrap_or("home");
        recipes::set_key(survey, self.path.as_bstr(), key, value)
    }

    /// Adds a line at the end, whether or not the last one has an end.
    pub fn append(&self, survey: &Survey<'_>, key: &str, value: &BStr) -> Cure {
        let line = crate::sentence!(key, " = ", value);
        let cure = Cure::advice(crate::sentence!("add the line ", line, " to ", self.path));
        if survey.flavour() == Flavour::Windows {
            return cure;
        }
        let is_ended = self.bytes().is_some_and(|content| content.is_empty() || content.ends_with(b"\n"));
        let format = if is_ended { "%s\\n" } else { "\\n%s\\n" };
        let command = recipes::line(survey, "printf").word(format).word(line).raw(">>").word(&self.path);
        cure.command(command).safe()
    }

    /// Takes lines out by their numbers; advice alone where `sed` would count other lines.
    pub fn delete(&self, survey: &Survey<'_>, numbers: &[usize], advice: impl Into<BString>) -> Cure {
        let cure = Cure::advice(advice);
        let counts_alike = self.bytes().is_some_and(|content| !has_lone_return(content));
        let is_feasible = counts_alike && (1..=MOST_DELETED).contains(&numbers.len());
        let Some(sed) = recipes::sed(survey).filter(|_| is_feasible) else { return cure };
        let script: Vec<String> = numbers.iter().map(|number| format!("{number}d")).collect();
        cure.command(sed.word(script.join(";")).word(&self.path))
    }
}

/// Whether a carriage return alone ends a line, which it does for Python and for nobody else.
fn has_lone_return(content: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', content).any(|at| content.get(at + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart_as_python_does_it() {
        let line = Line::new(3, b"  Home =  /a = b ".as_bstr());
        assert!(line.is("home") && !line.is("homes"));
        assert_eq!(line.value, "/a = b");
        assert!(Line::new(1, b"nothing".as_bstr()).key.is_none());
    }

    #[test]
    fn a_carriage_return_counts_alone_only() {
        assert!(!has_lone_return(b"a\r\nb\n"));
        assert!(has_lone_return(b"a\rb\n") && has_lone_return(b"a\r"));
    }
}
