//! The programs next to an interpreter, and which Python each of them names.

use bstr::{BStr, BString, ByteSlice};

use super::start::{Form, Start, is_python, parse};
use super::{Survey, launcher};
use crate::host::FileKind;
use crate::host::path::{Flavor, module};
use crate::text::python::BYTE_ORDER_MARK;

/// How much of a program is read: the scripts that installers write are shorter, and longer than any kernel's limit on
/// the first line.
const HEAD: usize = 1024;
/// More programs than any environment has.
const MOST_SCRIPTS: usize = 2048;

/// A program that is a script, in the directory of the interpreter.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its name.
    pub name: BString,
    /// Its path.
    pub path: BString,
    /// Whether any execution bit is set.
    pub executable: bool,
    /// Whether a byte-order mark stands before the `#!`.
    pub marked: bool,
    /// Its first line without the end, and without the mark; a carriage return is part of it.
    pub first: BString,
    /// What it says about its Python, where it is one for Python.
    pub start: Option<Start>,
    /// Its first bytes.
    pub head: Vec<u8>,
}

impl Script {
    /// Whether the first line ends in a carriage return.
    pub fn has_carriage_return(&self) -> bool {
        self.first.ends_with(b"\r")
    }

    /// The Python that is named by its absolute path.
    pub fn interpreter(&self, survey: &Survey<'_>) -> Option<&Start> {
        let start = self.start.as_ref()?;
        let is_path = matches!(start.form, Form::Line | Form::Exec | Form::Launcher);
        (is_path && module::is_absolute(survey.flavor(), start.program.as_bstr())).then_some(start)
    }
}

impl Survey<'_> {
    /// The scripts in [`Self::bin`], by name: regular files that begin with `#!`, and the launchers of Windows. Links,
    /// interpreters and whatever activates the environment are passed over, and of the rest only the head is read.
    pub fn scripts(&self) -> &[Script] {
        self.scripts.get_or_init(|| {
            let names = self.list(self.bin()).into_iter().filter(|name| !is_passed_over(name.as_bstr()));
            names.take(MOST_SCRIPTS).filter_map(|name| self.script(name)).collect()
        })
    }

    /// Whether anything in [`Self::bin`] is neither a script nor what every environment has: programs of the machine's own
    /// kind, which some wheels bring along.
    pub fn has_other_programs(&self) -> bool {
        *self.other_programs.get_or_init(|| {
            let names = self.list(self.bin());
            names.iter().filter(|name| !is_passed_over(name.as_bstr())).count() > self.scripts().len()
        })
    }

    /// The program of that name in [`Self::bin`], if it is a script.
    pub fn script(&self, name: BString) -> Option<Script> {
        let path = self.join(self.bin(), &name);
        let metadata = self.ask.link_exists(path.as_bstr()).ok().filter(|it| it.kind == FileKind::File)?;
        if self.flavor() == Flavor::Windows && name.to_ascii_lowercase().ends_with(b".exe") {
            let start = launcher::read(self, path.as_bstr())?;
            let (first, head) = (start.text.clone(), Vec::new());
            return Some(Script { name, path, executable: true, marked: false, first, start: Some(start), head });
        }
        let head = self.head(path.as_bstr(), HEAD)?;
        let bare = head.strip_prefix(BYTE_ORDER_MARK);
        let marked = bare.is_some();
        let text = bare.unwrap_or(&head);
        if !text.starts_with(b"#!") {
            return None;
        }
        let first = BString::from(text.split_once_str("\n").map_or(text, |(first, _)| first));
        let start = self.start(text);
        Some(Script { name, path, executable: metadata.executable, marked, first, start, head })
    }

    /// A path with a blank in it is distinguished from a program with an argument by what exists.
    fn start(&self, text: &[u8]) -> Option<Start> {
        let start = parse(self.flavor(), text)?;
        if start.form != Form::Line {
            return Some(start);
        }
        match start.program.split_once_str(" ") {
            Some((word, _)) if self.flavor() == Flavor::Posix && self.exists(word.as_bstr()) => None,
            _ => Some(start),
        }
    }
}

/// Whether a name is that of an interpreter, of an activation script, or of something that only a shell reads.
pub(super) fn is_passed_over(name: &BStr) -> bool {
    is_python(name)
        || name.starts_with(b"activate")
        || name.starts_with(b"Activate")
        || name.starts_with(b"deactivate")
        || name.ends_with(b".bat")
        || name.ends_with(b".ps1")
}
