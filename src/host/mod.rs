//! Every lookup that startup may make on a machine, and the kinds of machine that can answer.
//!
//! The rest of the library is forbidden (by clippy's `disallowed-methods`) to reach the file system, the
//! environment or a process in any other way. Hosts answer about absolute paths only: [`Lookups`] makes relative
//! ones absolute against the working directory of the invocation, logs each lookup and keeps each answer.

mod error;
mod live;
mod lookups;
mod memory;
mod overlay;
pub mod path;
mod reader;
mod recorder;

use bstr::{BStr, BString};

pub use error::HostError;
pub use live::LiveHost;
pub use lookups::{Answer, Lookup, Lookups, Op};
pub use memory::MemoryHost;
pub use overlay::OverlayHost;
pub use reader::BinaryReader;
pub use recorder::{Recorded, RecordingHost};

/// The operating system whose rules hold: paths, loaders, startup code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symlink; only [`Host::link_metadata`] reports it.
    Symlink,
    /// A named pipe: reading one could block forever.
    Fifo,
    /// A socket.
    Socket,
    /// A device: reading one could block or have effects.
    Device,
    /// The null device, which reads as empty at once.
    Null,
    /// Anything else.
    Other,
}

/// The answer to `stat` and `lstat`, reduced to what startup uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What the path names.
    pub kind: FileKind,
    /// Whether any of the three execution bits is set (`st_mode & 0o111`), as `isxfile` of getpath looks it up.
    pub executable: bool,
    /// The size in bytes.
    pub len: u64,
    /// Whether the file carries macOS's `UF_HIDDEN` flag or Windows' hidden attribute.
    pub hidden: bool,
    /// Device and inode numbers where the host has them: two paths with the same pair are the same file.
    pub identity: Option<(u64, u64)>,
    /// Its owner and permissions, if the host knows them.
    pub access: Option<Access>,
}

/// Owner and permissions of a file according to its mode, without access-control lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The permission bits with set-user-ID, set-group-ID and sticky (`st_mode & 0o7777`).
    pub mode: u16,
    /// The user that owns it.
    pub owner: u32,
    /// The number of names that the file has, its hard links (`st_nlink`).
    pub links: u64,
}

/// The processor that the machine runs, as ELF's `e_machine` numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// ELF machine number (`EM_X86_64` = 62, `EM_AARCH64` = 183, …).
    pub elf: u16,
    /// Whether 64-bit programs run.
    pub is_64: bool,
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
pub struct RegistryKey {
    /// Its own default value.
    pub value: Option<BString>,
    /// The default values of its subkeys, in the order of their upper-cased names.
    pub subkeys: Vec<BString>,
}

/// What an executable file is, if that is known without reading its bytes.
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

/// Every lookup that startup may make on a machine.
///
/// All paths are absolute. No answer may block, and none may run anything.
pub trait Host {
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
    /// [`HostError::NotALink`] if the path exists but is not a symlink.
    fn read_link(&self, path: &BStr) -> Result<BString, HostError>;

    /// The whole content of a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// [`HostError::TooLarge`] beyond `limit`; [`HostError::WouldBlock`] for pipes, sockets and devices.
    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError>;

    /// The names in a directory, without `.` and `..`, in no particular order.
    ///
    /// # Errors
    /// The error of the operating system.
    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError>;

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

    /// The working directory.
    ///
    /// # Errors
    /// [`HostError::NotFound`] where it has been removed.
    fn current_dir(&self) -> Result<BString, HostError>;

    /// The default values below `Software\Python\PythonCore\<winver>\PythonPath` of a registry hive; none where
    /// there is no such key, as on every system but Windows.
    fn registry(&self, hive: Hive) -> Option<RegistryKey> {
        let _ = hive;
        None
    }

    /// What kind of program the file is, symlinks followed; none if only its bytes can show that.
    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        let _ = path;
        None
    }

    /// The directories with a `pyvenv.cfg` at most `depth` levels below `directory`, for suggestions when the
    /// user mistyped a path. Only the live machine searches for them; it follows no symlinks.
    fn environments_below(&self, dir: &BStr, depth: usize) -> Vec<BString> {
        let _ = (dir, depth);
        Vec::new()
    }

    /// User and group of the process.
    fn process(&self) -> Process;

    /// The home directory of the process's user in the account database (`pwd.getpwuid(os.getuid()).pw_dir`).
    fn account_home(&self) -> Option<BString>;
}
