//! The walk in one thread, by the host's own way of walking: each directory is listed once more to decide about it.
//!
//! It shares neither order nor bookkeeping with the parallel walk, so that tests can compare the two.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::super::look::Mark;
use super::super::prune;
use super::{Found, Search};
use crate::host::{FileKind, WalkEntry, WalkOptions, WalkState};

pub(super) fn search(search: &Search<'_>) {
    for dir in &search.options.dirs {
        if let Err(error) = search.host.metadata(dir.as_bstr()) {
            search.complain(dir.clone(), 0, error);
        }
        let options = WalkOptions { follow_symlinks: search.options.follow, max_depth: search.options.depth };
        let device = search.device(dir.as_bstr());
        let mut walk = Walk { search, device, environments: Vec::new(), way: Vec::new(), told: HashSet::new() };
        search.host.walk(dir.as_bstr(), options, &mut |entry| walk.visit(entry));
    }
}

struct Walk<'a> {
    search: &'a Search<'a>,
    /// The file system on which the walk began, where it may not leave it.
    device: Option<u64>,
    /// The depths of the environments that hold the current directory.
    environments: Vec<usize>,
    /// The paths under which the directories are known that hold the current one, the outermost first.
    way: Vec<BString>,
    told: HashSet<BString>,
}

impl Walk<'_> {
    fn visit(&mut self, entry: WalkEntry<'_>) -> WalkState {
        if self.search.progress.is_stopped() {
            return WalkState::Quit;
        }
        if entry.kind != FileKind::Directory {
            return WalkState::Continue;
        }
        self.environments.retain(|&depth| depth < entry.depth);
        let is_in_environment = self.environments.last().is_some_and(|depth| depth + 1 == entry.depth);
        self.way.truncate(entry.depth);
        if !self.may_enter(entry, is_in_environment) {
            return WalkState::Skip;
        }
        let search = self.search;
        let listing = match search.list(entry.path) {
            Ok(listing) => listing,
            Err(error) => {
                search.complain(entry.path.to_owned(), entry.depth, error);
                return WalkState::Skip;
            }
        };
        search.progress.listed();
        let path = self.known_as(entry);
        if let Some(mark) = listing.own_mark(search.paths.name(path.as_bstr())) {
            self.environments.push(entry.depth);
            self.tell(path.as_bstr(), mark);
        } else if let Some((root, mark)) = search.environment_above(&listing, path.as_bstr(), is_in_environment) {
            self.tell(root, mark);
        }
        if search.options.depth.is_none_or(|most| entry.depth < most)
            && let Some((root, mark)) = search.in_place(&listing, path.as_bstr())
        {
            self.tell(root.as_bstr(), mark);
        }
        self.way.push(path);
        WalkState::Continue
    }

    /// The path under which a directory is known. To resolve every path costs its length squared for each level of a deep
    /// tree, so only what a symlink leads to is resolved.
    fn known_as(&self, entry: WalkEntry<'_>) -> BString {
        match self.way.last() {
            Some(parent) if !entry.is_followed => {
                self.search.paths.join(parent.as_bstr(), self.search.paths.name(entry.path))
            }
            _ => self.search.known_as(entry.path),
        }
    }

    fn may_enter(&self, entry: WalkEntry<'_>, is_in_environment: bool) -> bool {
        let search = self.search;
        if entry.depth > 0 {
            let name = search.paths.name(entry.path);
            let parent = self.way.last().cloned().unwrap_or_default();
            let is_own = is_in_environment && prune::is_own(name) && !search.options.nested;
            if is_own || search.is_left_out(parent.as_bstr(), name) {
                return false;
            }
        }
        self.device.is_none() || self.device == search.device(entry.path)
    }

    fn tell(&mut self, root: &BStr, mark: Mark) {
        let search = self.search;
        if search.is_wanted(mark) && self.told.insert(root.to_owned()) {
            search.progress.found();
            (search.found)(Found { root: root.to_owned(), mark });
        }
    }
}
