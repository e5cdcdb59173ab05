//! `venv-doctor which`: which file an import gets.

use crate::host::os::OsStrExt;
use std::ffi::OsString;
use std::mem;

use crate::host::Host;
use crate::report::html;
use crate::report::which::Report;
use crate::which::{self, Asked};
use bstr::BString;

use super::args::{PageFormat, WhichArguments};
use super::exit::Exit;
use super::output;
use super::source::Source;
use super::subject::Unfound;
use super::terminal;
use super::what_if;
use crate::Depth;

/// Answers what the arguments ask.
pub fn run(arguments: &WhichArguments) -> Exit {
    let (python, names) = match arguments.words() {
        Ok(words) => words,
        Err(error) => return output::refuse(&error),
    };
    let asked = Asked { names: bytes(names), files: bytes(&arguments.file), shadowed: arguments.shadowed };
    let python = (python, Unfound::Refused);
    let source = match &arguments.snapshot {
        Some(file) => Source::snapshot(file, python, &arguments.call, Depth::Startup),
        None => Source::live(python, &arguments.call, Depth::Startup),
    };
    let Source { host, mut subject, imports, .. } = match source {
        Ok(source) => source,
        Err(error) => return output::refuse(&error),
    };
    let changed = match what_if::machine(host.as_ref(), &subject, &arguments.changes, arguments.snapshot.is_some()) {
        Ok(changed) => changed,
        Err(error) => return output::refuse(&error),
    };
    let machine: &dyn Host = changed.as_ref().map_or(host.as_ref(), |changed| &changed.host);
    let told = which::ask(machine, &subject.invocation, &subject.options, &asked);
    subject.notes.extend(changed.iter().flat_map(|changed| changed.notes.iter().cloned()));
    let disregarded: Vec<BString> = subject.disregarded(&told.resolution).collect();
    subject.notes.extend(disregarded);
    subject.notes.extend(imports.iter().filter_map(|recorded| unrecorded(&asked, recorded)));
    let exit = match told.is_complete() {
        None => Exit::Unusable,
        Some(true) => Exit::Success,
        Some(false) => Exit::Problems,
    };
    let report = Report { told: &told, notes: &subject.notes };
    let rendered = match arguments.output.format() {
        PageFormat::Json => report.to_json(),
        PageFormat::Html => output::text(html::which(&report, terminal::home(host.as_ref()))),
        PageFormat::Text => {
            output::text(report.to_text(&terminal::style(arguments.look, terminal::home(host.as_ref()))))
        }
    };
    // The process ends here, and its memory goes back in one piece.
    mem::forget(told);
    output::deliver(arguments.destination.file(), &rendered, exit)
}

/// What a snapshot cannot answer, because nobody asked for it when it was recorded.
fn unrecorded(asked: &Asked, recorded: &[BString]) -> Option<BString> {
    let mut names: Vec<&[u8]> =
        asked.names.iter().filter(|name| !recorded.contains(name)).map(|name| name.as_slice()).collect();
    if asked.shadowed || !asked.files.is_empty() {
        names.push(b"other modules");
    }
    let names = bstr::join(", ", &names);
    let note: [&[u8]; 3] = [
        b"the snapshot does not contain what an import of ",
        &names,
        b" looks up; what is not in it \
        counts as missing, and `snapshot --imports NAME` records it",
    ];
    (!names.is_empty()).then(|| bstr::concat(note).into())
}

fn bytes(words: &[OsString]) -> Vec<BString> {
    words.iter().map(|word| BString::from(word.as_bytes())).collect()
}
