//! A machine with imagined changes.

mod change;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use super::memory::Content;
use super::path::{Flavor, module};
use super::{
    Binary, Change, FileKind, Hive, Host, HostError, Machine, Metadata, Platform, Process, ProgramKind, RegistryKey,
};
use walk::{LastLink, Place, Seen};

/// The device number in the identity of an imagined file, so that it is the same file as no other.
const NO_DEVICE: u64 = u64::MAX;

/// Another host, with files added, replaced and removed. The other host is never changed.
///
/// Symlinks are followed as the kernel does it, in the changed machine: a file added below a symlink lies in the directory
/// that the symlink leads to, and is found there by every other way. A change at the end of a path concerns the symlink
/// itself, not what it leads to: removing a symlink leaves its target alone, and a file put in its place replaces the
/// symlink. Of several changes to one path, the last one counts.
///
/// Two things are not imitated: a path longer than the system allows is answered by the other host alone, and a symlink
/// whose target that host does not tell is followed at once to its very end.
///
/// ```
/// use venv_doctor::{Host, MemoryHost, OverlayHost, Platform};
///
/// # fn main() -> Result<(), venv_doctor::HostError> {
/// let machine = MemoryHost::new(Platform::Linux).file("/w/.venv/pyvenv.cfg", "home = /usr/bin\n");
/// let mut changed = OverlayHost::new(&machine);
/// changed.add_file("/w/.venv/lib/extra.pth".into(), "/w/src\n")?;
/// changed.remove("/w/.venv/pyvenv.cfg".into())?;
/// assert_eq!(changed.list_dir("/w/.venv".into())?, ["lib"]);
/// assert_eq!(machine.list_dir("/w/.venv".into())?, ["pyvenv.cfg"]);
/// # Ok(())
/// # }
/// ```
pub struct OverlayHost<'h> {
    base: &'h dyn Host,
    flavor: Flavor,
    /// By the key of the real path. Each hides whatever the base has at this path and below it.
    changes: BTreeMap<Vec<u8>, Entry>,
    /// The permission bits that were set, by the key of the real path.
    modes: BTreeMap<Vec<u8>, u16>,
    numbers: u64,
}

/// What is at a path instead of what the base has there.
struct Entry {
    /// The real path.
    path: BString,
    kind: Kind,
    hidden: bool,
    /// Counts as the inode number.
    number: u64,
    /// The file system of the directory that it was put into, where the base knows.
    device: Option<u64>,
}

enum Kind {
    Removed,
    Directory,
    File {
        content: Vec<u8>,
        executable: bool,
    },
    Symlink {
        target: BString,
    },
    /// What the base has at another path, a directory excepted.
    Moved {
        from: BString,
    },
}

/// Changing the machine.
impl<'h> OverlayHost<'h> {
    /// `base` as it is.
    pub fn new(base: &'h dyn Host) -> Self {
        Self { base, flavor: Flavor::of(base.platform()), changes: BTreeMap::new(), modes: BTreeMap::new(), numbers: 0 }
    }

    /// Adds a regular file at `path`, or replaces what is there; its parents become directories. The new file has the
    /// execution bits and the hidden flag of a regular file that it replaces.
    ///
    /// # Errors
    /// Where no file can be: at a root, at a relative path, below symlinks in a loop, in a directory that cannot be searched.
    pub fn add_file(&mut self, path: &BStr, content: impl Into<Vec<u8>>) -> Result<(), HostError> {
        let (directory, name) = self.place(path)?;
        let path = self.join(&directory, &name);
        let (executable, hidden) = match self.look(&directory, &path) {
            Ok(Seen::Base(old)) if old.kind == FileKind::File => (old.executable, old.hidden),
            Ok(Seen::Change(Entry { kind: Kind::File { executable, .. }, hidden, .. })) => (*executable, *hidden),
            Ok(Seen::Change(entry)) if entry.moved_from().is_some() => {
                let old = entry.metadata(self.base);
                (old.executable, old.hidden)
            }
            _ => (false, false),
        };
        self.put(&path, Kind::File { content: content.into(), executable }, hidden);
        Ok(())
    }

    /// Removes `path` and everything below it. Returns whether there was anything.
    ///
    /// # Errors
    /// Where it is unknown what is there, and at a root, which cannot be removed.
    pub fn remove(&mut self, path: &BStr) -> Result<bool, HostError> {
        let bare = path.trim_end_with(|c| c == '/' || (c == '\\' && self.flavor == Flavor::Windows));
        let place = match self.walk(bare.as_bstr(), LastLink::Kept).place {
            Ok(place) => place.into_path(),
            Err(HostError::NotFound | HostError::NotADirectory) if !bare.is_empty() => return Ok(false),
            Err(_) if bare.is_empty() => return Err(HostError::IsADirectory),
            Err(error) => return Err(error),
        };
        if self.is_root(&place) {
            return Err(HostError::IsADirectory);
        }
        self.put(&place, Kind::Removed, false);
        Ok(true)
    }

    /// Puts `kind` at a real path; what was changed below it is forgotten.
    fn put(&mut self, path: &BString, kind: Kind, hidden: bool) {
        let key = self.key(path);
        let separator = self.flavor.separator();
        let start = [key.as_slice(), &[separator]].concat();
        forget_below(&mut self.changes, &start);
        forget_below(&mut self.modes, &start);
        self.modes.remove(&key);
        self.numbers += 1;
        let parent = module::dirname(self.flavor, path.as_bstr());
        let device = self.metadata(parent.as_bstr()).ok().and_then(|metadata| metadata.device);
        let change = Entry { path: self.spelled(path), kind, hidden, number: self.numbers, device };
        self.changes.insert(key, change);
    }

    /// `path` with its parent as the base spells it: on Windows, case is kept though it does not count.
    fn spelled(&self, path: &BString) -> BString {
        let (parent, name) = module::split(self.flavor, path.as_bstr());
        match self.base.real_path(parent.as_bstr()) {
            Ok(parent) if self.flavor == Flavor::Windows => {
                module::join(self.flavor, &[parent.as_bstr(), name.as_bstr()])
            }
            _ => path.clone(),
        }
    }
}

/// Removes what begins with `start`.
fn forget_below<T>(map: &mut BTreeMap<Vec<u8>, T>, start: &[u8]) {
    let below = map.range(start.to_vec()..).take_while(|(path, _)| path.starts_with(start));
    let paths: Vec<Vec<u8>> = below.map(|(path, _)| path.clone()).collect();
    for path in paths {
        map.remove(&path);
    }
}

impl Entry {
    /// Whether it puts something there, and does not merely remove what was.
    fn is_there(&self) -> bool {
        !matches!(self.kind, Kind::Removed)
    }

    fn metadata(&self, base: &dyn Host) -> Metadata {
        let (kind, executable, len) = match &self.kind {
            Kind::File { content, executable } => (FileKind::File, *executable, content.len() as u64),
            Kind::Symlink { target } => (FileKind::Symlink, false, target.len() as u64),
            Kind::Directory | Kind::Removed => (FileKind::Directory, true, 0),
            Kind::Moved { from } => match base.link_metadata(from.as_bstr()) {
                Ok(metadata) => return metadata,
                Err(_) => (FileKind::Other, false, 0),
            },
        };
        Metadata {
            kind,
            executable,
            len,
            hidden: self.hidden,
            identity: Some((NO_DEVICE, self.number)),
            device: self.device,
            access: None,
            modified: None,
            accessed: None,
            allocated: None,
        }
    }

    fn content(&self) -> Result<&[u8], HostError> {
        match &self.kind {
            Kind::File { content, .. } => Ok(content),
            Kind::Directory | Kind::Removed => Err(HostError::IsADirectory),
            Kind::Symlink { .. } | Kind::Moved { .. } => Err(HostError::Unanswered),
        }
    }

    /// Where the base has what is here now.
    fn moved_from(&self) -> Option<&BStr> {
        match &self.kind {
            Kind::Moved { from } => Some(from.as_bstr()),
            _ => None,
        }
    }
}

/// Which host answers a lookup, and for which path.
enum Witness<'o> {
    Change(&'o Entry),
    Base(BString),
}

impl OverlayHost<'_> {
    /// Where no change lies on the way, the base is asked about the path as it is spelled, and its errors are the answer.
    fn witness(&self, path: &BStr, last: LastLink) -> Result<Witness<'_>, HostError> {
        let walked = self.walk(path, last);
        if !walked.touched {
            return Ok(Witness::Base(path.to_owned()));
        }
        Ok(match walked.place? {
            Place::Change(Entry { kind: Kind::Moved { from }, .. }) => Witness::Base(from.clone()),
            Place::Change(change) => Witness::Change(change),
            Place::Base(path) => Witness::Base(self.full(path)),
        })
    }

    /// Where the directory `path` is listed: the path at which the base lists it, if it has it, and its real path.
    fn listed(&self, path: &BStr) -> Result<(Option<BString>, BString), HostError> {
        let walked = self.walk(path, LastLink::Followed);
        match walked.place {
            Ok(Place::Change(Entry {
                kind: Kind::File { .. } | Kind::Moved { .. } | Kind::Symlink { .. }, ..
            })) => Err(HostError::NotADirectory),
            Ok(Place::Change(change)) => Ok((None, change.path.clone())),
            Ok(Place::Base(place)) if walked.touched => Ok((Some(self.full(place.clone())), place)),
            Ok(Place::Base(place)) => Ok((Some(path.to_owned()), place)),
            Err(error) if walked.touched => Err(error),
            // The base has its own reasons.
            Err(_) => Ok((Some(path.to_owned()), path.to_owned())),
        }
    }

    /// What was changed in the directory `place` itself, by the name as it compares.
    fn changes_in(&self, place: &BString) -> HashMap<&[u8], &Entry> {
        let separator = self.flavor.separator();
        let start = [self.key(place).as_slice(), &[separator]].concat();
        let below = self.changes.range(start.clone()..).take_while(|(path, _)| path.starts_with(&start));
        let named = below.map(|(path, change)| (&path[start.len()..], change));
        named.filter(|(name, _)| !name.is_empty() && !name.contains(&separator)).collect()
    }

    fn name(&self, change: &Entry) -> BString {
        module::basename(self.flavor, change.path.as_bstr())
    }
}

impl Host for OverlayHost<'_> {
    fn platform(&self) -> Platform {
        self.base.platform()
    }

    fn machine(&self) -> Option<Machine> {
        self.base.machine()
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        let metadata = match self.witness(path, LastLink::Followed)? {
            Witness::Change(change) => change.metadata(self.base),
            Witness::Base(path) => self.base.metadata(path.as_bstr())?,
        };
        Ok(self.with_mode(path, LastLink::Followed, metadata))
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        let metadata = match self.witness(path, LastLink::Kept)? {
            Witness::Change(change) => change.metadata(self.base),
            Witness::Base(path) => self.base.link_metadata(path.as_bstr())?,
        };
        Ok(self.with_mode(path, LastLink::Kept, metadata))
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        match self.witness(path, LastLink::Kept)? {
            Witness::Change(Entry { kind: Kind::Symlink { target }, .. }) => Ok(target.clone()),
            Witness::Change(_) => Err(HostError::NotALink),
            Witness::Base(path) => self.base.read_link(path.as_bstr()),
        }
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        match self.witness(path, LastLink::Followed)? {
            Witness::Change(change) => match change.content()? {
                content if content.len() as u64 > limit => Err(HostError::TooLarge { limit }),
                content => Ok(content.to_vec()),
            },
            Witness::Base(path) => self.base.read(path.as_bstr(), limit),
        }
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        let (in_base, place) = self.listed(path)?;
        let mut names = in_base.map_or_else(|| Ok(Vec::new()), |path| self.base.list_dir(path.as_bstr()))?;
        let changes = self.changes_in(&place);
        names.retain(|name| !changes.contains_key(&*self.key(name)));
        names.extend(changes.values().filter(|change| change.is_there()).map(|change| self.name(change)));
        Ok(names)
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        let (in_base, place) = self.listed(path)?;
        let changes = self.changes_in(&place);
        if let Some(path) = in_base {
            self.base.visit_dir(path.as_bstr(), &mut |name, kind| {
                if changes.is_empty() || !changes.contains_key(&*self.key(&name.to_owned())) {
                    visit(name, kind);
                }
            })?;
        }
        for change in changes.values().filter(|change| change.is_there()) {
            visit(self.name(change).as_bstr(), change.metadata(self.base).kind);
        }
        Ok(())
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        let walked = self.walk(path, LastLink::Followed);
        if !walked.touched {
            return self.base.real_path(path);
        }
        match walked.place? {
            Place::Change(change) => Ok(self.full(change.path.clone())),
            Place::Base(path) => self.base.real_path(self.full(path).as_bstr()),
        }
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        match self.witness(path, LastLink::Followed)? {
            Witness::Change(change) => Ok(Box::new(Content(change.content()?))),
            Witness::Base(path) => self.base.open(path.as_bstr()),
        }
    }

    fn may_execute(&self, path: &BStr) -> bool {
        if self.mode_of(path, LastLink::Followed).is_some() {
            return self.metadata(path).is_ok_and(|metadata| metadata.executable);
        }
        match self.witness(path, LastLink::Followed) {
            Ok(Witness::Change(change)) => change.metadata(self.base).executable,
            Ok(Witness::Base(path)) => self.base.may_execute(path.as_bstr()),
            Err(_) => false,
        }
    }

    fn variable(&self, name: &str) -> Option<BString> {
        self.base.variable(name)
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        self.base.current_dir()
    }

    fn removed_dir(&self) -> Option<BString> {
        self.base.removed_dir()
    }

    fn registry(&self, hive: Hive, winver: &BStr) -> Option<RegistryKey> {
        self.base.registry(hive, winver)
    }

    fn locale_encoding(&self) -> Option<String> {
        self.base.locale_encoding()
    }

    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        match self.witness(path, LastLink::Followed).ok()? {
            // The bytes of an added file show that.
            Witness::Change(_) => None,
            Witness::Base(path) => self.base.program(path.as_bstr()),
        }
    }

    fn is_partial(&self) -> bool {
        self.base.is_partial()
    }

    fn now(&self) -> Option<SystemTime> {
        self.base.now()
    }

    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        match self.witness(path, LastLink::Followed).ok()? {
            // A file that is written has none.
            Witness::Change(_) => None,
            Witness::Base(path) => self.base.capabilities(path.as_bstr()),
        }
    }

    fn process(&self) -> Process {
        self.base.process()
    }

    fn account_home(&self) -> Option<BString> {
        self.base.account_home()
    }
}
