//! A host that passes every lookup on to another host and notes the answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use super::path::{Flavor, module};
use super::{
    Access, Binary, FileKind, Hive, Host, HostError, Machine, Metadata, Platform, Process, ProgramKind, RegistryKey,
};

/// `MAXSYMLINKS` of Linux.
const MOST_LINKS: usize = 40;

/// The most that is kept of a file that was opened to read parts of it.
const MOST_KEPT: u64 = 16 << 10;

/// What was learned about one real path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// What it names.
    pub kind: FileKind,
    /// Whether a file has an execution bit.
    pub executable: bool,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Where a symlink leads.
    pub target: Option<BString>,
    /// The content of a file, where it was read.
    pub content: Option<Vec<u8>>,
    /// Whether parts of the file were read: archives on `sys.path` are.
    pub opened: bool,
    /// Why its content could not be read.
    pub error: Option<HostError>,
    /// Whether it is a directory that may not be entered.
    pub closed: bool,
    /// What kind of program it is, if the host knows it.
    pub program: Option<ProgramKind>,
    /// Its owner and permissions, if the host knows them.
    pub access: Option<Access>,
}

impl Recorded {
    /// A directory about which nothing else is known.
    pub fn directory() -> Self {
        Self {
            kind: FileKind::Directory,
            executable: false,
            hidden: false,
            target: None,
            content: None,
            opened: false,
            error: None,
            closed: false,
            program: None,
            access: None,
        }
    }
}

/// Notes everything that was learned from another host, so that a machine in memory can give the same answers.
///
/// A question about a path is also one about every symlink on the way, and these are noted too. What does not exist is
/// not noted, and neither are times and disk use, which no startup asks about.
pub struct RecordingHost<'h> {
    host: &'h dyn Host,
    seen: Mutex<BTreeMap<BString, Recorded>>,
    asked: Mutex<HashMap<BString, Result<Metadata, HostError>>>,
    /// How the disk spells a path, by the path without case; used on Windows only.
    spellings: Mutex<HashMap<BString, BString>>,
}

impl<'h> RecordingHost<'h> {
    /// A recorder around `host`, which has noted nothing yet.
    pub fn new(host: &'h dyn Host) -> Self {
        Self { host, seen: Mutex::default(), asked: Mutex::default(), spellings: Mutex::default() }
    }

    /// What was learned, by real path.
    pub fn into_recorded(self) -> BTreeMap<BString, Recorded> {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn flavor(&self) -> Flavor {
        Flavor::of(self.host.platform())
    }

    /// Notes what is on the way to `path`, symlinks included, and what it names; says its real path, where it exists.
    fn visit(&self, path: &BStr, follow: bool) -> Option<BString> {
        let (mut dir, mut names) = match self.flavor() {
            Flavor::Posix => self.split(path),
            // Windows folds `..` before it asks a file system: what it leaves need not exist.
            Flavor::Windows => self.split(module::normpath(Flavor::Windows, path).as_bstr()),
        };
        let mut links = 0;
        while let Some(name) = names.pop() {
            match name.as_slice() {
                b"" | b"." => continue,
                b".." => {
                    // `..` looks up the directory that it leaves.
                    self.note(&dir)?;
                    dir = module::dirname(self.flavor(), dir.as_bstr());
                    continue;
                }
                _ => {}
            }
            let here = self.spelled(self.join(&dir, &name));
            let metadata = match self.ask(&here) {
                Ok(metadata) => metadata,
                Err(HostError::PermissionDenied) => {
                    self.note(&dir)?;
                    self.change(&dir, |recorded| recorded.closed = true);
                    return None;
                }
                Err(_) => return None,
            };
            match metadata.kind {
                FileKind::Symlink if follow || !names.is_empty() => {
                    let target = self.note(&here)?.target?;
                    links += 1;
                    if links > MOST_LINKS {
                        return None;
                    }
                    let (root, further) = self.split(target.as_bstr());
                    if !root.is_empty() {
                        dir = root;
                    }
                    names.extend(further);
                }
                FileKind::Directory => dir = here,
                _ => {
                    self.note(&here)?;
                    return names.is_empty().then_some(here);
                }
            }
        }
        self.note(&dir)?;
        Some(dir)
    }

    /// The root with which `path` begins, and the names below it, the first one last.
    fn split(&self, path: &BStr) -> (BString, Vec<BString>) {
        let flavor = self.flavor();
        let (drive, root, tail) = module::split_root(flavor, path);
        let is_separator = |byte: &u8| *byte == flavor.separator() || *byte == b'/';
        let names = tail.split(is_separator).map(BString::from).rev().collect();
        let mut start = BString::from([drive.as_bytes(), root.as_bytes()].concat());
        if flavor == Flavor::Windows {
            start = module::normcase(flavor, start.as_bstr());
            start.make_ascii_uppercase();
        }
        (start, names)
    }

    fn join(&self, dir: &BString, name: &BString) -> BString {
        let separator = self.flavor().separator();
        let mut path = dir.clone();
        if path.last() != Some(&separator) {
            path.push(separator);
        }
        path.extend_from_slice(name);
        path
    }

    /// The path as the disk spells it, so that a file is noted once: on Windows, names compare without case.
    fn spelled(&self, path: BString) -> BString {
        if self.flavor() == Flavor::Posix {
            return path;
        }
        let folded = module::normcase(Flavor::Windows, path.as_bstr());
        if let Some(known) = lock(&self.spellings).get(&folded) {
            return known.clone();
        }
        let is_same = |real: &BString| module::normcase(Flavor::Windows, real.as_bstr()) == folded;
        let spelled = self.host.real_path(path.as_bstr()).ok().filter(is_same).unwrap_or(path);
        lock(&self.spellings).insert(folded, spelled.clone());
        spelled
    }

    /// `lstat`, called once.
    fn ask(&self, path: &BString) -> Result<Metadata, HostError> {
        if let Some(known) = lock(&self.asked).get(path) {
            return known.clone();
        }
        let result = self.host.link_metadata(path.as_bstr());
        lock(&self.asked).insert(path.clone(), result.clone());
        result
    }

    /// Notes what the real path `path` names.
    fn note(&self, path: &BString) -> Option<Recorded> {
        if let Some(known) = lock(&self.seen).get(path) {
            return Some(known.clone());
        }
        let metadata = self.ask(path).ok()?;
        let (mut target, mut error) = (None, None);
        if metadata.kind == FileKind::Symlink {
            match self.host.read_link(path.as_bstr()) {
                Ok(to) => target = Some(to),
                Err(reason) => error = Some(reason),
            }
        }
        let recorded = Recorded {
            kind: metadata.kind,
            executable: metadata.executable && metadata.kind == FileKind::File,
            hidden: metadata.hidden,
            target,
            content: None,
            opened: false,
            error,
            closed: false,
            program: self.host.program(path.as_bstr()),
            access: metadata.access,
        };
        lock(&self.seen).insert(path.clone(), recorded.clone());
        Some(recorded)
    }

    fn change(&self, path: &BString, change: impl FnOnce(&mut Recorded)) {
        if let Some(recorded) = lock(&self.seen).get_mut(path) {
            change(recorded);
        }
    }

    /// Notes that `path` was listed: a directory is recorded by what it holds.
    fn note_listing(&self, path: &BStr, listing: Result<&[BString], &HostError>) {
        let Some(real) = self.visit(path, true) else { return };
        match listing {
            Ok(names) => names.iter().for_each(|name| {
                self.note(&self.spelled(self.join(&real, name)));
            }),
            Err(error) => self.change(&real, |recorded| {
                recorded.error = own_error(recorded.kind, error).or(recorded.error.take());
            }),
        }
    }

    /// Notes the content of `path`, or why there is none.
    fn keep(&self, path: &BStr, content: &Result<Vec<u8>, HostError>) {
        let Some(real) = self.visit(path, true) else { return };
        self.change(&real, |recorded| match content {
            Ok(content) if recorded.kind == FileKind::File => recorded.content = Some(content.clone()),
            Ok(_) => {}
            Err(error) => recorded.error = own_error(recorded.kind, error).or(recorded.error.take()),
        });
    }
}

/// What a thread that panicked has left is whole: each note is made in one step.
fn lock<T>(notes: &Mutex<T>) -> MutexGuard<'_, T> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The error, unless it follows from what the path names.
fn own_error(kind: FileKind, error: &HostError) -> Option<HostError> {
    match error {
        HostError::WouldBlock(_) | HostError::Unanswered | HostError::Truncated => None,
        HostError::IsADirectory if kind == FileKind::Directory => None,
        HostError::NotADirectory if kind != FileKind::Directory => None,
        other => Some(other.clone()),
    }
}

impl Host for RecordingHost<'_> {
    fn platform(&self) -> Platform {
        self.host.platform()
    }

    fn machine(&self) -> Option<Machine> {
        self.host.machine()
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.visit(path, true);
        self.host.metadata(path)
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.visit(path, false);
        self.host.link_metadata(path)
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        self.visit(path, false);
        self.host.read_link(path)
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        let content = self.host.read(path, limit);
        self.keep(path, &content);
        content
    }

    fn read_if(&self, path: &BStr, limit: u64, is_wanted: &dyn Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        let content = self.host.read_if(path, limit, is_wanted)?;
        self.keep(path, &Ok(content.clone()));
        Some(content)
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        let listing = self.host.list_dir(path);
        match &listing {
            Ok(names) => self.note_listing(path, Ok(names)),
            Err(error) => self.note_listing(path, Err(error)),
        }
        listing
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        let mut names = Vec::new();
        let listing = self.host.visit_dir(path, &mut |name, kind| {
            names.push(name.to_owned());
            visit(name, kind);
        });
        self.note_listing(path, listing.as_ref().map(|()| names.as_slice()));
        listing
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        self.visit(path, true);
        self.host.real_path(path)
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        let binary = self.host.open(path);
        match &binary {
            // A small file is kept as a whole, so that any part of it can be read later.
            Ok(binary) if binary.size() <= MOST_KEPT => {
                let content = binary.read_at(0, usize::try_from(binary.size()).unwrap_or_default());
                self.keep(path, &content);
            }
            Ok(_) => {
                if let Some(real) = self.visit(path, true) {
                    self.change(&real, |recorded| recorded.opened = true);
                }
            }
            Err(error) => self.keep(path, &Err(error.clone())),
        }
        binary
    }

    fn may_execute(&self, path: &BStr) -> bool {
        self.visit(path, true);
        self.host.may_execute(path)
    }

    fn variable(&self, name: &str) -> Option<BString> {
        self.host.variable(name)
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        self.host.current_dir()
    }

    fn removed_dir(&self) -> Option<BString> {
        self.host.removed_dir()
    }

    fn registry(&self, hive: Hive, winver: &BStr) -> Option<RegistryKey> {
        self.host.registry(hive, winver)
    }

    fn locale_encoding(&self) -> Option<String> {
        self.host.locale_encoding()
    }

    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        self.host.program(path)
    }

    fn is_partial(&self) -> bool {
        self.host.is_partial()
    }

    fn now(&self) -> Option<SystemTime> {
        self.host.now()
    }

    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        self.host.capabilities(path)
    }

    fn process(&self) -> Process {
        self.host.process()
    }

    fn account_home(&self) -> Option<BString> {
        self.host.account_home()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;

    #[test]
    fn windows_folds_dots_before_anything_is_looked_up() {
        for typed in [r"C:\v\gone\..\python.exe", "C:/v/./gone/x/../../PYTHON.exe", r"C:\v\python.exe\..\python.exe"] {
            let machine = MemoryHost::new(Platform::Windows).executable(r"C:\v\python.exe");
            let recorder = RecordingHost::new(&machine);
            assert!(recorder.metadata(typed.into()).is_ok(), "{typed}");
            let names: Vec<_> = recorder.into_recorded().into_keys().collect();
            assert_eq!(names, [r"C:\v\python.exe"], "{typed}");
        }
    }
}
