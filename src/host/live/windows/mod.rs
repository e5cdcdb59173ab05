//! What Windows answers in a way of its own.
#![allow(clippy::disallowed_methods, reason = "this is where the host's answers come from")]

pub(super) mod attributes;
pub(super) mod change;
mod meaning;
mod names;
mod program;
mod registry;

use std::borrow::Cow;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use bstr::{BStr, BString};
use winapi_util::file::information;

use crate::host::os::{self, into_bytes};
use crate::host::{FileKind, HostError, Metadata, Platform, Process};

pub(super) use meaning::meaning;
pub(super) use program::program;
pub(super) use registry::{locale_encoding, registry};

/// `FILE_ATTRIBUTE_HIDDEN`.
const HIDDEN: u32 = 0x2;
/// `ERROR_INVALID_FUNCTION`.
const INVALID_FUNCTION: i32 = 1;
/// `FILE_FLAG_BACKUP_SEMANTICS`, without which no directory can be opened.
const BACKUP_SEMANTICS: u32 = 0x0200_0000;
/// `FILE_FLAG_OPEN_REPARSE_POINT`: the symlink or junction itself.
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

pub(super) const PLATFORM: Platform = Platform::Windows;

/// The path as the system takes it.
pub(super) fn native(path: &BStr) -> Cow<'_, Path> {
    match os::text(path) {
        Cow::Borrowed(text) => Path::new(text).into(),
        Cow::Owned(text) => PathBuf::from(text).into(),
    }
}

pub(super) fn kind(metadata: &fs::Metadata) -> FileKind {
    kind_by_type(metadata.file_type())
}

/// Junctions count as symlinks: both lead to another path. Other reparse points, such as the aliases of the Store and files
/// that are stored elsewhere, are what they look like.
pub(super) fn kind_by_type(file_type: fs::FileType) -> FileKind {
    if file_type.is_symlink() {
        FileKind::Symlink
    } else if file_type.is_dir() {
        FileKind::Directory
    } else {
        FileKind::File
    }
}

pub(super) fn metadata(path: &BStr) -> io::Result<Metadata> {
    match describe(&native(path), 0) {
        // An alias of the Store leads to what no process may look at, and is a file for everybody.
        Err(error) if meaning::is_alias(&error) => link_metadata(path),
        described => described,
    }
}

pub(super) fn link_metadata(path: &BStr) -> io::Result<Metadata> {
    describe(&native(path), OPEN_REPARSE_POINT)
}

/// What the handle of a file tells, so that its identity is asked of the same file.
fn describe(path: &Path, flags: u32) -> io::Result<Metadata> {
    let opened = OpenOptions::new().access_mode(0).custom_flags(BACKUP_SEMANTICS | flags).open(path);
    let (metadata, identity) = match opened {
        Ok(file) => {
            let known = information(&file).ok();
            (file.metadata()?, known.map(|it| (it.volume_serial_number(), it.file_index())))
        }
        // The listing of its directory describes also what another process keeps for itself.
        Err(error) if meaning::is_kept(&error) && flags == 0 => (fs::metadata(path)?, None),
        Err(error) if meaning::is_kept(&error) => (fs::symlink_metadata(path)?, None),
        Err(error) => return Err(error),
    };
    let kind = kind(&metadata);
    Ok(Metadata {
        kind,
        executable: kind != FileKind::File || names::is_program(path),
        len: metadata.len(),
        hidden: metadata.file_attributes() & HIDDEN != 0,
        identity,
        device: identity.map(|(volume, _)| volume),
        access: None,
        modified: metadata.modified().ok(),
        accessed: metadata.accessed().ok(),
        allocated: None,
    })
}

/// Opens a file for reading.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

pub(super) fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.seek_read(bytes, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                bytes = &mut bytes[count..];
                offset += count as u64;
            }
        }
    }
    Ok(())
}

pub(super) fn read_link(path: &BStr) -> Result<BString, HostError> {
    match fs::read_link(native(path)) {
        Ok(target) => Ok(names::plain(into_bytes(target.into_os_string()))),
        // A file system without symlinks.
        Err(error) if error.raw_os_error() == Some(INVALID_FUNCTION) => Err(HostError::NotALink),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn real_path(path: &BStr) -> io::Result<BString> {
    Ok(names::plain(into_bytes(fs::canonicalize(native(path))?.into_os_string())))
}

/// Windows has no execution bits and goes by the name.
pub(super) fn may_execute(path: &BStr) -> bool {
    metadata(path).is_ok_and(|metadata| metadata.kind == FileKind::File && metadata.executable)
}

/// Directories through which nobody may pass are passed by absolute paths too.
pub(super) fn is_reached_relatively(_dir: &BStr) -> bool {
    false
}

/// The working directory of a process cannot be removed.
pub(super) fn removed_dir() -> Option<BString> {
    None
}

/// No program brings rights along.
pub(super) fn capabilities(_path: &BStr) -> Option<Vec<u8>> {
    None
}

/// Users have no numbers.
pub(super) fn process() -> Process {
    Process { uid: 0, euid: 0, gid: 0, egid: 0 }
}

pub(super) fn account_home() -> Option<BString> {
    env::home_dir().map(|home| into_bytes(home.into_os_string()))
}
