//! Every question that may be put to a machine, and the kinds of machine that can answer.
//!
//! The rest of the library is forbidden (by clippy's `disallowed-methods`) to reach the file system, the
//! environment or a process in any other way. Hosts answer about absolute paths only: [`Lookups`] makes relative
//! ones absolute against the working directory of the invocation, logs each lookup and keeps each answer.

mod change;
mod error;
mod file;
#[cfg(feature = "live")]
mod live;
mod lookups;
mod memory;
pub mod mounts;
#[cfg(feature = "live")]
pub mod os;
mod overlay;
pub mod path;
mod reader;
mod recorder;
mod rooted;
mod walk;

use std::collections::BTreeMap;
use std::time::SystemTime;

use bstr::{BStr, BString};

pub use change::Change;
pub use error::HostError;
pub use file::{Access, FileKind, Metadata};
#[cfg(feature = "live")]
pub use live::LiveHost;
#[cfg(feature = "cli")]
pub use live::{Attributes, Lock, Store, store_dir};
pub use lookups::{Answer, Lookup, Lookups, Op};
#[cfg(feature = "internals")]
pub(crate) use memory::Content;
pub use memory::MemoryHost;
pub use overlay::OverlayHost;
pub use reader::BinaryReader;
pub use recorder::{Recorded, RecordingHost};
pub use rooted::RootedHost;
pub(crate) use walk::Identity;
pub use walk::{WalkEntry, WalkOptions, WalkState};

/// The operating system whose rules hold: paths, loaders, startup code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Platform {
    /// Linux and other systems without rules of their own.
    Linux,
    /// macOS, with frameworks and `_NSGetExecutablePath`.
    Macos,
    /// Windows, with drive letters, the registry and names that compare without case.
    Windows,
}

impl Platform {
    /// The name used in both JSON documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Macos => "macos",
            Self::Windows => "windows",
        }
    }
}

/// The processor that the machine runs, as ELF's `e_machine` numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Machine {
    /// ELF machine number (`EM_X86_64` = 62, `EM_AARCH64` = 183, …).
    pub elf: u16,
    /// Whether 64-bit programs run.
    pub is_64: bool,
}

impl Machine {
    /// ELF's number of x86-64.
    pub(crate) const X86_64: u16 = 62;
    /// ELF's number of the processors that Linux calls aarch64 and macOS arm64.
    pub(crate) const AARCH64: u16 = 183;
}

/// The identity of the process that would start Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Real user.
    pub uid: u32,
    /// Effective user.
    pub euid: u32,
    /// Real group.
    pub gid: u32,
    /// Effective group.
    pub egid: u32,
}

/// A root of the Windows registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hive {
    /// `HKEY_CURRENT_USER`, which is read first.
    CurrentUser,
    /// `HKEY_LOCAL_MACHINE`.
    LocalMachine,
}

impl Hive {
    /// The name that Windows gives it, used in the snapshot.
    pub fn name(self) -> &'static str {
        match self {
            Self::CurrentUser => "HKEY_CURRENT_USER",
            Self::LocalMachine => "HKEY_LOCAL_MACHINE",
        }
    }
}

/// The `PythonPath` key of a hive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct RegistryKey {
    /// Its own default value.
    pub value: Option<BString>,
    /// The default values of its subkeys, in the order of their upper-cased names.
    pub subkeys: Vec<BString>,
}

/// What an executable file is, where the host says so and its bytes need not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProgramKind {
    /// A Python.
    Python,
    /// The redirector that `venv` puts into environments on Windows: it starts the Python of `home`.
    VenvLauncher,
    /// A text file that another program interprets.
    Script,
}

/// A file opened for random access, so that only a few header bytes of a large binary need be read.
pub trait Binary {
    /// The size of the file in bytes.
    fn size(&self) -> u64;

    /// Reads exactly `len` bytes at `offset`.
    ///
    /// # Errors
    /// Any [`HostError`] of reading; a range beyond the end is [`HostError::Truncated`].
    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, HostError>;
}

/// Every question that may be asked of a machine: by the simulation of startup, by the rules, and by `scan`.
///
/// All paths are absolute. No answer may block, and none may run anything. Several threads may ask at the same time.
pub trait Host: Sync {
    /// The operating system whose rules hold.
    fn platform(&self) -> Platform;

    /// The processor, where the host knows it.
    fn machine(&self) -> Option<Machine>;

    /// `stat`: follows symlinks.
    ///
    /// # Errors
    /// The error of the operating system.
    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError>;

    /// `lstat`: describes a symlink itself.
    ///
    /// # Errors
    /// The error of the operating system.
    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError>;

    /// `readlink`: the target as written.
    ///
    /// # Errors
    /// [`HostError::NotALink`] where the path exists and is no symlink.
    fn read_link(&self, path: &BStr) -> Result<BString, HostError>;

    /// The whole content of a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// [`HostError::TooLarge`] beyond `limit`; [`HostError::WouldBlock`] for pipes, sockets and devices.
    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError>;

    /// The content of a file where `is_wanted` says so of it; none where it cannot be read. A recorder notes nothing else.
    fn read_if(&self, path: &BStr, limit: u64, is_wanted: &dyn Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        self.read(path, limit).ok().filter(|content| is_wanted(content))
    }

    /// The names in a directory, without `.` and `..`, in no particular order.
    ///
    /// # Errors
    /// The error of the operating system.
    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError>;

    /// Calls `visit` with the name and the kind of each entry of a directory, without `.` and `..`, in no particular order.
    ///
    /// The kind is what the listing itself says (`d_type`): no symlink is followed, and nothing more is asked about an
    /// entry, so that a walk costs one listing for each directory. What cannot be told is [`FileKind::Other`].
    ///
    /// # Errors
    /// What the system answered. Where that happens in the midst of the listing, some entries have been visited.
    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        walk::visit_names(self, path, visit)
    }

    /// Walks the directory `root` in one thread: calls `visit` for it and for everything below it, each directory before its
    /// entries.
    ///
    /// A symlink at `root` is followed, those below it as `options` say; with them followed, no directory is entered below
    /// itself. Where `root` is no directory, nothing is visited, and where a directory cannot be listed, nothing in it is:
    /// [`Host::visit_dir`] says why.
    fn walk(&self, root: &BStr, options: WalkOptions, visit: &mut dyn FnMut(WalkEntry<'_>) -> WalkState) {
        walk::walk(self, root, options, visit);
    }

    /// `realpath(3)`: every symlink resolved.
    ///
    /// # Errors
    /// The error of the operating system.
    fn real_path(&self, path: &BStr) -> Result<BString, HostError>;

    /// Opens a regular file for reading parts of it.
    ///
    /// # Errors
    /// As [`Host::read`].
    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError>;

    /// Whether the process may execute the file (`faccessat(…, X_OK, AT_EACCESS)`).
    fn may_execute(&self, path: &BStr) -> bool;

    /// An environment variable of the process that would start Python.
    fn variable(&self, name: &str) -> Option<BString>;

    /// Those of the named variables that are set. What would have to search the environment for each goes through it once.
    fn variables(&self, names: &[&str]) -> BTreeMap<String, BString> {
        names.iter().filter_map(|&name| Some((name.to_owned(), self.variable(name)?))).collect()
    }

    /// The working directory.
    ///
    /// # Errors
    /// [`HostError::NotFound`] where it has been removed.
    fn current_dir(&self) -> Result<BString, HostError>;

    /// The path that the working directory had before it was removed; none where it exists, or where its path is not known.
    ///
    /// What it was in still exists for the operating system: from a removed directory, `..` leads to where it was.
    fn removed_dir(&self) -> Option<BString> {
        None
    }

    /// Whether `dir` is the working directory of this process, and its absolute path leads through a directory that may not
    /// be searched. Relative paths then lead to files that no absolute path reaches.
    fn is_reached_relatively(&self, dir: &BStr) -> bool {
        let _ = dir;
        false
    }

    /// The default values below `Software\Python\PythonCore\<winver>\PythonPath` of a registry hive; none where
    /// there is no such key, as on every system but Windows.
    fn registry(&self, hive: Hive, winver: &BStr) -> Option<RegistryKey> {
        let _ = (hive, winver);
        None
    }

    /// The encoding of the locale (on Windows, its code page); none where variables decide.
    fn locale_encoding(&self) -> Option<String> {
        None
    }

    /// What kind of program the file is, symlinks followed; none where its bytes have to tell.
    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        let _ = path;
        None
    }

    /// The capabilities that a program brings along (`security.capability`, as the kernel stores them); none where it has
    /// none, or the host does not know.
    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        let _ = path;
        None
    }

    /// Whether it holds only what was recorded or written down, so that a file that does not exist there may exist on the
    /// machine that it describes.
    fn is_partial(&self) -> bool {
        false
    }

    /// The present time, against which the age of a file is measured; none where no time passes, as in a snapshot.
    fn now(&self) -> Option<SystemTime> {
        None
    }

    /// User and group of the process.
    fn process(&self) -> Process;

    /// The home directory of the process's user in the account database (`pwd.getpwuid(os.getuid()).pw_dir`).
    fn account_home(&self) -> Option<BString>;
}
