//! The walk with many threads: a task for each directory, in whatever order the threads come to them.

use std::collections::HashSet;
use std::sync::Mutex;

use bstr::{BStr, BString, ByteSlice};
use rayon::{Scope, ThreadPoolBuilder};

use super::super::look::{Listing, Mark};
use super::super::{ScanError, prune};
use super::{Found, Search};
use crate::host::{FileKind, Identity, Metadata};

/// What all threads share.
struct Walk<'a> {
    search: &'a Search<'a>,
    /// The directories that were entered; kept only where symlinks are followed.
    entered: Mutex<HashSet<Identity>>,
}

/// A directory that is to be listed.
struct Task {
    path: BString,
    /// Whether no component of the path is a symlink.
    is_real: bool,
    depth: usize,
    /// Whether the directory above is known to be an environment.
    is_in_environment: bool,
    /// The file system on which the walk began, where it may not leave it.
    device: Option<u64>,
}

pub(super) fn search(search: &Search<'_>) -> Result<(), ScanError> {
    let threads = search.options.threads.unwrap_or(0);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| ScanError::Threads(error.to_string()))?;
    let walk = Walk { search, entered: Mutex::default() };
    pool.scope(|scope| {
        for dir in &search.options.dirs {
            let device = search.device(dir.as_bstr());
            walk.enter(scope, Task { path: dir.clone(), is_real: false, depth: 0, is_in_environment: false, device });
        }
    });
    Ok(())
}

impl<'a> Walk<'a> {
    fn enter<'s>(&'s self, scope: &Scope<'s>, task: Task)
    where
        'a: 's,
    {
        scope.spawn(move |scope| self.visit(scope, &task));
    }

    fn visit<'s>(&'s self, scope: &Scope<'s>, task: &Task)
    where
        'a: 's,
    {
        let search = self.search;
        if search.progress.is_stopped() || !self.may_enter(task) {
            return;
        }
        let listing = match search.list(task.path.as_bstr()) {
            Ok(listing) => listing,
            Err(error) => return search.complain(task.path.clone(), task.depth, error),
        };
        search.progress.listed();
        // To resolve every path costs its length squared for each level of a deep tree.
        let path = if task.is_real { task.path.clone() } else { search.known_as(task.path.as_bstr()) };
        let mark = listing.own_mark(search.paths.name(path.as_bstr()));
        if let Some(mark) = mark {
            self.tell(scope, path.as_bstr(), mark);
        } else if let Some((root, mark)) = search.environment_above(&listing, path.as_bstr(), task.is_in_environment) {
            self.tell(scope, root, mark);
        }
        if search.options.depth.is_none_or(|most| task.depth < most) {
            if let Some((root, mark)) = search.in_place(&listing, path.as_bstr()) {
                self.tell(scope, root.as_bstr(), mark);
            }
            self.descend(scope, task, path.as_bstr(), listing, mark.is_some());
        }
    }

    /// Enters the directories in `path`.
    fn descend<'s>(&'s self, scope: &Scope<'s>, task: &Task, path: &BStr, listing: Listing, is_environment: bool)
    where
        'a: 's,
    {
        let search = self.search;
        let dirs = listing.dirs.into_iter().map(|name| (name, search.options.follow));
        for (name, is_real) in dirs.chain(listing.symlinks.into_iter().map(|name| (name, false))) {
            let is_own = is_environment && prune::is_own(name.as_bstr()) && !search.options.nested;
            if is_own || search.is_left_out(path, name.as_bstr()) {
                continue;
            }
            let path = search.paths.join(path, name.as_bstr());
            let depth = task.depth + 1;
            self.enter(scope, Task { path, is_real, depth, is_in_environment: is_environment, device: task.device });
        }
    }

    /// What is found is examined by whichever thread has nothing to walk.
    fn tell<'s>(&'s self, scope: &Scope<'s>, root: &BStr, mark: Mark)
    where
        'a: 's,
    {
        if !self.search.is_wanted(mark) {
            return;
        }
        self.search.progress.found();
        let found = Found { root: root.to_owned(), mark };
        scope.spawn(move |_| (self.search.found)(found));
    }

    /// Whether the directory is on the right file system and was not entered before under another name.
    fn may_enter(&self, task: &Task) -> bool {
        let follow = self.search.options.follow;
        if task.device.is_none() && !follow {
            return true;
        }
        let Ok(metadata) = self.search.host.metadata(task.path.as_bstr()) else {
            // A symlink that leads nowhere is no directory. Where anything else fails, the listing that follows says why.
            return !follow || task.is_real || task.depth == 0;
        };
        let is_elsewhere = task.device.is_some() && task.device != metadata.device;
        if metadata.kind != FileKind::Directory || is_elsewhere {
            return false;
        }
        !follow || self.is_new(task.path.as_bstr(), &metadata)
    }

    /// Whether the directory is entered for the first time, which is remembered.
    fn is_new(&self, path: &BStr, metadata: &Metadata) -> bool {
        let identity = Identity::known(metadata).unwrap_or_else(|| Identity::RealPath(self.search.known_as(path)));
        self.entered.lock().is_ok_and(|mut entered| entered.insert(identity))
    }
}
