//! What Unix answers in a way of its own.
#![allow(clippy::disallowed_methods, reason = "this is where the host's answers come from")]

pub(super) mod attributes;
pub(super) mod change;
#[cfg(target_os = "linux")]
pub(super) mod listing;

use std::borrow::Cow;
use std::env;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt};
use std::path::Path;

use bstr::{BStr, BString};
use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::libc;
use nix::unistd::{AccessFlags, Uid, User, faccessat, getegid, geteuid, getgid, getuid};
use rustix::fs::{Mode, OFlags};
use rustix::io::retry_on_intr;

use crate::host::os::{self, into_bytes};
use crate::host::{Access, FileKind, Hive, HostError, Metadata, Platform, Process, ProgramKind, RegistryKey};

/// How `st_blocks` counts, whatever the blocks of the file system are.
const BLOCK: u64 = 512;

/// `/dev/null` is character device 1:3 on Linux; elsewhere no device is taken for it.
const NULL_DEVICE: u64 = if cfg!(target_os = "linux") { 0x103 } else { u64::MAX };

pub(super) const PLATFORM: Platform = if cfg!(target_os = "macos") { Platform::Macos } else { Platform::Linux };

/// The path as the system takes it.
pub(super) fn native(path: &BStr) -> Cow<'_, Path> {
    match os::text(path) {
        Cow::Borrowed(text) => Path::new(text).into(),
        Cow::Owned(text) => Cow::Owned(text.into()),
    }
}

/// What an error of the system means, where its kind does not say.
pub(super) fn meaning(error: &io::Error) -> Option<HostError> {
    // `ErrorKind::FilesystemLoop` is not stable yet.
    (error.raw_os_error() == Some(libc::ELOOP)).then_some(HostError::SymlinkLoop)
}

pub(super) fn kind(metadata: &fs::Metadata) -> FileKind {
    match kind_by_type(metadata.file_type()) {
        FileKind::Device if metadata.file_type().is_char_device() && metadata.rdev() == NULL_DEVICE => FileKind::Null,
        kind => kind,
    }
}

/// The kind as a directory listing tells it, which knows no device numbers.
pub(super) fn kind_by_type(file_type: fs::FileType) -> FileKind {
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

pub(super) fn metadata(path: &BStr) -> io::Result<Metadata> {
    Ok(reduce(&fs::metadata(native(path))?))
}

pub(super) fn link_metadata(path: &BStr) -> io::Result<Metadata> {
    Ok(reduce(&fs::symlink_metadata(native(path))?))
}

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
        accessed: metadata.accessed().ok(),
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

/// Opens a file for reading without ever waiting for somebody who writes.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()))?.into())
}

pub(super) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(bytes, offset)
}

pub(super) fn read_link(path: &BStr) -> Result<BString, HostError> {
    match fs::read_link(native(path)) {
        Ok(target) => Ok(into_bytes(target.into_os_string())),
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => Err(HostError::NotALink),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn real_path(path: &BStr) -> io::Result<BString> {
    Ok(into_bytes(fs::canonicalize(native(path))?.into_os_string()))
}

pub(super) fn may_execute(path: &BStr) -> bool {
    faccessat(AT_FDCWD, native(path).as_ref(), AccessFlags::X_OK, AtFlags::AT_EACCESS).is_ok()
}

/// Whether a directory may not be looked up, though this process is in it.
pub(super) fn is_reached_relatively(dir: &BStr) -> bool {
    let is_hidden = || matches!(metadata(dir).map_err(HostError::from), Err(HostError::PermissionDenied));
    is_hidden() && env::current_dir().is_ok_and(|own| into_bytes(own.into_os_string()) == dir)
}

pub(super) fn removed_dir() -> Option<BString> {
    let link = into_bytes(fs::read_link("/proc/self/cwd").ok()?.into_os_string());
    Some(link.strip_suffix(b" (deleted)")?.into())
}

#[cfg(target_os = "linux")]
pub(super) fn capabilities(path: &BStr) -> Option<Vec<u8>> {
    // `struct vfs_ns_cap_data`, the longest form, has 24 bytes.
    let mut value = [0; 64];
    let len = rustix::fs::getxattr(native(path).as_ref(), "security.capability", &mut value).ok()?;
    Some(value.get(..len)?.to_vec())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn capabilities(_path: &BStr) -> Option<Vec<u8>> {
    None
}

pub(super) fn process() -> Process {
    Process { uid: getuid().as_raw(), euid: geteuid().as_raw(), gid: getgid().as_raw(), egid: getegid().as_raw() }
}

pub(super) fn account_home() -> Option<BString> {
    let user = User::from_uid(Uid::current()).ok()??;
    Some(into_bytes(user.dir.into_os_string()))
}

/// Only Windows has a registry.
pub(super) fn registry(_hive: Hive, _winver: &BStr) -> Option<RegistryKey> {
    None
}

/// The bytes of a program tell what it is.
pub(super) fn program(_path: &BStr) -> Option<ProgramKind> {
    None
}

/// The variables name the locale.
pub(super) fn locale_encoding() -> Option<String> {
    None
}
