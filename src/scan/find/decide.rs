//! What the walk decides about a directory, whichever way it came to it.

use bstr::{BStr, BString, ByteSlice};

use super::super::look::{Listing, Mark};
use super::super::prune;
use super::Search;
use crate::environment::{PROJECT_ENVIRONMENT, redirected};
use crate::host::{FileKind, HostError};

impl Search<'_> {
    /// The entries of a directory.
    pub(super) fn list(&self, dir: &BStr) -> Result<Listing, HostError> {
        self.list_following(dir, self.options.follow)
    }

    fn list_following(&self, dir: &BStr, follow: bool) -> Result<Listing, HostError> {
        let mut listing = Listing::default();
        self.host.visit_dir(dir, &mut |name, kind| listing.add(name, kind, follow))?;
        Ok(listing)
    }

    /// Whether the directory `name` in `parent` is not entered, because it is pruned or the user excluded it.
    pub(super) fn is_left_out(&self, parent: &BStr, name: &BStr) -> bool {
        let options = self.options;
        let path = || self.paths.join(parent, name);
        (options.prune && prune::is_pruned(self.paths.name(parent), name, path))
            || (!options.exclude.is_empty() && options.exclude.matches(self.paths.flavor, path().as_bstr()))
    }

    /// The path under which a directory is known. Where symlinks are followed there may be several ways to it, and what is
    /// decided about it must not depend on the one that was taken: then it is the real path.
    pub(super) fn known_as(&self, path: &BStr) -> BString {
        let real = if self.options.follow { self.host.real_path(path).ok() } else { None };
        real.unwrap_or_else(|| path.to_owned())
    }

    /// The environment whose directory of programs `path` is, and what it is recognized by; `is_in_environment` says whether
    /// the directory above is known to be one by a mark of its own.
    pub(super) fn environment_above<'p>(
        &self,
        listing: &Listing,
        path: &'p BStr,
        is_in_environment: bool,
    ) -> Option<(&'p BStr, Mark)> {
        let (name, root) = (self.paths.name(path), self.paths.parent(path)?);
        let mark = listing.parents_mark(name, is_in_environment)?;
        // A walk that came through a symlink has not seen the directory above.
        let has_own_mark = || {
            self.options.follow
                && self.list_following(root, false).is_ok_and(|it| it.own_mark(self.paths.name(root)).is_some())
        };
        (!has_own_mark() && !self.is_second(root, name)).then_some((root, mark))
    }

    /// The file or symlink in the place of a project's environment in `dir`, if it names or leads to an environment, or
    /// should: a path that does not exist is worth to be told.
    pub(super) fn in_place(&self, listing: &Listing, dir: &BStr) -> Option<(BString, Mark)> {
        let kind = listing.in_place?;
        let path = self.paths.join(dir, PROJECT_ENVIRONMENT.into());
        if self.is_left_out(dir, PROJECT_ENVIRONMENT.into()) {
            return None;
        }
        let mark = if kind == FileKind::File { Mark::Redirect } else { Mark::Symlink };
        let is_told = match mark {
            Mark::Redirect => {
                let named = redirected(self.host, path.as_bstr())?;
                named.is_path || self.is_environment(named.dir.as_bstr())
            }
            // What a followed symlink leads to is found by itself.
            _ => match self.host.metadata(path.as_bstr()) {
                Ok(metadata) if metadata.kind == FileKind::File => return None,
                Ok(_) => !self.options.follow && self.is_environment(path.as_bstr()),
                Err(error) => error == HostError::NotFound,
            },
        };
        is_told.then_some((path, mark))
    }

    fn is_environment(&self, dir: &BStr) -> bool {
        self.list_following(dir, false).is_ok_and(|listing| listing.own_mark(self.paths.name(dir)).is_some())
    }

    /// Whether `root` is reported anyway, because of a `bin` next to its directory of programs `name`.
    fn is_second(&self, root: &BStr, name: &BStr) -> bool {
        const BIN: &[u8] = b"bin";
        let bin = self.paths.join(root, BIN.as_bstr());
        let is_dir = || self.host.link_metadata(bin.as_bstr()).is_ok_and(|it| it.kind == FileKind::Directory);
        let is_walked = || !self.is_left_out(root, BIN.as_bstr());
        let is_reported = || {
            self.list_following(bin.as_bstr(), false).is_ok_and(|listing| {
                listing.parents_mark(BIN.as_bstr(), false).is_some_and(|mark| self.is_wanted(mark))
            })
        };
        name != BIN && is_dir() && is_walked() && is_reported()
    }
}
