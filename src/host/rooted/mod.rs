//! Another system's root directory, asked as if it were `/`: an unpacked container image, a mounted rescue disk.
//!
//! What the kernel does after `chroot` is done here name by name: an absolute symlink starts at the root directory again,
//! and `..` does not lead out of it. So no answer comes from outside, whatever the symlinks below the directory say.

mod account;
mod system;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use super::{Binary, FileKind, Host, HostError, Machine, Metadata, Platform, Process};

/// `MAXSYMLINKS` of Linux: the most symlinks that are followed to find one path.
const MOST_LINKS: usize = 40;
/// `PATH_MAX` of Linux, with its terminating NUL.
const LONGEST_PATH: usize = 4096;

/// Whether a symlink at the end of a path is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LastLink {
    Followed,
    Kept,
}

/// A directory of another host that counts as its `/`.
///
/// Variables, user and time are those of the other host, as they are for a program that is started with `chroot`; the
/// account database, the processor and the platform are those of the system in the directory.
#[derive(Debug)]
pub struct RootedHost<H> {
    outer: H,
    /// The real path of the directory on the other host, without a separator at its end.
    root: BString,
    platform: Platform,
    machine: Option<Machine>,
    /// The real paths of directories by the way in which they were asked for.
    directories: Mutex<HashMap<BString, BString>>,
}

impl<H: Host> RootedHost<H> {
    /// The directory `root` of `outer`, as an absolute path.
    ///
    /// # Errors
    /// Where it is no directory, or does not exist.
    pub fn new(outer: H, root: &BStr) -> Result<Self, HostError> {
        let real = outer.real_path(root)?;
        if outer.metadata(real.as_bstr())?.kind != FileKind::Directory {
            return Err(HostError::NotADirectory);
        }
        let root = BString::from(real.trim_end_with(|c| c == '/'));
        let outer_platform = outer.platform();
        let mut host = Self { outer, root, platform: outer_platform, machine: None, directories: Mutex::default() };
        let system = system::of(&host, outer_platform);
        host.platform = system.platform;
        let is_same = system.platform == outer_platform;
        host.machine = system.machine.or_else(|| if is_same { host.outer.machine() } else { None });
        Ok(host)
    }

    /// The path on the other host.
    fn outside(&self, real: &BStr) -> BString {
        bstr::concat([self.root.as_slice(), real]).into()
    }

    /// Where a path leads, as a real path inside; with [`LastLink::Kept`], its last name may be a symlink.
    fn find(&self, path: &BStr, last: LastLink) -> Result<BString, HostError> {
        if path.len() >= LONGEST_PATH {
            return Err(HostError::NameTooLong);
        }
        if path.is_empty() {
            return Err(HostError::NotFound);
        }
        let end = path.rfind_byte(b'/').ok_or(HostError::NotFound)?;
        let (dir, name) = (path[..end].as_bstr(), path[end + 1..].as_bstr());
        if matches!(name.as_bytes(), b"" | b"." | b"..") {
            return self.directory(path);
        }
        let found = join(self.directory(dir)?.as_bstr(), name);
        if last == LastLink::Kept {
            return Ok(found);
        }
        match self.outer.link_metadata(self.outside(found.as_bstr()).as_bstr()) {
            Ok(metadata) if metadata.kind == FileKind::Symlink => self.walk(path),
            Ok(_) => Ok(found),
            Err(error) => Err(error),
        }
    }

    /// The real path of a directory; the empty path is the root.
    fn directory(&self, path: &BStr) -> Result<BString, HostError> {
        if path.iter().all(|&byte| byte == b'/') {
            return Ok("/".into());
        }
        if let Some(known) = self.directories.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
            return Ok(known.clone());
        }
        let real = self.walk(bstr::concat([path, "/".as_bytes()]).as_bstr())?;
        self.directories.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), real.clone());
        Ok(real)
    }

    /// Looks a path up name by name, every symlink followed. The directory reached so far exists.
    fn walk(&self, path: &BStr) -> Result<BString, HostError> {
        let mut reached = BString::from("/");
        let mut names: Vec<BString> = path.rsplit_str("/").map(BString::from).collect();
        let mut links = 0;
        while let Some(name) = names.pop() {
            match name.as_slice() {
                b"" | b"." => continue,
                b".." => {
                    let end = reached.rfind_byte(b'/').unwrap_or(0);
                    reached.truncate(end.max(1));
                    continue;
                }
                _ => {}
            }
            let next = join(reached.as_bstr(), name.as_bstr());
            let outside = self.outside(next.as_bstr());
            match self.outer.link_metadata(outside.as_bstr())?.kind {
                FileKind::Directory => reached = next,
                FileKind::Symlink => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(HostError::SymlinkLoop);
                    }
                    let target = self.outer.read_link(outside.as_bstr())?;
                    if target.starts_with(b"/") {
                        reached.truncate(1);
                    }
                    names.extend(target.rsplit_str("/").map(BString::from));
                }
                _ if names.is_empty() => return Ok(next),
                _ => return Err(HostError::NotADirectory),
            }
        }
        Ok(reached)
    }

    /// What `ask` says of the file on the other host to which a path leads.
    fn followed<T>(&self, path: &BStr, ask: impl FnOnce(&BStr) -> Result<T, HostError>) -> Result<T, HostError> {
        ask(self.outside(self.find(path, LastLink::Followed)?.as_bstr()).as_bstr())
    }
}

/// A name in a directory.
fn join(dir: &BStr, name: &BStr) -> BString {
    let dir = dir.trim_end_with(|c| c == '/');
    bstr::concat([dir, b"/", name.as_bytes()]).into()
}

impl<H: Host> Host for RootedHost<H> {
    fn platform(&self) -> Platform {
        self.platform
    }

    fn machine(&self) -> Option<Machine> {
        self.machine
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.followed(path, |file| self.outer.metadata(file))
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.outer.link_metadata(self.outside(self.find(path, LastLink::Kept)?.as_bstr()).as_bstr())
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        self.outer.read_link(self.outside(self.find(path, LastLink::Kept)?.as_bstr()).as_bstr())
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        self.followed(path, |file| self.outer.read(file, limit))
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        self.followed(path, |dir| self.outer.list_dir(dir))
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        self.followed(path, |dir| self.outer.visit_dir(dir, visit))
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        let real = self.find(path, LastLink::Followed)?;
        self.outer.link_metadata(self.outside(real.as_bstr()).as_bstr())?;
        Ok(real)
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        let file = self.outside(self.find(path, LastLink::Followed)?.as_bstr());
        self.outer.open(file.as_bstr())
    }

    fn may_execute(&self, path: &BStr) -> bool {
        self.followed(path, |file| Ok(self.outer.may_execute(file))).unwrap_or(false)
    }

    fn variable(&self, name: &str) -> Option<BString> {
        self.outer.variable(name)
    }

    /// The working directory of the other host where that is inside, else the root.
    fn current_dir(&self) -> Result<BString, HostError> {
        let inside = self.outer.current_dir().ok().and_then(|dir| {
            let inside = dir.strip_prefix(self.root.as_slice())?;
            inside.starts_with(b"/").then(|| BString::from(inside))
        });
        Ok(inside.unwrap_or_else(|| "/".into()))
    }

    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        let file = self.outside(self.find(path, LastLink::Followed).ok()?.as_bstr());
        self.outer.capabilities(file.as_bstr())
    }

    fn now(&self) -> Option<SystemTime> {
        self.outer.now()
    }

    fn process(&self) -> Process {
        self.outer.process()
    }

    fn account_home(&self) -> Option<BString> {
        account::home(self, self.outer.process().uid)
    }
}
