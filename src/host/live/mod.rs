//! The machine that this process runs on.
//!
//! This directory is the one place of the library that may touch the file system and the environment. Reads are bounded,
//! and nothing that could block is opened. What writes is in `change.rs` and `store.rs`.
#![allow(clippy::disallowed_methods, reason = "this is where the host's answers come from")]

mod attributes;
mod change;
#[cfg(feature = "cli")]
mod store;

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::SystemTime;

use bstr::{BStr, BString};
use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::libc;
use nix::unistd::{AccessFlags, Uid, User, faccessat, getegid, geteuid, getgid, getuid};
use walkdir::WalkDir;

#[cfg(feature = "cli")]
pub use attributes::Attributes;
#[cfg(feature = "cli")]
pub use store::{Lock, Store, store_dir};

use super::{
    Access, Binary, FileKind, Host, HostError, Machine, Metadata, Platform, Process, WalkEntry, WalkOptions, WalkState,
    walk,
};

/// The most names that one directory listing may hold.
const MOST_NAMES: usize = 1 << 20;

/// The live machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct LiveHost;

fn native(path: &BStr) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

fn kind(metadata: &fs::Metadata) -> FileKind {
    match kind_by_type(metadata.file_type()) {
        FileKind::Device if metadata.file_type().is_char_device() && metadata.rdev() == NULL_DEVICE => FileKind::Null,
        kind => kind,
    }
}

/// The kind as a directory listing tells it, which knows no device numbers.
fn kind_by_type(file_type: fs::FileType) -> FileKind {
    if file_type.is_file() {
        FileKind::File
    } else if file_type.is_dir() {
        FileKind::Directory
    } else if file_type.is_symlink() {
        FileKind::Symlink
    } else if file_type.is_fifo() {
        FileKind::Fifo
    } else if file_type.is_socket() {
        FileKind::Socket
    } else if file_type.is_char_device() || file_type.is_block_device() {
        FileKind::Device
    } else {
        FileKind::Other
    }
}

/// How `st_blocks` counts, whatever the blocks of the file system are.
const BLOCK: u64 = 512;

/// `/dev/null` is character device 1:3 on Linux; elsewhere no device is taken for it.
const NULL_DEVICE: u64 = if cfg!(target_os = "linux") { 0x103 } else { u64::MAX };

fn reduce(metadata: &fs::Metadata) -> Metadata {
    Metadata {
        kind: kind(metadata),
        executable: metadata.mode() & 0o111 != 0,
        len: metadata.len(),
        hidden: is_hidden(metadata),
        identity: Some((metadata.dev(), metadata.ino())),
        device: Some(metadata.dev()),
        access: Some(Access {
            mode: u16::try_from(metadata.mode() & 0o7777).unwrap_or_default(),
            owner: metadata.uid(),
            group: Some(metadata.gid()),
            links: metadata.nlink(),
        }),
        modified: metadata.modified().ok(),
        allocated: Some(metadata.blocks() * BLOCK),
    }
}

#[cfg(target_os = "macos")]
fn is_hidden(metadata: &fs::Metadata) -> bool {
    use std::os::macos::fs::MetadataExt;
    metadata.st_flags() & libc::UF_HIDDEN != 0
}

#[cfg(not(target_os = "macos"))]
fn is_hidden(_metadata: &fs::Metadata) -> bool {
    false
}

/// Opens a regular file without ever blocking; the second look guards against a swap between the two.
fn open_regular(path: &BStr) -> Result<Option<(File, u64)>, HostError> {
    let path = native(path);
    for_reading(&fs::metadata(path)?)?;
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?;
    let metadata = file.metadata()?;
    Ok(for_reading(&metadata)?.then_some((file, metadata.len())))
}

/// Whether there is anything to read: the null device is empty, and pipes and devices are errors.
fn for_reading(metadata: &fs::Metadata) -> Result<bool, HostError> {
    match kind(metadata) {
        FileKind::File => Ok(true),
        FileKind::Null => Ok(false),
        FileKind::Directory => Err(HostError::IsADirectory),
        other => Err(HostError::WouldBlock(other)),
    }
}

impl Host for LiveHost {
    fn platform(&self) -> Platform {
        if cfg!(target_os = "macos") { Platform::Macos } else { Platform::Linux }
    }

    fn machine(&self) -> Option<Machine> {
        let elf = match env::consts::ARCH {
            "x86" => 3,
            "arm" => 40,
            "powerpc64" => 21,
            "s390x" => 22,
            "x86_64" => 62,
            "aarch64" => 183,
            "riscv64" => 243,
            "loongarch64" => 258,
            _ => return None,
        };
        Some(Machine { elf, is_64: cfg!(target_pointer_width = "64") })
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        Ok(reduce(&fs::metadata(native(path))?))
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        Ok(reduce(&fs::symlink_metadata(native(path))?))
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        match fs::read_link(native(path)) {
            Ok(target) => Ok(target.into_os_string().into_vec().into()),
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => Err(HostError::NotALink),
            Err(error) => Err(error.into()),
        }
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        let Some((mut file, size)) = open_regular(path)? else { return Ok(Vec::new()) };
        if size > limit {
            return Err(HostError::TooLarge { limit });
        }
        let size = usize::try_from(size).unwrap_or(0);
        let mut content = vec![0; size + 1];
        let length = match file.read(&mut content) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            length => length?,
        };
        content.truncate(length);
        // A read that brings what the size promised, and no byte more, has come to the end.
        if length != size || size == 0 {
            file.take((limit + 1).saturating_sub(length as u64)).read_to_end(&mut content)?;
        }
        if content.len() as u64 > limit { Err(HostError::TooLarge { limit }) } else { Ok(content) }
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(native(path))? {
            if names.len() == MOST_NAMES {
                return Err(HostError::TooLarge { limit: MOST_NAMES as u64 });
            }
            names.push(entry?.file_name().into_vec().into());
        }
        Ok(names)
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        for entry in fs::read_dir(native(path))? {
            let entry = entry?;
            let kind = entry.file_type().map_or(FileKind::Other, kind_by_type);
            visit(BStr::new(entry.file_name().as_bytes()), kind);
        }
        Ok(())
    }

    fn walk(&self, root: &BStr, options: WalkOptions, visit: &mut dyn FnMut(WalkEntry<'_>) -> WalkState) {
        // Where symlinks are followed, walkdir opens every directory on the way again for each of them.
        if options.follow_symlinks {
            return walk::walk(self, root, options, visit);
        }
        let most = options.max_depth.unwrap_or(usize::MAX);
        let mut entries = WalkDir::new(native(root)).follow_root_links(true).max_depth(most).into_iter();
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry else { continue };
            let is_root = entry.depth() == 0;
            let kind = match kind_by_type(entry.file_type()) {
                FileKind::Symlink if is_root && entry.path().is_dir() => FileKind::Directory,
                kind => kind,
            };
            if is_root && kind != FileKind::Directory {
                return;
            }
            let path = BStr::new(entry.path().as_os_str().as_bytes());
            match visit(WalkEntry { path, depth: entry.depth(), kind, is_followed: false }) {
                WalkState::Skip if kind == FileKind::Directory => entries.skip_current_dir(),
                WalkState::Continue | WalkState::Skip => {}
                WalkState::Quit => return,
            }
        }
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        Ok(fs::canonicalize(native(path))?.into_os_string().into_vec().into())
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        let (file, size) = open_regular(path)?.ok_or(HostError::Truncated)?;
        Ok(Box::new(OpenFile { file, size }))
    }

    fn may_execute(&self, path: &BStr) -> bool {
        faccessat(AT_FDCWD, native(path), AccessFlags::X_OK, AtFlags::AT_EACCESS).is_ok()
    }

    fn variable(&self, name: &str) -> Option<BString> {
        env::var_os(name).map(|value| value.into_vec().into())
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        Ok(env::current_dir()?.into_os_string().into_vec().into())
    }

    fn is_reached_relatively(&self, dir: &BStr) -> bool {
        let is_hidden = || matches!(self.metadata(dir), Err(HostError::PermissionDenied));
        is_hidden() && self.current_dir().is_ok_and(|own| own == dir)
    }

    fn removed_dir(&self) -> Option<BString> {
        let link = fs::read_link("/proc/self/cwd").ok()?.into_os_string().into_vec();
        Some(link.strip_suffix(b" (deleted)")?.into())
    }

    #[cfg(target_os = "linux")]
    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        // `struct vfs_ns_cap_data`, the longest form, has 24 bytes.
        let mut value = [0; 64];
        let len = rustix::fs::getxattr(native(path), "security.capability", &mut value).ok()?;
        Some(value.get(..len)?.to_vec())
    }

    fn process(&self) -> Process {
        Process { uid: getuid().as_raw(), euid: geteuid().as_raw(), gid: getgid().as_raw(), egid: getegid().as_raw() }
    }

    fn account_home(&self) -> Option<BString> {
        let user = User::from_uid(Uid::current()).ok()??;
        Some(user.dir.into_os_string().into_vec().into())
    }

    fn now(&self) -> Option<SystemTime> {
        Some(SystemTime::now())
    }
}

struct OpenFile {
    file: File,
    size: u64,
}

impl Binary for OpenFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, HostError> {
        if offset.checked_add(len as u64).is_none_or(|end| end > self.size) {
            return Err(HostError::Truncated);
        }
        let mut bytes = vec![0; len];
        match self.file.read_exact_at(&mut bytes, offset) {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(HostError::Truncated),
            Err(error) => Err(error.into()),
        }
    }
}
