//! The journal of this user, opened for writing: locked, and with nothing unfinished in it.

use bstr::{BString, ByteSlice};
use thiserror::Error;

use super::output::Failure;
use crate::host::{Host, HostError, LiveHost, Lock, Platform, Store, store_dir};
use crate::repair::{Journal, recover};
use crate::text::escape::escape;
use crate::text::sentence;

/// The journal while this process alone may change anything.
pub struct Opened {
    /// The journal.
    pub journal: Journal,
    /// Is given up with the process.
    pub lock: Lock,
    /// What was found unfinished.
    pub notes: Vec<BString>,
}

/// Why nothing may be changed.
#[derive(Debug, Error)]
pub enum OpenError {
    /// No variable and no account tells where the journal is.
    #[error("there is no directory for the journal: HOME is not set")]
    Nowhere,
    /// It cannot be written.
    #[error("the journal in {} cannot be used: {error}", escape(.dir.as_bstr()))]
    Unusable {
        /// Its directory.
        dir: BString,
        /// Why.
        error: HostError,
    },
    /// Another process has it.
    #[error("another venv-doctor is changing files right now")]
    Locked,
}

impl Failure for OpenError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Nowhere | Self::Unusable { .. } => {
                let variable = if LiveHost.platform() == Platform::Windows { "LOCALAPPDATA" } else { "XDG_STATE_HOME" };
                vec![format!("set {variable} to a directory that can be written to")]
            }
            Self::Locked => vec!["wait until it has ended".to_owned()],
        }
    }
}

/// Opens the journal, and takes back what was interrupted.
pub fn open() -> Result<Opened, OpenError> {
    let variable = |name: &str| LiveHost.variable(name);
    let dir = store_dir(variable, LiveHost.account_home()).ok_or(OpenError::Nowhere)?;
    let unusable = |error| OpenError::Unusable { dir: dir.clone(), error };
    let store = Store::open(dir.as_bstr()).map_err(unusable)?;
    let lock = store.lock().map_err(unusable)?.ok_or(OpenError::Locked)?;
    let journal = Journal::new(store);
    let (recovered, stuck) = recover(&journal).map_err(unusable)?;
    let recovered =
        recovered.into_iter().map(|id| sentence!("transaction ", id, " was interrupted, and was taken back"));
    let stuck =
        stuck.into_iter().map(|path| sentence!(path, " has changed since it was interrupted, and stays as it is"));
    Ok(Opened { journal, lock, notes: recovered.chain(stuck).collect() })
}
