//! Changes of this machine. A file is written under another name next to its own, with everything that belongs to it, and
//! then takes the place of the old one at once: whoever looks sees the old or the new one, and nothing in between.
#![allow(clippy::disallowed_methods, reason = "this is where a plan of repairs is carried out")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use bstr::BStr;
use data_encoding::HEXLOWER;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use super::attributes::Attributes;
use super::{LiveHost, native};
use crate::host::{Change, HostError};

/// Files of this name are being written. Another name of the same length exists for each name of a directory.
const UNFINISHED: &str = ".venv-doctor-";
/// So many bytes of a digest make the rest of that name.
const DIGEST: usize = 8;

/// The name under which a file is written, next to its own: always the same, so that it is found after a crash.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default();
    let digest = Sha256::digest(name.as_bytes());
    path.with_file_name(format!("{UNFINISHED}{}", HEXLOWER.encode(&digest[..DIGEST])))
}

/// Makes what was done to the names of a directory survive a loss of power.
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(directory(path))?.sync_all()
}

/// The directory that a path is in.
pub(super) fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("/"))
}

/// Puts what `make` creates under another name in the place of `path`.
pub(super) fn replace(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let new = unfinished(path);
    let made = make(&new).and_then(|()| fs::rename(&new, path));
    if let Err(error) = made {
        if error.kind() != io::ErrorKind::AlreadyExists {
            drop(fs::remove_file(&new));
        }
        return Err(error);
    }
    sync_dir(path)
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let old = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) if !metadata.is_file() => return Err(io::ErrorKind::InvalidInput.into()),
        Ok(_) => Some(Attributes::of(path)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    replace(path, |new| {
        // Nobody else reads it before it has the mode of the old file.
        let mode = if old.is_some() { 0o600 } else { 0o666 };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(new)?;
        file.write_all(content)?;
        match &old {
            Some(old) => old.apply(new)?,
            None => give_to_owner_of_directory(new)?,
        }
        file.sync_all()
    })
}

/// What the superuser creates in somebody's environment is theirs, as all the rest of it.
fn give_to_owner_of_directory(path: &Path) -> io::Result<()> {
    let parent = fs::metadata(directory(path))?;
    let own = fs::symlink_metadata(path)?;
    if rustix::process::geteuid().is_root() && parent.uid() != own.uid() {
        std::os::unix::fs::lchown(path, Some(parent.uid()), Some(parent.gid()))?;
    }
    Ok(())
}

fn symlink(path: &Path, target: &Path) -> io::Result<()> {
    let old = fs::symlink_metadata(path).ok();
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    replace(path, |new| {
        std::os::unix::fs::symlink(target, new)?;
        match old {
            Some(old) if rustix::process::geteuid().is_root() => {
                std::os::unix::fs::lchown(new, Some(old.uid()), Some(old.gid()))
            }
            _ => give_to_owner_of_directory(new),
        }
    })
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        // At once for whoever looks, though not for the file system.
        let old = unfinished(path);
        move_to_free(path, &old)?;
        fs::remove_dir_all(&old)?;
    } else {
        fs::remove_file(path)?;
    }
    sync_dir(path)
}

/// Renames, unless something is at the new path.
pub(super) fn move_to_free(path: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, path, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems do not know the flag.
        Err(Errno::INVAL | Errno::NOSYS) if fs::symlink_metadata(to).is_err() => fs::rename(path, to),
        renamed => Ok(renamed?),
    }
}

impl Change for LiveHost {
    fn write(&mut self, path: &BStr, content: &[u8]) -> Result<(), HostError> {
        Ok(write(native(path), content)?)
    }

    fn symlink(&mut self, path: &BStr, target: &BStr) -> Result<(), HostError> {
        Ok(symlink(native(path), native(target))?)
    }

    fn remove(&mut self, path: &BStr) -> Result<(), HostError> {
        Ok(remove(native(path))?)
    }

    fn rename(&mut self, path: &BStr, to: &BStr) -> Result<(), HostError> {
        let (path, to) = (native(path), native(to));
        move_to_free(path, to)?;
        sync_dir(path)?;
        Ok(sync_dir(to)?)
    }

    fn make_dir(&mut self, path: &BStr) -> Result<(), HostError> {
        let path = native(path);
        fs::create_dir(path)?;
        give_to_owner_of_directory(path)?;
        Ok(sync_dir(path)?)
    }

    fn set_mode(&mut self, path: &BStr, mode: u16) -> Result<(), HostError> {
        let path = native(path);
        if fs::symlink_metadata(path)?.is_symlink() {
            return Err(HostError::InvalidPath);
        }
        fs::set_permissions(path, fs::Permissions::from_mode(u32::from(mode)))?;
        Ok(File::open(path).and_then(|file| file.sync_all()).or_else(|_| sync_dir(path))?)
    }
}
