//! `venv-doctor diff`: in what two environments differ, and what explains it.

use std::ffi::{OsStr, OsString};

use crate::Depth;
use crate::difference::environments::{Look, Side, Verdict, contrast};
use crate::host::os::OsStrExt;
use crate::host::{FileKind, Host, HostError, LiveHost};
use crate::report::diff::{Named, Report};
use crate::report::html;
use crate::snapshot;
use crate::text::escape::escape;
use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;

use super::args::{Call, DiffArguments, PageFormat};
use super::exit::Exit;
use super::output::{self, Failure};
use super::source::{Source, SourceError, here};
use super::subject::Unfound;
use super::target::is_named_like_interpreter;
use super::terminal;

/// So much is read of a file to tell a snapshot from a program.
const MOST_HEAD: u64 = 256;

/// Why there is nothing to compare.
#[derive(Debug, Error)]
enum DiffError {
    #[error("{letter}: {error}")]
    Side { letter: &'static str, error: SourceError },
    #[error("{letter}: {} {reason}", escape(.typed.as_bytes().into()))]
    Neither { letter: &'static str, typed: OsString, reason: &'static str },
    #[error("both A and B are standard input")]
    Twice,
}

impl Failure for DiffError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Side { error, .. } => error.help(),
            Self::Neither { .. } => vec![
                "name an environment, an interpreter, or a file that `venv-doctor snapshot` has written".to_owned(),
            ],
            Self::Twice => Vec::new(),
        }
    }
}

/// Compares what the arguments name.
pub fn run(arguments: &DiffArguments) -> Exit {
    match compare(arguments) {
        Ok(exit) => exit,
        Err(error) => output::refuse(&error),
    }
}

fn compare(arguments: &DiffArguments) -> Result<Exit, DiffError> {
    if arguments.a == "-" && arguments.b == "-" {
        return Err(DiffError::Twice);
    }
    let wanted = if arguments.files { Depth::Files } else { Depth::Environment };
    let (a, b) = (Opened::new("A", &arguments.a, wanted)?, Opened::new("B", &arguments.b, wanted)?);
    // What one document does not hold is the same in it and in its copy.
    let (look, other_look) = (a.look(), b.look());
    let (look, other_look) = if is_one_document(&a, &b) {
        let whole = |look| Look { held: wanted, has_installed: true, ..look };
        (whole(look), whole(other_look))
    } else {
        (look, other_look)
    };
    let (one, other) = Side::both(look, other_look, wanted);
    let contrast = contrast(&one, &other);
    let exit = match contrast.verdict() {
        Verdict::Same => Exit::Success,
        Verdict::Different => Exit::Problems,
        Verdict::Unknown => Exit::Unusable,
    };
    // The home directory of another machine is none here.
    let is_here = !a.is_snapshot && !b.is_snapshot;
    let home = is_here.then(|| terminal::home(&LiveHost)).flatten();
    let report = Report { a: a.named(&one), b: b.named(&other), contrast };
    let rendered = match arguments.output.format() {
        PageFormat::Json => report.to_json(),
        PageFormat::Html => output::text(html::diff(&report, home)),
        PageFormat::Text => {
            let style = terminal::style(arguments.look, home);
            let style = crate::report::text::Style { verbose: arguments.verbose, ..style };
            let is_wrapped = arguments.look.width.is_some() || terminal::is_shown();
            output::text(report.to_text(&style, is_wrapped))
        }
    };
    Ok(output::deliver(arguments.destination.file(), &rendered, exit))
}

/// An argument, and the machine that it is about.
struct Opened {
    typed: OsString,
    is_snapshot: bool,
    source: Source,
}

impl Opened {
    fn new(letter: &'static str, typed: &OsString, wanted: Depth) -> Result<Self, DiffError> {
        let is_snapshot = is_snapshot(typed);
        if let Some(reason) = neither(typed).filter(|_| !is_snapshot) {
            return Err(DiffError::Neither { letter, typed: typed.clone(), reason });
        }
        let call = Call::default();
        let source = if is_snapshot {
            Source::snapshot(typed, (None, Unfound::Refused), &call, wanted)
        } else {
            Source::live((Some(typed), Unfound::Refused), &call, wanted)
        };
        let source = source.map_err(|error| DiffError::Side { letter, error })?;
        Ok(Self { typed: typed.clone(), is_snapshot, source })
    }

    fn look(&self) -> Look<'_> {
        Look {
            host: self.source.host.as_ref(),
            invocation: &self.source.subject.invocation,
            options: &self.source.subject.options,
            held: self.source.depth,
            has_installed: self.source.has_installed,
        }
    }

    fn named<'a>(&'a self, side: &'a Side<'a>) -> Named<'a> {
        let typed = BString::from(self.typed.as_bytes());
        Named { typed, is_snapshot: self.is_snapshot, side, notes: self.source.subject.notes.clone() }
    }
}

/// Whether both are snapshots with the same content.
fn is_one_document(a: &Opened, b: &Opened) -> bool {
    let content = |it: &Opened| {
        let file = file(&it.typed).filter(|_| it.is_snapshot && it.typed != "-")?;
        LiveHost.read(file.as_bstr(), u64::try_from(snapshot::MOST_BYTES).unwrap_or(u64::MAX)).ok()
    };
    content(a).zip(content(b)).is_some_and(|(one, other)| one == other)
}

/// Whether the argument is a snapshot: a pipe, or a file with an object of JSON, which no program is.
fn is_snapshot(typed: &OsStr) -> bool {
    if typed == "-" {
        return true;
    }
    let Some(file) = file(typed) else { return false };
    match LiveHost.metadata(file.as_bstr()).map(|metadata| metadata.kind) {
        Ok(FileKind::Fifo) => true,
        Ok(FileKind::File) => head(&file).trim_start().starts_with(b"{"),
        _ => false,
    }
}

/// Why the argument can be neither a snapshot nor a program. A program that is missing or may not be executed can be a
/// broken environment, which is compared.
fn neither(typed: &OsStr) -> Option<&'static str> {
    let is_document = typed.as_bytes().to_ascii_lowercase().ends_with(b".json");
    if !is_document && !typed.as_bytes().contains_str("/") {
        // It is looked for on `PATH`.
        return None;
    }
    let file = file(typed)?;
    match LiveHost.metadata(file.as_bstr()) {
        Ok(metadata) if metadata.kind == FileKind::File => {
            let is_program = metadata.executable && !is_document || is_named_as_interpreter(typed);
            let is_other = !is_program && !is_binary(&head(&file));
            is_other.then_some("is neither a snapshot nor a program")
        }
        Ok(metadata) if metadata.kind == FileKind::Directory => None,
        Ok(_) => Some("is a device or a socket, neither a snapshot nor a program"),
        Err(HostError::NotFound) if is_document && LiveHost.link_metadata(file.as_bstr()).is_err() => {
            Some("does not exist")
        }
        Err(_) => None,
    }
}

fn is_named_as_interpreter(typed: &OsStr) -> bool {
    let mut names = typed.as_bytes().rsplit(|byte| matches!(byte, b'/' | b'\\'));
    names.next().is_some_and(is_named_like_interpreter)
}

/// The argument as a file of this machine.
fn file(typed: &OsStr) -> Option<BString> {
    here(BStr::new(typed.as_bytes())).ok()
}

/// The beginning of a file; nothing if it cannot be read.
fn head(file: &BString) -> Vec<u8> {
    let head = LiveHost.open(file.as_bstr()).and_then(|binary| {
        let size = usize::try_from(binary.size().min(MOST_HEAD)).unwrap_or_default();
        binary.read_at(0, size)
    });
    head.unwrap_or_default()
}

/// Whether a file begins as programs do: those of Linux, Windows and macOS, and scripts.
fn is_binary(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 7] = [
        b"\x7fELF",
        b"MZ",
        b"#!",
        &[0xcf, 0xfa, 0xed, 0xfe],
        &[0xce, 0xfa, 0xed, 0xfe],
        &[0xca, 0xfe, 0xba, 0xbe],
        &[0xca, 0xfe, 0xba, 0xbf],
    ];
    MAGIC.iter().any(|magic| head.starts_with(magic))
}
