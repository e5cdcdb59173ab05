//! Changes of an imagined machine. Nothing is written anywhere.

use bstr::{BStr, BString, ByteSlice};

use super::walk::{LastLink, Place};
use super::{Change, Entry, FileKind, HostError, Kind, Metadata, OverlayHost};
use crate::host::path::{Flavor, module};
use crate::host::{Access, Host};

/// So many entries of a directory that is moved are looked at; a larger one is not moved.
const MOST_MOVED: usize = 200_000;

impl OverlayHost<'_> {
    /// The bits that were set for what is at a path.
    pub(super) fn mode_of(&self, path: &BStr, last: LastLink) -> Option<u16> {
        if self.modes.is_empty() {
            return None;
        }
        let place = self.walk(path, last).place.ok()?.into_path();
        self.modes.get(&self.key(&place)).copied()
    }

    /// What is known about a file, with the bits that were set for it.
    pub(super) fn with_mode(&self, path: &BStr, last: LastLink, metadata: Metadata) -> Metadata {
        let Some(mode) = self.mode_of(path, last) else { return metadata };
        let unknown = || {
            let process = self.base.process();
            Access { mode, owner: process.euid, group: Some(process.egid), links: 1 }
        };
        let access = Access { mode, ..metadata.access.unwrap_or_else(unknown) };
        Metadata { executable: mode & 0o111 != 0, access: Some(access), ..metadata }
    }

    /// The real path of a name in a directory that exists.
    fn name_in(&self, path: &BStr) -> Result<BString, HostError> {
        let (parent, name) = module::split(self.flavor, path);
        if name.is_empty() || name == "." || name == ".." {
            return Err(HostError::IsADirectory);
        }
        if self.metadata(parent.as_bstr())?.kind != FileKind::Directory {
            return Err(HostError::NotADirectory);
        }
        let parent = self.walk(parent.as_bstr(), LastLink::Followed).place?.into_path();
        Ok(self.join(&parent, &name))
    }

    fn kind_at(&self, path: &BStr) -> Option<FileKind> {
        self.link_metadata(path).ok().map(|metadata| metadata.kind)
    }

    /// What is at a path, as it can be put elsewhere.
    fn taken(&self, path: &BStr) -> Result<Kind, HostError> {
        let walked = self.walk(path, LastLink::Kept);
        Ok(match walked.place? {
            Place::Change(Entry { kind, .. }) => match kind {
                Kind::Removed => return Err(HostError::NotFound),
                Kind::Directory => Kind::Directory,
                Kind::File { content, executable } => Kind::File { content: content.clone(), executable: *executable },
                Kind::Symlink { target } => Kind::Symlink { target: target.clone() },
                Kind::Moved { from } => Kind::Moved { from: from.clone() },
            },
            Place::Base(from) => match self.base.link_metadata(from.as_bstr())?.kind {
                FileKind::Directory => Kind::Directory,
                _ => Kind::Moved { from },
            },
        })
    }

    /// Everything at and below a path, each directory before what is in it.
    fn tree(&self, path: &BString) -> Result<Vec<BString>, HostError> {
        let mut found = vec![path.clone()];
        let mut next = 0;
        while let Some(path) = found.get(next).cloned() {
            next += 1;
            if found.len() > MOST_MOVED {
                return Err(HostError::TooLarge { limit: MOST_MOVED as u64 });
            }
            if self.kind_at(path.as_bstr()) == Some(FileKind::Directory) {
                found.extend(self.list_dir(path.as_bstr())?.iter().map(|name| self.join(&path, name)));
            }
        }
        Ok(found)
    }
}

impl Change for OverlayHost<'_> {
    fn write(&mut self, path: &BStr, content: &[u8]) -> Result<(), HostError> {
        self.name_in(path)?;
        match self.kind_at(path) {
            Some(FileKind::Directory) => return Err(HostError::IsADirectory),
            Some(FileKind::File) | None => {}
            Some(kind) => return Err(HostError::WouldBlock(kind)),
        }
        // The live machine keeps the bits of what it replaces.
        let mode = self.link_metadata(path).ok().and_then(|metadata| metadata.access).map(|access| access.mode);
        self.add_file(path, content)?;
        match mode {
            Some(mode) => self.set_mode(path, mode),
            None => Ok(()),
        }
    }

    fn symlink(&mut self, path: &BStr, target: &BStr) -> Result<(), HostError> {
        let place = self.name_in(path)?;
        if self.kind_at(path) == Some(FileKind::Directory) {
            return Err(HostError::IsADirectory);
        }
        self.put(&place, Kind::Symlink { target: target.to_owned() }, false);
        Ok(())
    }

    fn remove(&mut self, path: &BStr) -> Result<(), HostError> {
        if OverlayHost::remove(self, path)? { Ok(()) } else { Err(HostError::NotFound) }
    }

    fn rename(&mut self, path: &BStr, to: &BStr) -> Result<(), HostError> {
        let (old, new) = (self.name_in(path)?, self.name_in(to)?);
        if self.kind_at(to).is_some() {
            return Err(HostError::Exists);
        }
        let separator = Flavor::of(self.platform()).separator();
        if new.strip_prefix(old.as_slice()).is_some_and(|rest| rest.first() == Some(&separator)) {
            // A directory cannot be moved into itself.
            return Err(HostError::InvalidPath);
        }
        let mut moved = Vec::new();
        for one in self.tree(&old)? {
            let place = BString::from([new.as_slice(), &one[old.len()..]].concat());
            moved.push((place, self.taken(one.as_bstr())?, self.mode_of(one.as_bstr(), LastLink::Kept)));
        }
        self.put(&old, Kind::Removed, false);
        for (place, kind, mode) in moved {
            self.put(&place, kind, false);
            if let Some(mode) = mode {
                self.modes.insert(self.key(&place), mode);
            }
        }
        Ok(())
    }

    fn make_dir(&mut self, path: &BStr) -> Result<(), HostError> {
        let place = self.name_in(path)?;
        if self.kind_at(path).is_some() {
            return Err(HostError::Exists);
        }
        self.put(&place, Kind::Directory, false);
        Ok(())
    }

    fn set_mode(&mut self, path: &BStr, mode: u16) -> Result<(), HostError> {
        let kind = self.link_metadata(path)?.kind;
        if !matches!(kind, FileKind::File | FileKind::Directory) {
            return Err(HostError::WouldBlock(kind));
        }
        let place = self.name_in(path)?;
        self.modes.insert(self.key(&place), mode);
        Ok(())
    }
}
