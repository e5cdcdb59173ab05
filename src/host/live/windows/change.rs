//! How Windows changes files.
#![allow(clippy::disallowed_methods, reason = "this is where a plan of repairs is carried out")]
#![allow(clippy::unnecessary_wraps, reason = "every system has the same functions, and on others these can fail")]

#[cfg(feature = "cli")]
use std::fs::DirBuilder;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::{OpenOptionsExt, symlink_dir, symlink_file};
use std::path::Path;

#[cfg(feature = "cli")]
use bstr::{BString, ByteSlice};

use super::attributes::Attributes;
#[cfg(feature = "cli")]
use crate::host::HostError;
use crate::host::live::change::directory;

/// The file system keeps a journal of its names itself.
pub(in crate::host::live) fn sync_dir(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// What was written is synchronized while the file is open; attributes and directories are in the file system's journal.
pub(in crate::host::live) fn sync(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Creates a file for writing where there is none, with the attributes of the one that it replaces. Who may read it follows
/// from its directory.
pub(in crate::host::live) fn create(path: &Path, old: Option<&Attributes>) -> io::Result<File> {
    let attributes = old.map_or(0, Attributes::at_birth);
    OpenOptions::new().write(true).create_new(true).attributes(attributes).open(path)
}

/// Creates a file of this program: the directories of a user are private.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn create_private(path: &Path) -> io::Result<File> {
    create(path, None)
}

/// Opens the file by which processes exclude each other, which is created where there is none.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

/// Creates a directory.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn create_private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().create(path)
}

/// The same with every directory above it, where it does not exist.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn create_private_dirs(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

/// The owner of a file follows from who creates it, and its rights from its directory.
pub(in crate::host::live) fn give_to_owner_of_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Creates a symlink, which is one for directories where it leads to one.
pub(in crate::host::live) fn create_symlink(path: &Path, target: &Path, _old: Option<&fs::Metadata>) -> io::Result<()> {
    let leads_to = directory(path).join(target);
    if fs::metadata(leads_to).is_ok_and(|metadata| metadata.is_dir()) {
        symlink_dir(target, path)
    } else {
        symlink_file(target, path)
    }
}

/// Creates a symlink with the target of another.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn copy_symlink(from: &Path, to: &Path) -> io::Result<()> {
    create_symlink(to, &fs::read_link(from)?, None)
}

/// Gives the file at a path another name. A symlink has one name.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn add_name(path: &Path, name: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    fs::hard_link(path, name)
}

/// Renames, unless something is at the new path. What is created there between the two looks is lost if it is a file: the
/// standard library knows no rename of Windows that leaves it.
pub(in crate::host::live) fn move_to_free(path: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(path, to)
}

/// Windows has no permission bits but one: a file that nobody may write to.
pub(in crate::host::live) fn set_mode(path: &Path, mode: u16) -> io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_readonly(mode & 0o222 == 0);
    fs::set_permissions(path, permissions)
}

/// Whether this process may replace what is at a path: a file that it could write to, and that no other process keeps.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn may_replace(path: &Path) -> Result<(), HostError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(OpenOptions::new().write(true).open(path).map(drop)?),
        _ => Ok(()),
    }
}

/// The directory of this user's store, by the variables that name it.
#[cfg(feature = "cli")]
pub fn store_dir(variable: impl Fn(&str) -> Option<BString>, home: Option<BString>) -> Option<BString> {
    let is_absolute = |dir: &BString| dir.get(1..3) == Some(br":\") || dir.starts_with(br"\\");
    let local = variable("LOCALAPPDATA").filter(is_absolute);
    let home = || variable("USERPROFILE").filter(is_absolute).or(home).filter(is_absolute);
    let local = local.or_else(|| Some(bstr::concat([home()?.as_bytes(), br"\AppData\Local"]).into()))?;
    Some(bstr::concat([local.as_bytes(), br"\venv-doctor"]).into())
}
