//! `venv-doctor snapshot`: record what an explanation looks up.

use crate::host::os::OsStrExt;

use bstr::BString;
use thiserror::Error;

use crate::{Depth, snapshot, startup};

use super::args::{JsonFormat, SnapshotArguments};
use super::exit::Exit;
use super::output::{self, Failure};
use super::source::Source;
use super::subject::{Subject, Unfound};

/// A snapshot that no command would read.
#[derive(Debug, Error)]
#[error(
    "the snapshot would have {bytes} bytes, and a snapshot is read up to {} bytes: nothing was written",
    snapshot::MOST_BYTES
)]
struct TooLarge {
    bytes: usize,
    is_startup: bool,
}

impl Failure for TooLarge {
    fn help(&self) -> Vec<String> {
        let help = if self.is_startup {
            "a startup file, a script or pyvenv.cfg is far larger than usual; `explain -v` lists what is read"
        } else {
            "without --check and --files, a snapshot holds less"
        };
        vec![help.to_owned()]
    }
}

/// Records the Python that the arguments name.
pub fn run(arguments: &SnapshotArguments) -> Exit {
    let depth = match (arguments.check, arguments.files) {
        (false, _) => Depth::Startup,
        (true, false) => Depth::Environment,
        (true, true) => Depth::Files,
    };
    let typed = &arguments.subject;
    let source = Source::live((typed.python.as_deref(), Unfound::Refused), &typed.call, depth);
    let Source { host, mut subject, .. } = match source {
        Ok(source) => source,
        Err(error) => return output::refuse(&error),
    };
    let host = host.as_ref();
    if !subject.assigned.is_empty() {
        let resolution = startup::resolve(host, &subject.invocation, &subject.options);
        let notes: Vec<_> = subject.disregarded(&resolution).collect();
        subject.notes.extend(notes);
    }
    let imports: Vec<BString> = arguments.imports.iter().map(|name| BString::from(name.as_bytes())).collect();
    let Subject { invocation, options, notes, .. } = &subject;
    let mut document = snapshot::record(host, invocation, options, notes, (depth, &imports));
    if arguments.redact {
        document = snapshot::redact(document);
        let unread: Vec<_> = snapshot::unread(&document).collect();
        if !unread.is_empty() {
            output::advise(
                "these files are not text, so look for names in them before you pass the snapshot on",
                &unread,
            );
        }
    }
    let JsonFormat::Json = arguments.format.format();
    let text = snapshot::write(&document);
    if text.len() > snapshot::MOST_BYTES {
        return output::refuse(&TooLarge { bytes: text.len(), is_startup: depth == Depth::Startup });
    }
    match arguments.output.as_deref().filter(|file| *file != "-") {
        None => output::print(&text, Exit::Success),
        Some(file) => output::save(file, &text),
    }
}
