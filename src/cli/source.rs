//! The machine that is asked: the live one, or that of a snapshot.

use std::ffi::OsStr;
use std::io;

use crate::Depth;
use crate::host::{Host, LiveHost};
use crate::snapshot::{self, Snapshot, SnapshotError};
use bstr::BString;
use thiserror::Error;

use super::args::{self, Call};
use super::output::{self, Failure};
use super::subject::{Subject, SubjectError, Unfound};

/// A machine, and a Python on it.
pub struct Source {
    /// The machine.
    pub host: Box<dyn Host>,
    /// The Python, and how it is called.
    pub subject: Subject,
    /// How far it can be examined: what a snapshot does not hold would count as missing.
    pub depth: Depth,
    /// For a recorded snapshot, the imports of which it contains everything that is looked up.
    pub imports: Option<Vec<BString>>,
}

/// Why there is no machine or no Python to ask about.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The snapshot could not be read.
    #[error("cannot read the snapshot {name}: {error}")]
    Unread { name: String, error: io::Error },
    /// The document is not a snapshot.
    #[error("invalid snapshot {name}: {error}")]
    Malformed { name: String, error: SnapshotError },
    /// The arguments describe no call of Python.
    #[error(transparent)]
    Subject(#[from] SubjectError),
}

impl Failure for SourceError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Unread { .. } => Vec::new(),
            Self::Malformed { .. } => vec!["`venv-doctor snapshot PYTHON` records one".to_owned()],
            Self::Subject(error) => error.help(),
        }
    }
}

impl Source {
    /// The machine of the snapshot `file` (`-` is standard input); without one, the live machine.
    pub fn open(file: Option<&OsStr>, typed: &args::Subject, unfound: Unfound) -> Result<Self, SourceError> {
        let python = (typed.python.as_deref(), unfound);
        match file {
            Some(file) => Self::snapshot(file, python, &typed.call, Depth::Startup),
            None => Self::live(python, &typed.call, Depth::Startup),
        }
    }

    /// A Python on this machine.
    pub fn live(python: (Option<&OsStr>, Unfound), call: &Call, depth: Depth) -> Result<Self, SourceError> {
        let subject = Subject::on_machine(&LiveHost, python, call, depth)?;
        Ok(Self { subject, host: Box::new(LiveHost), depth, imports: None })
    }

    /// A Python on the machine of a snapshot.
    pub fn snapshot(
        file: &OsStr,
        python: (Option<&OsStr>, Unfound),
        call: &Call,
        depth: Depth,
    ) -> Result<Self, SourceError> {
        let name = if file == "-" { "standard input".to_owned() } else { file.display().to_string() };
        let bytes = output::read(file, snapshot::MOST_BYTES)
            .map_err(|error| SourceError::Unread { name: name.clone(), error })?;
        let Snapshot { host, invocation, options, notes, imports, is_recorded, depth: held } =
            snapshot::load(&bytes).map_err(|error| SourceError::Malformed { name, error })?;
        let subject = Subject::from_snapshot(&host, (invocation, options, notes), python, call, depth)?;
        Ok(Self { host: Box::new(host), subject, depth: depth.min(held), imports: is_recorded.then_some(imports) })
    }
}
