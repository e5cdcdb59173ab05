//! Snapshots: every lookup of the startup of one Python, written down with its answer.
//!
//! [`record`] makes a snapshot of a machine, and [`load`] makes a machine of a snapshot. What a snapshot does not list does
//! not exist. What it lists without content has unknown content, and a resolution that needs it says so.

mod archive;
mod convert;
mod discreet;
pub mod document;
mod error;
mod load;
mod map;
mod parse;
mod record;
mod redact;
mod text;
mod write;

use bstr::BString;

use crate::environment::Depth;
use crate::host::{Host, MemoryHost};
use crate::invocation::Invocation;
use crate::startup::Options;

#[cfg(feature = "internals")]
pub use document::SCHEMA;
pub use document::schema;
pub use error::{Place, SnapshotError};
pub use load::load;
#[cfg(feature = "cli")]
pub use parse::MOST_BYTES;
pub use record::record;
pub use redact::redact;
#[cfg(feature = "cli")]
pub use redact::unread;
pub use write::write;

/// A snapshot that has been read: a machine, and how Python is called on it.
///
/// ```
/// let document = br#"{
///     "schema": "venv-doctor/snapshot/1",
///     "platform": "linux",
///     "cwd": "/w",
///     "executable": "/w/.venv/bin/python",
///     "interpreter": {"implementation": "cpython", "version": "3.12.1"},
///     "files": [
///         {"path": "/usr/bin/python3.12", "type": "file", "executable": true},
///         {"path": "/usr/lib/python3.12/encodings/__init__.py", "type": "file"},
///         {"path": "/usr/lib/python3.12/os.py", "type": "file"},
///         {"path": "/w/.venv/bin/python", "type": "symlink", "target": "/usr/bin/python3.12"},
///         {"path": "/w/.venv/pyvenv.cfg", "type": "file", "text": "home = /usr/bin\n"}
///     ]
/// }"#;
/// let snapshot = venv_doctor::Snapshot::load(document)?;
/// let explanation = venv_doctor::explain(&snapshot.host, &snapshot.invocation, &snapshot.options);
/// assert_eq!(explanation.resolution.sys.as_ref().map(|sys| sys.base_prefix.as_slice()), Some(&b"/usr"[..]));
/// # Ok::<(), venv_doctor::SnapshotError>(())
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Snapshot {
    /// The machine.
    pub host: MemoryHost,
    /// How Python is called.
    pub invocation: Invocation,
    /// What is known about the interpreter.
    pub options: Options,
    /// How the arguments of the recording were interpreted.
    pub notes: Vec<BString>,
    /// The imports of which everything that `which` looks up was recorded.
    pub imports: Vec<BString>,
    /// Whether it was recorded on a machine, so that what nobody looked up there is not in it.
    pub is_recorded: bool,
    /// Whether it contains what is installed. One that somebody wrote lists everything there is.
    pub has_installed: bool,
    /// How deep a check can go with what the document contains.
    pub depth: Depth,
}

impl Snapshot {
    /// Reads a snapshot (`venv-doctor/snapshot/1`).
    ///
    /// # Errors
    /// Where the document is malformed: the error names the place.
    pub fn load(document: &[u8]) -> Result<Self, SnapshotError> {
        load(document)
    }

    /// Writes down everything that `host` is asked while `invocation` is explained (or, at [`Depth::Environment`],
    /// checked), as one JSON document that [`Snapshot::load`] reads.
    pub fn record(host: &dyn Host, invocation: &Invocation, options: &Options, depth: Depth) -> Vec<u8> {
        write(&record(host, invocation, options, &[], (depth, &[])))
    }

    /// The same with the names of users and home directories replaced, the same everywhere.
    pub fn record_redacted(host: &dyn Host, invocation: &Invocation, options: &Options, depth: Depth) -> Vec<u8> {
        write(&redact(record(host, invocation, options, &[], (depth, &[]))))
    }

    /// The JSON Schema of the document.
    pub fn schema() -> String {
        schema()
    }
}
