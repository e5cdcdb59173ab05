//! `venv-doctor snapshot`: write down what a resolution asks.
#![allow(clippy::disallowed_methods, reason = "the snapshot is written to the file that was named")]

use std::ffi::OsStr;
use std::fs;

use venv_doctor::host::LiveHost;
use venv_doctor::{Depth, snapshot};

use super::args::SnapshotArguments;
use super::exit::Exit;
use super::output;
use super::subject::Subject;

/// Records the Python that the arguments name.
pub fn run(arguments: &SnapshotArguments) -> Exit {
    let depth = match (arguments.check, arguments.files) {
        (false, _) => Depth::Startup,
        (true, false) => Depth::Environment,
        (true, true) => Depth::Files,
    };
    let subject = match Subject::from_arguments(&LiveHost, &arguments.subject, depth) {
        Ok(subject) => subject,
        Err(error) => return output::refuse(&error),
    };
    let mut document = snapshot::record(&LiveHost, &subject.invocation, &subject.options, &subject.notes, depth);
    if arguments.redact {
        document = snapshot::redact(document);
    }
    let text = snapshot::write(&document);
    match arguments.output.as_deref().filter(|file| *file != "-") {
        None => output::print(&text, Exit::Success),
        Some(file) => save(file, &text),
    }
}

fn save(file: &OsStr, text: &[u8]) -> Exit {
    match fs::write(file, text) {
        Ok(()) => Exit::Success,
        Err(error) => output::refuse(&format_args!("{}: {error}", file.display())),
    }
}
