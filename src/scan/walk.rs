//! The walk: every directory is listed once, what its names tell is decided, and only then is it left for the directories in it.
//!
//! A directory costs the system calls of a listing and no other. Whoever wants to stay on one file system or follows links
//! pays one more for each directory, to learn its identity.
#![allow(clippy::disallowed_methods, reason = "a walk lists the directories of this machine, as the live host does")]

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use bstr::BString;
use rayon::{Scope, ThreadPoolBuilder};
use walkdir::WalkDir;

use super::look::{Listing, Mark};
use super::{Options, Progress, prune};

/// An environment or an installation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its directory.
    pub root: PathBuf,
    /// By what it is known.
    pub mark: Mark,
}

/// Whom the walk tells of an environment.
type OnFound<'a> = dyn Fn(Found) + Sync + 'a;
/// Whom it tells of a directory that could not be listed, and why.
type OnUnreadable<'a> = dyn Fn(BString, String) + Sync + 'a;

/// What all threads of a walk share.
struct Walk<'a> {
    options: &'a Options,
    progress: &'a Progress,
    found: &'a OnFound<'a>,
    unreadable: &'a OnUnreadable<'a>,
    /// The directories that were entered, by device and inode; kept only where links are followed.
    entered: Mutex<HashSet<(u64, u64)>>,
}

/// A directory that is to be listed.
struct Task {
    path: PathBuf,
    depth: usize,
    /// Whether the directory above is known to be an environment.
    above: bool,
    /// The device of the directory from which the walk began, where it may not be left.
    device: Option<u64>,
}

/// Walks with many threads and tells what is found as it is found; what is told runs in the same threads.
///
/// # Errors
/// Where the threads cannot be started.
pub fn find(
    options: &Options,
    progress: &Progress,
    found: &OnFound<'_>,
    unreadable: &OnUnreadable<'_>,
) -> Result<(), rayon::ThreadPoolBuildError> {
    if options.threads == Some(1) {
        find_one_by_one(options, progress, found, unreadable);
        return Ok(());
    }
    let pool = ThreadPoolBuilder::new().num_threads(options.threads.unwrap_or(0)).build()?;
    let walk = Walk { options, progress, found, unreadable, entered: Mutex::default() };
    pool.scope(|scope| {
        for dir in &options.dirs {
            let path = dir.clone();
            let device = options.one_file_system.then(|| fs::metadata(&path).ok()).flatten().map(|it| it.dev());
            walk.enter(scope, Task { path, depth: 0, above: false, device });
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
        if self.progress.is_stopped() || !self.may_enter(task) {
            return;
        }
        let listing = match list(&task.path, self.options.follow) {
            Ok(listing) => listing,
            Err(error) => return self.complain(task, &error),
        };
        self.progress.listed();
        let path = known_as(self.options, &task.path);
        let name = path.file_name().unwrap_or_default();
        let mark = listing.own_mark(name);
        if let Some(mark) = mark {
            self.tell(scope, &path, mark);
        } else if let Some((root, mark)) = environment_above(self.options, &listing, &path, task.above) {
            self.tell(scope, root, mark);
        }
        if self.options.depth.is_some_and(|most| task.depth >= most) {
            return;
        }
        for dir in listing.dirs {
            let own = mark.is_some() && prune::is_own(&dir) && !self.options.nested;
            if own || is_left_out(self.options, name, &dir, || path.join(&dir)) {
                continue;
            }
            let next =
                Task { path: path.join(&dir), depth: task.depth + 1, above: mark.is_some(), device: task.device };
            self.enter(scope, next);
        }
    }

    /// What is found is examined by whichever thread has nothing to walk.
    fn tell<'s>(&'s self, scope: &Scope<'s>, root: &Path, mark: Mark)
    where
        'a: 's,
    {
        if mark == Mark::Installation && !self.options.interpreters {
            return;
        }
        self.progress.found();
        let found = Found { root: root.to_owned(), mark };
        scope.spawn(move |_| (self.found)(found));
    }

    /// Whether the directory is on the right device and was not entered before under another name.
    fn may_enter(&self, task: &Task) -> bool {
        if task.device.is_none() && !self.options.follow {
            return true;
        }
        let Ok(metadata) = fs::metadata(&task.path) else {
            // A link that leads nowhere; what is no link is missed by the listing that follows.
            return !self.options.follow;
        };
        if !metadata.is_dir() || task.device.is_some_and(|device| device != metadata.dev()) {
            return false;
        }
        let Ok(mut entered) = self.entered.lock() else { return false };
        !self.options.follow || entered.insert((metadata.dev(), metadata.ino()))
    }

    fn complain(&self, task: &Task, error: &io::Error) {
        // What was removed since it was listed is no loss.
        if task.depth == 0 || error.kind() != io::ErrorKind::NotFound {
            (self.unreadable)(task.path.as_os_str().as_bytes().into(), error.to_string());
        }
    }
}

/// Whether no directory of this name is entered, by the list of those that are pruned or by the wish of the user.
fn is_left_out(options: &Options, above: &OsStr, name: &OsStr, path: impl Fn() -> PathBuf) -> bool {
    (options.prune && prune::is_pruned(above, name, &path))
        || (!options.exclude.is_empty() && options.exclude.is_match(path()))
}

/// Whether the directory of programs `name` in `root` stands beside a `bin` that makes the same environment of `root`: that is
/// to be told of once.
fn is_second(options: &Options, root: &Path, name: &OsStr) -> bool {
    let bin = root.join("bin");
    let is_dir = || fs::symlink_metadata(&bin).is_ok_and(|metadata| metadata.is_dir());
    let is_walked = || !is_left_out(options, root.file_name().unwrap_or_default(), OsStr::new("bin"), || bin.clone());
    let is_told = || {
        list(&bin, false).is_ok_and(|listing| {
            let mark = listing.parents_mark(OsStr::new("bin"), false);
            mark.is_some_and(|mark| mark != Mark::Installation || options.interpreters)
        })
    };
    name != "bin" && is_dir() && is_walked() && is_told()
}

/// The path under which a directory is known. With links followed there may be several ways to it, and what is decided about it
/// must not hang on the one that was taken: then it is the real path.
fn known_as(options: &Options, path: &Path) -> PathBuf {
    let real = if options.follow { fs::canonicalize(path).ok() } else { None };
    real.unwrap_or_else(|| path.to_owned())
}

/// The environment above a directory of programs, which tells of it; `above` says whether it is known by a mark of its own.
fn environment_above<'p>(
    options: &Options,
    listing: &Listing,
    path: &'p Path,
    above: bool,
) -> Option<(&'p Path, Mark)> {
    let (name, root) = (path.file_name()?, path.parent()?);
    let mark = listing.parents_mark(name, above)?;
    // Behind a link, the directory above is another than that from which the walk came.
    let is_known = || {
        options.follow && list(root, false).is_ok_and(|it| it.own_mark(root.file_name().unwrap_or_default()).is_some())
    };
    (!is_known() && !is_second(options, root, name)).then_some((root, mark))
}

/// The names in a directory.
fn list(dir: &Path, follow: bool) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        // Where a link leads is learnt when it is entered.
        listing.add(&entry.file_name(), kind.is_dir(), follow && kind.is_symlink());
    }
    Ok(listing)
}

/// The same walk in one thread, by another hand: directory by directory with `walkdir`, each listed once more to decide about it.
pub fn find_one_by_one(options: &Options, progress: &Progress, found: &OnFound<'_>, unreadable: &OnUnreadable<'_>) {
    for dir in &options.dirs {
        one_by_one(dir, options, progress, found, unreadable);
    }
}

fn one_by_one(dir: &Path, options: &Options, progress: &Progress, found: &OnFound<'_>, unreadable: &OnUnreadable<'_>) {
    let mut seen = HashSet::new();
    let mut tell = |root: &Path, mark: Mark| {
        let root = root.to_owned();
        if (mark != Mark::Installation || options.interpreters) && seen.insert(root.clone()) {
            progress.found();
            found(Found { root, mark });
        }
    };
    let mut walk = WalkDir::new(dir)
        .follow_links(options.follow)
        .follow_root_links(true)
        .same_file_system(options.one_file_system)
        .max_depth(options.depth.unwrap_or(usize::MAX))
        .into_iter();
    // The environments above the directory at hand, by their depth.
    let mut above: Vec<usize> = Vec::new();
    while let Some(entry) = walk.next() {
        if progress.is_stopped() {
            return;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(dir).as_os_str().as_bytes().into();
                if error.loop_ancestor().is_none()
                    && error.io_error().is_some_and(|it| it.kind() != io::ErrorKind::NotFound)
                {
                    unreadable(path, error.to_string());
                }
                continue;
            }
        };
        if !entry.file_type().is_dir() {
            continue;
        }
        let (path, depth) = (entry.path(), entry.depth());
        above.retain(|&environment| environment < depth);
        let is_above = above.last().is_some_and(|&environment| environment + 1 == depth);
        let name = path.file_name().unwrap_or_default();
        let dir = path.parent().map(|parent| known_as(options, parent)).unwrap_or_default();
        let parent = dir.file_name().unwrap_or_default();
        let own = is_above && prune::is_own(name) && !options.nested;
        if depth > 0 && (own || is_left_out(options, parent, name, || dir.join(name))) {
            walk.skip_current_dir();
            continue;
        }
        let Ok(listing) = list(path, options.follow) else { continue };
        progress.listed();
        let path = known_as(options, path);
        if let Some(mark) = listing.own_mark(path.file_name().unwrap_or_default()) {
            above.push(depth);
            tell(&path, mark);
        } else if let Some((root, mark)) = environment_above(options, &listing, &path, is_above) {
            tell(root, mark);
        }
    }
}
