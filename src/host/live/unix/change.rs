//! How Unix changes files.
#![allow(clippy::disallowed_methods, reason = "this is where a plan of repairs is carried out")]

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

#[cfg(feature = "cli")]
use bstr::{BString, ByteSlice};
use rustix::fs::{Access, AtFlags, CWD, RenameFlags, accessat, linkat, renameat_with};
use rustix::io::Errno;

use super::attributes::Attributes;
#[cfg(feature = "cli")]
use crate::host::HostError;
use crate::host::live::change::directory;

/// Makes what was done to the names of a directory survive a loss of power.
pub(in crate::host::live) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(directory(path))?.sync_all()
}

/// Makes what was done to a file or a directory survive a loss of power.
pub(in crate::host::live) fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Creates a file for writing where there is none. Nobody else reads it before it has the mode of the one that it replaces.
pub(in crate::host::live) fn create(path: &Path, old: Option<&Attributes>) -> io::Result<File> {
    let mode = if old.is_some() { 0o600 } else { 0o666 };
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

/// The same, and nobody else may read it.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Opens the file by which processes exclude each other, which is created where there is none.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)
}

/// Creates a directory into which nobody else may look.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn create_private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// The same with every directory above it, where it does not exist.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn create_private_dirs(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// What the superuser creates in somebody's environment is theirs, as all the rest of it.
pub(in crate::host::live) fn give_to_owner_of_directory(path: &Path) -> io::Result<()> {
    let parent = fs::metadata(directory(path))?;
    let own = fs::symlink_metadata(path)?;
    if rustix::process::geteuid().is_root() && parent.uid() != own.uid() {
        std::os::unix::fs::lchown(path, Some(parent.uid()), Some(parent.gid()))?;
    }
    Ok(())
}

/// Creates a symlink that is of the same owner as what it replaces.
pub(in crate::host::live) fn create_symlink(path: &Path, target: &Path, old: Option<&fs::Metadata>) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)?;
    match old {
        Some(old) if rustix::process::geteuid().is_root() => {
            std::os::unix::fs::lchown(path, Some(old.uid()), Some(old.gid()))
        }
        _ => give_to_owner_of_directory(path),
    }
}

/// Creates a symlink with the target of another.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn copy_symlink(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

/// Gives the file or symlink at a path another name.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn add_name(path: &Path, name: &Path) -> io::Result<()> {
    Ok(linkat(CWD, path, CWD, name, AtFlags::empty())?)
}

/// Renames, unless something is at the new path.
pub(in crate::host::live) fn move_to_free(path: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, path, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems do not know the flag.
        Err(Errno::INVAL | Errno::NOSYS) if fs::symlink_metadata(to).is_err() => fs::rename(path, to),
        renamed => Ok(renamed?),
    }
}

/// Sets the permission bits.
pub(in crate::host::live) fn set_mode(path: &Path, mode: u16) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(u32::from(mode)))
}

/// Whether this process may replace what is at a path: it may write to the directory, and what is there is its own.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn may_replace(path: &Path) -> Result<(), HostError> {
    let dir = directory(path);
    accessat(CWD, dir, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).map_err(io::Error::from)?;
    let user = rustix::process::geteuid();
    let is_own = |path: &Path| fs::symlink_metadata(path).map_or(true, |it| it.uid() == user.as_raw());
    if user.is_root() || is_own(path) { Ok(()) } else { Err(HostError::PermissionDenied) }
}

/// The directory of this user's store, by the variables that name it.
#[cfg(feature = "cli")]
pub fn store_dir(variable: impl Fn(&str) -> Option<BString>, home: Option<BString>) -> Option<BString> {
    let is_absolute = |dir: &BString| dir.starts_with(b"/");
    let state = variable("XDG_STATE_HOME").filter(is_absolute);
    let home = || variable("HOME").filter(is_absolute).or(home).filter(is_absolute);
    let state = state.or_else(|| Some(bstr::concat([home()?.as_bytes(), b"/.local/state"]).into()))?;
    Some(bstr::concat([state.as_bytes(), b"/venv-doctor"]).into())
}
