//! Every environment below some directories, on any machine: a parallel walk finds them and asks the least of the machine,
//! and the same threads examine what was found while the walk goes on.
//!
//! ```
//! use std::sync::Mutex;
//! use venv_doctor::{MemoryHost, Platform, Progress, ScanEvent, ScanOptions, scan};
//!
//! let host = MemoryHost::new(Platform::Linux)
//!     .file("/w/app/.venv/pyvenv.cfg", "home = /opt/python/bin\n")
//!     .symlink("/w/app/.venv/bin/python", "/opt/python/bin/python3.12")
//!     .cwd("/w");
//! let broken = Mutex::new(Vec::new());
//! scan(&host, &ScanOptions::new(["/w"]), &Progress::default(), &|event| {
//!     if let ScanEvent::Environment(environment) = event {
//!         if !environment.is_healthy() {
//!             broken.lock().unwrap().push(environment.root);
//!         }
//!     }
//! })?;
//! assert_eq!(broken.into_inner().unwrap(), ["/w/app/.venv"]);
//! # Ok::<(), venv_doctor::ScanError>(())
//! ```

mod bases;
mod exclude;
mod find;
mod inspect;
mod known;
mod look;
mod options;
mod paths;
mod progress;
mod prune;
mod shared;
mod size;
#[cfg(feature = "cli")]
mod totals;

use bstr::BString;
use thiserror::Error;

pub use exclude::{Exclude, PatternError};
#[cfg(feature = "internals")]
pub use find::{Found, find};
pub use inspect::{Environment, Tally};
pub use look::Mark;
pub use options::Options;
pub use progress::Progress;
#[cfg(feature = "internals")]
pub use prune::{PRUNED_ANYWHERE, PRUNED_ROOTS};
pub use size::{LastUse, PackageSize, Shared, Sign, Size};
#[cfg(feature = "cli")]
pub use totals::{Duplicate, Totals};

use crate::host::{Host, HostError};

/// What a scan tells while it runs: from several threads, in no particular order.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Event {
    /// An environment, examined.
    Environment(Box<Environment>),
    /// A directory that could not be listed, and why.
    Unreadable(BString, HostError),
}

/// Why there is no scan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The threads that walk and examine cannot be started.
    #[error("cannot start the threads of the scan: {0}")]
    Threads(String),
}

/// Finds and examines environments on the machine `host`, and passes every event to `tell` as it happens.
///
/// `progress` says how far the scan has come, and stops it.
///
/// # Errors
/// Where the threads cannot be started.
pub fn scan(
    host: &dyn Host,
    options: &Options,
    progress: &Progress,
    tell: &(dyn Fn(Event) + Sync),
) -> Result<(), ScanError> {
    let inspector = inspect::Inspector::new(host, options);
    find::find(
        host,
        options,
        progress,
        &|found| inspector.inspect(&found).into_iter().for_each(|it| tell(Event::Environment(Box::new(it)))),
        &|dir, error| tell(Event::Unreadable(dir, error)),
    )
}
