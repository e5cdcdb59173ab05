//! What `pyvenv.cfg` says, also where Python never comes to read it.

use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::Survey;
use crate::host::{FileKind, HostError};
use crate::startup::MOST_BYTES;
use crate::text::python;

/// A line of `pyvenv.cfg`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CfgLine {
    /// Its number, from 1.
    pub number: usize,
    /// The whole line, without its end.
    pub text: BString,
    /// What stands before the first `=`, stripped, as it is spelled; none without an `=`.
    pub key: Option<BString>,
    /// What stands behind it, stripped.
    pub value: BString,
}

impl CfgLine {
    fn new(number: usize, line: &BStr) -> Self {
        let (key, value) = match python::partition(line) {
            Some((key, value)) => (Some(python::strip(key).to_owned()), python::strip(value).to_owned()),
            None => (None, BString::default()),
        };
        Self { number, text: line.to_owned(), key, value }
    }

    /// Whether Python takes this for a line about `key`.
    pub fn is(&self, key: &str) -> bool {
        self.key.as_ref().is_some_and(|own| python::is_lowered(own, key))
    }
}

/// The file, its content taken apart as the site module does it.
#[derive(Clone, Debug)]
pub struct Cfg {
    /// The file.
    pub path: BString,
    /// What is in it, or why it could not be read.
    pub content: Result<Rc<Vec<u8>>, HostError>,
    /// Its lines; none where it could not be read.
    pub lines: Vec<CfgLine>,
}

impl Cfg {
    fn read(survey: &Survey<'_>) -> Option<Self> {
        let path = survey.cfg()?.to_owned();
        let content = match survey.metadata(path.as_bstr()).map(|metadata| metadata.kind) {
            Ok(FileKind::Directory) => Err(HostError::IsADirectory),
            Ok(_) => survey.ask.read(path.as_bstr(), MOST_BYTES),
            Err(error) => Err(error),
        };
        let text = content.as_ref().map(|content| content.as_slice()).unwrap_or_default();
        let lines = python::universal_lines(text).into_iter().enumerate();
        let lines = lines.map(|(index, line)| CfgLine::new(index + 1, line)).collect();
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

    /// Whether the file begins with a byte-order mark.
    pub fn has_mark(&self) -> bool {
        self.bytes().is_some_and(|content| content.starts_with(python::BYTE_ORDER_MARK))
    }

    /// The lines about `key`, in order.
    pub fn all<'c>(&'c self, key: &str) -> impl Iterator<Item = &'c CfgLine> {
        self.lines.iter().filter(move |line| line.is(key))
    }

    /// The line about `key` that the path configuration takes: the first.
    pub fn first(&self, key: &str) -> Option<&CfgLine> {
        self.all(key).next()
    }

    /// The line about `key` that the site module takes: the last.
    pub fn last(&self, key: &str) -> Option<&CfgLine> {
        self.all(key).last()
    }
}

impl Survey<'_> {
    /// The file at [`Self::cfg`]; startup has read it already, if it came so far.
    pub fn pyvenv_cfg(&self) -> Option<&Cfg> {
        self.pyvenv_cfg.get_or_init(|| Cfg::read(self)).as_ref()
    }

    /// The first line of `pyvenv.cfg` with this key; case does not count.
    pub fn cfg_line(&self, key: &str) -> Option<&CfgLine> {
        self.pyvenv_cfg()?.first(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart_as_python_does_it() {
        let line = CfgLine::new(3, b"  Home =  /a = b ".as_bstr());
        assert!(line.is("home") && !line.is("homes"));
        assert_eq!(line.value, "/a = b");
        assert!(CfgLine::new(1, b"nothing".as_bstr()).key.is_none());
    }
}
