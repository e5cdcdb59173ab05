//! Every environment below some directories: found by a parallel walk that asks the least of the disk, and examined in the same
//! pool of threads as the walk goes on.

mod bases;
mod inspect;
mod known;
mod look;
mod prune;
mod shared;
mod size;
mod walk;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::SystemTime;

use bstr::BString;

pub use inspect::{Environment, Tally};
pub use look::Mark;
pub use prune::{PRUNED_ANYWHERE, PRUNED_ROOTS};
pub use size::Size;
pub use walk::{Found, find, find_one_by_one};

/// What is looked for, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directories to look in.
    pub dirs: Vec<PathBuf>,
    /// How deep below them; no bound where none is given. 0 is the directories themselves.
    pub depth: Option<usize>,
    /// Directories that are left out.
    pub exclude: globset::GlobSet,
    /// Whether to stay on the file system of each directory.
    pub one_file_system: bool,
    /// Whether to look inside the libraries of environments, where others may be nested.
    pub nested: bool,
    /// Whether links to directories are followed.
    pub follow: bool,
    /// Whether directories in which no environment can stand are left out.
    pub prune: bool,
    /// Whether installations are wanted too, and not only environments.
    pub interpreters: bool,
    /// The threads that walk and examine; as many as there are processors where none is given.
    pub threads: Option<usize>,
    /// How far each environment is examined.
    pub depth_of_examination: crate::Depth,
    /// Whether disk use is summed up.
    pub size: bool,
}

/// What a scan tells while it runs: from several threads, in no particular order.
#[derive(Clone, Debug)]
pub enum Event {
    /// An environment, examined.
    Environment(Box<Environment>),
    /// A directory that could not be listed, and why.
    Unreadable(BString, String),
}

/// How far a scan has come, for whoever watches it, and the wish that it end.
#[derive(Debug, Default)]
pub struct Progress {
    dirs: AtomicUsize,
    environments: AtomicUsize,
    stopped: AtomicBool,
}

impl Progress {
    /// The directories that have been listed.
    pub fn dirs(&self) -> usize {
        self.dirs.load(Ordering::Relaxed)
    }

    /// The environments that have been found.
    pub fn environments(&self) -> usize {
        self.environments.load(Ordering::Relaxed)
    }

    /// Lets the scan end with what it has: nothing new is begun.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was told to end.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(super) fn listed(&self) {
        self.dirs.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn found(&self) {
        self.environments.fetch_add(1, Ordering::Relaxed);
    }
}

/// Finds and examines, and tells every event to `tell` as it happens.
///
/// # Errors
/// Where the threads cannot be started.
pub fn scan(
    options: &Options,
    progress: &Progress,
    tell: &(dyn Fn(Event) + Sync),
) -> Result<(), rayon::ThreadPoolBuildError> {
    let now = SystemTime::now();
    let inspector = inspect::Inspector::new(options, now);
    walk::find(
        options,
        progress,
        &|found| {
            tell(Event::Environment(Box::new(inspector.inspect(&found))));
        },
        &|dir, error| tell(Event::Unreadable(dir, error)),
    )
}
