//! Changes of this machine. A file is written under another name next to its own, with everything that belongs to it, and
//! then takes the place of the old one at once: whoever looks sees the old or the new one, and nothing in between.
#![allow(clippy::disallowed_methods, reason = "this is where a plan of repairs is carried out")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bstr::BStr;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::system::attributes::Attributes;
use super::system::change::{
    create, create_symlink, give_to_owner_of_directory, move_to_free, set_mode, sync, sync_dir,
};
use super::{LiveHost, native};
use crate::host::os::OsStrExt;
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
        let mut file = create(new, old.as_ref())?;
        file.write_all(content)?;
        match &old {
            Some(old) => old.apply(new)?,
            None => give_to_owner_of_directory(new)?,
        }
        file.sync_all()
    })
}

fn symlink(path: &Path, target: &Path) -> io::Result<()> {
    let old = fs::symlink_metadata(path).ok();
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    replace(path, |new| create_symlink(new, target, old.as_ref()))
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

impl Change for LiveHost {
    fn write(&mut self, path: &BStr, content: &[u8]) -> Result<(), HostError> {
        Ok(write(&native(path), content)?)
    }

    fn symlink(&mut self, path: &BStr, target: &BStr) -> Result<(), HostError> {
        Ok(symlink(&native(path), &native(target))?)
    }

    fn remove(&mut self, path: &BStr) -> Result<(), HostError> {
        Ok(remove(&native(path))?)
    }

    fn rename(&mut self, path: &BStr, to: &BStr) -> Result<(), HostError> {
        let (path, to) = (native(path), native(to));
        move_to_free(&path, &to)?;
        sync_dir(&path)?;
        Ok(sync_dir(&to)?)
    }

    fn make_dir(&mut self, path: &BStr) -> Result<(), HostError> {
        let path = native(path);
        fs::create_dir(&path)?;
        give_to_owner_of_directory(&path)?;
        Ok(sync_dir(&path)?)
    }

    fn set_mode(&mut self, path: &BStr, mode: u16) -> Result<(), HostError> {
        let path = native(path);
        if fs::symlink_metadata(&path)?.is_symlink() {
            return Err(HostError::InvalidPath);
        }
        set_mode(&path, mode)?;
        Ok(sync(&path).or_else(|_| sync_dir(&path))?)
    }
}
