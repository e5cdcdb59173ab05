//! Finding a path in the changed machine, name by name, as the kernel does it.

use bstr::{BStr, BString, ByteSlice};

use super::super::path::{Flavor, module};
use super::super::{FileKind, HostError, Metadata};
use super::{Entry, Kind, OverlayHost};

/// `MAXSYMLINKS` of Linux: the most symlinks that are followed to find one path.
const MOST_LINKS: usize = 40;
/// `PATH_MAX` of Linux with its terminating NUL; what is longer is left to the base.
const LONGEST_PATH: usize = 4096;

/// Whether a symlink at the end of a path is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLink {
    Followed,
    Kept,
}

/// What is at a real path.
pub(super) enum Seen<'o> {
    Change(&'o Entry),
    Base(Metadata),
}

/// Where a path leads: to a change, or to a real path at which the base has something. A root is spelled without its
/// separator.
pub(super) enum Place<'o> {
    Change(&'o Entry),
    Base(BString),
}

impl Place<'_> {
    /// Its real path.
    pub(super) fn into_path(self) -> BString {
        match self {
            Self::Change(entry) => entry.path.clone(),
            Self::Base(place) => place,
        }
    }
}

/// A path, walked.
pub(super) struct Walked<'o> {
    pub(super) place: Result<Place<'o>, HostError>,
    /// Whether a change lay on the way, so that the base would answer otherwise.
    pub(super) touched: bool,
}

impl OverlayHost<'_> {
    /// Where `path` leads.
    pub(super) fn walk(&self, path: &BStr, last: LastLink) -> Walked<'_> {
        let mut touched = false;
        let place = self.walk_names(path, last, &mut touched);
        Walked { place, touched }
    }

    fn walk_names(&self, path: &BStr, last: LastLink, touched: &mut bool) -> Result<Place<'_>, HostError> {
        if path.len() >= LONGEST_PATH || path.contains(&0) {
            return Err(HostError::InvalidPath);
        }
        let path = self.spelling(path);
        let mut directory = BString::default();
        let mut names = self.enter(path.as_bstr(), &mut directory).ok_or(HostError::NotFound)?;
        let mut links = 0;
        while let Some(name) = names.pop() {
            match name.as_slice() {
                b"" | b"." => continue,
                b".." => {
                    self.leave(&mut directory);
                    continue;
                }
                _ => {}
            }
            let child = self.join(&directory, &name);
            *touched |= self.changes.contains_key(&self.key(&child)) || self.is_changed(&directory);
            let kind = match self.look(&directory, &child)? {
                Seen::Change(change) => change.metadata(self.base).kind,
                Seen::Base(metadata) => metadata.kind,
            };
            match kind {
                FileKind::Directory => directory = child,
                FileKind::Symlink if last == LastLink::Followed || !names.is_empty() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(HostError::SymlinkLoop);
                    }
                    self.follow(&child, &mut directory, &mut names)?;
                }
                _ if names.is_empty() => return Ok(self.at(child)),
                _ => return Err(HostError::NotADirectory),
            }
        }
        Ok(self.at(directory))
    }

    /// What is at a real path at which something is.
    fn at(&self, path: BString) -> Place<'_> {
        match self.changes.get(&self.key(&path)) {
            Some(change) => Place::Change(change),
            None => Place::Base(path),
        }
    }

    /// What is at `path`, a name in the real directory `directory`.
    pub(super) fn look(&self, directory: &BString, path: &BString) -> Result<Seen<'_>, HostError> {
        match self.changes.get(&self.key(path)) {
            Some(Entry { kind: Kind::Removed, .. }) => Err(HostError::NotFound),
            Some(change) => Ok(Seen::Change(change)),
            None if self.is_changed(directory) => Err(HostError::NotFound),
            None => Ok(Seen::Base(self.base.link_metadata(path.as_bstr())?)),
        }
    }

    /// Goes where the symlink at `link` in `directory` leads.
    fn follow(&self, link: &BString, directory: &mut BString, names: &mut Vec<BString>) -> Result<(), HostError> {
        let link = match self.changes.get(&self.key(link)).map(|entry| &entry.kind) {
            Some(Kind::Symlink { target }) => return self.go(target.as_bstr(), directory, names),
            Some(Kind::Moved { from }) => from,
            _ => link,
        };
        // Where the target is not known, the symlink may still be followed.
        let target = self.base.read_link(link.as_bstr()).or_else(|_| self.base.real_path(link.as_bstr()))?;
        self.go(target.as_bstr(), directory, names)
    }

    /// Goes where a target leads that is written in a symlink in `directory`.
    fn go(&self, target: &BStr, directory: &mut BString, names: &mut Vec<BString>) -> Result<(), HostError> {
        if target.is_empty() {
            return Err(HostError::NotFound);
        }
        let target = self.spelling(target);
        match self.enter(target.as_bstr(), directory) {
            Some(further) => names.extend(further),
            None => names.extend(self.names(target.as_bstr())),
        }
        Ok(())
    }

    /// The real directory and the name in it that `path` means. Missing directories are created.
    pub(super) fn place(&mut self, path: &BStr) -> Result<(BString, BString), HostError> {
        if path.contains(&0) {
            return Err(HostError::InvalidPath);
        }
        let path = self.spelling(path);
        let mut directory = BString::default();
        let mut names = self.enter(path.as_bstr(), &mut directory).ok_or(HostError::NotFound)?;
        names.retain(|name| !matches!(name.as_slice(), b"" | b"."));
        if self.base.metadata(self.full(directory.clone()).as_bstr()) == Err(HostError::NotFound) {
            self.put(&directory.clone(), Kind::Directory, false);
        }
        let mut links = 0;
        while let Some(name) = names.pop() {
            if name == ".." {
                self.leave(&mut directory);
                continue;
            }
            if names.is_empty() {
                return Ok((directory, name));
            }
            let child = self.join(&directory, &name);
            let kind = match self.look(&directory, &child) {
                Ok(Seen::Base(metadata)) => Some(metadata.kind),
                Ok(Seen::Change(change)) => Some(change.metadata(self.base).kind),
                Err(HostError::NotFound) => None,
                Err(error) => return Err(error),
            };
            match kind {
                Some(FileKind::Directory) => directory = child,
                Some(FileKind::Symlink) => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(HostError::SymlinkLoop);
                    }
                    self.follow(&child, &mut directory, &mut names)?;
                    names.retain(|name| !matches!(name.as_slice(), b"" | b"."));
                }
                _ => {
                    self.put(&child, Kind::Directory, false);
                    directory = child;
                }
            }
        }
        Err(HostError::IsADirectory)
    }

    /// Whether the changes say what is in this directory: nothing but what was added.
    fn is_changed(&self, directory: &BString) -> bool {
        self.changes.contains_key(&self.key(directory))
    }

    /// Moves to the root that `path` begins with, and returns the names below it, the last one first; `None` where
    /// it begins with none.
    fn enter(&self, path: &BStr, directory: &mut BString) -> Option<Vec<BString>> {
        let (drive, root, tail) = module::split_root(self.flavor, path);
        if !drive.is_empty() {
            *directory = drive.to_owned();
        } else if !root.is_empty() {
            let drive = self.drive_len(directory);
            directory.truncate(drive);
        } else {
            return None;
        }
        Some(self.names(tail))
    }

    /// The names of a path, the last one first.
    fn names(&self, path: &BStr) -> Vec<BString> {
        let separator = self.flavor.separator();
        path.split(|&byte| byte == separator).map(BString::from).rev().collect()
    }

    /// Moves one directory up; above a root there is the root.
    fn leave(&self, directory: &mut BString) {
        let above = directory.rfind_byte(self.flavor.separator()).unwrap_or(0);
        let drive = self.drive_len(directory);
        directory.truncate(above.max(drive));
    }

    fn drive_len(&self, path: &BString) -> usize {
        module::split_root(self.flavor, path.as_bstr()).0.len()
    }

    /// Whether a real path, spelled without a separator at its end, is a root.
    pub(super) fn is_root(&self, path: &BString) -> bool {
        path.len() == self.drive_len(path)
    }

    /// A real path as a host wants it.
    pub(super) fn full(&self, mut path: BString) -> BString {
        if self.is_root(&path) {
            path.push(self.flavor.separator());
        }
        path
    }

    pub(super) fn join(&self, directory: &BString, name: &BString) -> BString {
        let separator = [self.flavor.separator()];
        bstr::concat([directory.as_slice(), &separator, name]).into()
    }

    /// What two spellings of one path have in common.
    pub(super) fn key(&self, path: &BString) -> Vec<u8> {
        module::normcase(self.flavor, path.as_bstr()).into()
    }

    /// `path` as names are taken from it: Windows folds `..` before it asks a file system, and takes `\\?\C:\x` for
    /// `C:\x`.
    fn spelling(&self, path: &BStr) -> BString {
        if self.flavor == Flavor::Posix || path.is_empty() {
            return path.to_owned();
        }
        let path = module::normpath(self.flavor, path);
        match path.strip_prefix(br"\\?\") {
            Some(plain @ [_, b':', ..]) => plain.into(),
            _ => path,
        }
    }
}
