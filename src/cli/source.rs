//! Where the answers come from: the live machine, or a snapshot.
#![allow(clippy::disallowed_methods, reason = "a snapshot is an input of this program, not of what it simulates")]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};

use thiserror::Error;
use venv_doctor::Depth;
use venv_doctor::host::{Host, LiveHost};
use venv_doctor::snapshot::{self, Snapshot, SnapshotError};

use super::args::{self, Call};
use super::subject::{Subject, SubjectError};

/// A machine, and a Python on it.
pub struct Source {
    /// The machine.
    pub host: Box<dyn Host>,
    /// The Python, and how it is called.
    pub subject: Subject,
    /// How far it can be examined: what a snapshot does not hold would be taken for missing.
    pub depth: Depth,
}

/// Why there is nothing to ask about.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The snapshot could not be read.
    #[error("{name}: {error}")]
    Unread { name: String, error: io::Error },
    /// The snapshot is none.
    #[error("{name}: {error}")]
    Malformed { name: String, error: SnapshotError },
    /// The arguments name no call of Python.
    #[error(transparent)]
    Subject(#[from] SubjectError),
}

impl Source {
    /// The machine of the snapshot `file` (`-` is standard input), or where there is none, the live one.
    pub fn open(file: Option<&OsStr>, typed: &args::Subject) -> Result<Self, SourceError> {
        match file {
            Some(file) => Self::snapshot(file, typed.python.as_deref(), &typed.call, Depth::Startup),
            None => Self::live(typed.python.as_deref(), &typed.call, Depth::Startup),
        }
    }

    /// A Python on this machine.
    pub fn live(python: Option<&OsStr>, call: &Call, depth: Depth) -> Result<Self, SourceError> {
        Ok(Self { subject: Subject::on_machine(&LiveHost, python, call, depth)?, host: Box::new(LiveHost), depth })
    }

    /// A Python on the machine of a snapshot.
    pub fn snapshot(file: &OsStr, python: Option<&OsStr>, call: &Call, depth: Depth) -> Result<Self, SourceError> {
        let name = if file == "-" { "standard input".to_owned() } else { file.display().to_string() };
        let bytes = read(file).map_err(|error| SourceError::Unread { name: name.clone(), error })?;
        let Snapshot { host, invocation, options, notes, depth: held } =
            snapshot::load(&bytes).map_err(|error| SourceError::Malformed { name, error })?;
        let subject = Subject::from_snapshot(&host, (invocation, options, notes), python, call, depth)?;
        Ok(Self { host: Box::new(host), subject, depth: depth.min(held) })
    }
}

/// The bytes of a snapshot, and no more than can be one.
fn read(file: &OsStr) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = snapshot::MOST_BYTES as u64 + 1;
    if file == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
