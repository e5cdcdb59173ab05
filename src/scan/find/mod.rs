//! Finding environments: every directory is listed once, its entries decide what it is, and only then is it left for the
//! directories in it.
//!
//! A directory costs one listing ([`Host::visit_dir`]) and nothing else. Whoever wants to stay on one file system or follows
//! symlinks pays one question more for each directory, to learn its identity.

mod decide;
mod one_thread;
mod parallel;

use bstr::{BStr, BString};

use super::look::Mark;
use super::paths::Paths;
use super::{Options, Progress, ScanError};
use crate::host::{Host, HostError};

/// An environment or an installation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its directory.
    pub root: BString,
    /// What it was recognized by.
    pub mark: Mark,
}

/// Receives each environment that is found.
type OnFound<'a> = dyn Fn(Found) + Sync + 'a;
/// Receives each directory that could not be listed, and why.
type OnUnreadable<'a> = dyn Fn(BString, HostError) + Sync + 'a;

/// Where to search, for what, and whom to tell.
struct Search<'a> {
    host: &'a dyn Host,
    paths: Paths,
    options: &'a Options,
    progress: &'a Progress,
    found: &'a OnFound<'a>,
    unreadable: &'a OnUnreadable<'a>,
}

/// Finds environments without examining them, and calls `found` and `unreadable` as it goes, in the threads that walk.
///
/// # Errors
/// Where the threads cannot be started.
pub fn find(
    host: &dyn Host,
    options: &Options,
    progress: &Progress,
    found: &OnFound<'_>,
    unreadable: &OnUnreadable<'_>,
) -> Result<(), ScanError> {
    let search = Search { host, paths: Paths::of(host), options, progress, found, unreadable };
    if options.threads == Some(1) {
        one_thread::search(&search);
        return Ok(());
    }
    parallel::search(&search)
}

impl Search<'_> {
    fn complain(&self, dir: BString, depth: usize, error: HostError) {
        // A directory that was removed after it was listed is no loss.
        if depth == 0 || error != HostError::NotFound {
            (self.unreadable)(dir, error);
        }
    }

    /// The file system of a directory, where the walk may not leave it.
    fn device(&self, dir: &BStr) -> Option<u64> {
        if !self.options.one_file_system {
            return None;
        }
        self.host.metadata(dir).ok()?.device
    }

    fn is_wanted(&self, mark: Mark) -> bool {
        mark != Mark::Installation || self.options.interpreters
    }
}
