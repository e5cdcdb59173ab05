//! The machine that is asked: the live one, or that of a snapshot.

use std::ffi::{OsStr, OsString};
use std::io;

use crate::host::os::OsStrExt;
use crate::host::{Host, HostError, LiveHost, RootedHost, path};
use crate::snapshot::{self, Snapshot, SnapshotError};
use crate::{Depth, Explanation};
use bstr::{BStr, BString, ByteSlice};
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
    /// Whether it is known what is installed.
    pub has_installed: bool,
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
    /// `--root` names nothing that can be a root directory.
    #[error("invalid value '{}' for '--root <DIR>': {reason}", .dir.display())]
    Root { dir: OsString, reason: HostError },
    /// A snapshot is a machine of its own.
    #[error("--root cannot be used with --snapshot")]
    RootOfSnapshot,
    /// The arguments describe no call of Python.
    #[error(transparent)]
    Subject(#[from] SubjectError),
}

impl Failure for SourceError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Unread { .. } | Self::Root { .. } | Self::RootOfSnapshot => Vec::new(),
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

    /// A Python on this machine, or on the system in the directory of `--root`.
    pub fn live(python: (Option<&OsStr>, Unfound), call: &Call, depth: Depth) -> Result<Self, SourceError> {
        let host = machine(call.root.as_deref())?;
        let subject = Subject::on_machine(host.as_ref(), python, call, depth)?;
        Ok(Self { subject, host, depth, imports: None, has_installed: true })
    }

    /// A Python on the machine of a snapshot.
    pub fn snapshot(
        file: &OsStr,
        python: (Option<&OsStr>, Unfound),
        call: &Call,
        depth: Depth,
    ) -> Result<Self, SourceError> {
        if call.root.is_some() {
            return Err(SourceError::RootOfSnapshot);
        }
        let name = if file == "-" { "standard input".to_owned() } else { file.display().to_string() };
        let bytes = output::read(file, snapshot::MOST_BYTES)
            .map_err(|error| SourceError::Unread { name: name.clone(), error })?;
        let Snapshot { host, invocation, options, notes, imports, is_recorded, has_installed, depth: held } =
            snapshot::load(&bytes).map_err(|error| SourceError::Malformed { name, error })?;
        let subject = Subject::from_snapshot(&host, (invocation, options, notes), python, call, depth)?;
        let imports = is_recorded.then_some(imports);
        Ok(Self { host: Box::new(host), subject, depth: depth.min(held), imports, has_installed })
    }
}

/// A file that was typed, as a path of this machine, whichever machine is asked.
///
/// # Errors
/// Where the working directory is not known.
pub fn here(typed: &BStr) -> Result<BString, HostError> {
    let cwd = LiveHost.current_dir()?;
    Ok(path::concatenate(LiveHost.platform(), cwd.as_bstr(), typed))
}

/// This machine, or the system in a directory of it.
pub fn machine(root: Option<&OsStr>) -> Result<Box<dyn Host>, SourceError> {
    let Some(dir) = root else { return Ok(Box::new(LiveHost)) };
    let rooted = RootedHost::new(LiveHost, BStr::new(dir.as_bytes()));
    Ok(Box::new(rooted.map_err(|reason| SourceError::Root { dir: dir.to_owned(), reason })?))
}

/// The explanation of a system in a directory as it is read here: no command of a fix is shown, since it would change this
/// machine and not that system.
pub fn told_from_outside(root: Option<&OsStr>, explanation: &mut Explanation, notes: &mut Vec<BString>) {
    let Some(dir) = root else { return };
    for fix in explanation.findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
        fix.commands.clear();
    }
    let dir = dir.as_bytes();
    notes.insert(
        0,
        bstr::concat([b"every path is one inside of ".as_slice(), dir, b", where fixes have to be made"]).into(),
    );
}
