//! What a file has besides its content, and how another file is given the same.
#![allow(clippy::disallowed_methods, reason = "this is where a plan of repairs is carried out")]

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, XattrFlags, lgetxattr, llistxattr, lsetxattr, utimensat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

/// The most that the extended attributes of one file may take.
const MOST_BYTES: usize = 64 << 10;

/// Owner, mode, times and extended attributes. In a journal, they say how a file that was replaced is restored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    mode: u32,
    owner: u32,
    group: u32,
    /// Seconds and nanoseconds.
    accessed: (i64, i64),
    modified: (i64, i64),
    /// Names with their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extended: Vec<(CString, Vec<u8>)>,
}

impl Attributes {
    pub(in crate::host::live) fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(path)?;
        Ok(Self {
            mode: metadata.mode() & 0o7777,
            owner: metadata.uid(),
            group: metadata.gid(),
            accessed: (metadata.atime(), metadata.atime_nsec()),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            extended: if metadata.is_symlink() { Vec::new() } else { extended(path)? },
        })
    }

    /// Gives a file all of it. A change of the owner clears some bits of the mode, so that the mode comes after it, and
    /// the times come last.
    pub(in crate::host::live) fn apply(&self, path: &Path) -> io::Result<()> {
        let now = fs::symlink_metadata(path)?;
        if (now.uid(), now.gid()) != (self.owner, self.group) {
            std::os::unix::fs::lchown(path, Some(self.owner), Some(self.group))?;
        }
        for (name, value) in &self.extended {
            match lsetxattr(path, name.as_c_str(), value, XattrFlags::empty()) {
                // The labels of security modules are given by the system, and not by everybody.
                Err(Errno::PERM | Errno::OPNOTSUPP) if name.as_bytes().starts_with(b"security.") => {}
                set => set?,
            }
        }
        if !now.is_symlink() {
            fs::set_permissions(path, fs::Permissions::from_mode(self.mode))?;
        }
        set_times(path, self.accessed, self.modified)
    }
}

fn extended(path: &Path) -> io::Result<Vec<(CString, Vec<u8>)>> {
    let mut names = Vec::with_capacity(MOST_BYTES);
    match llistxattr(path, rustix::buffer::spare_capacity(&mut names)) {
        Ok(_) => {}
        Err(Errno::OPNOTSUPP) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    }
    let mut found = Vec::new();
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let Ok(name) = CString::new(name) else { continue };
        let mut value = Vec::with_capacity(MOST_BYTES);
        lgetxattr(path, name.as_c_str(), rustix::buffer::spare_capacity(&mut value))?;
        value.shrink_to_fit();
        found.push((name, value));
    }
    Ok(found)
}

/// When a file was last read and changed.
#[cfg(feature = "cli")]
pub(in crate::host::live) fn times(metadata: &fs::Metadata) -> [(i64, i64); 2] {
    [(metadata.atime(), metadata.atime_nsec()), (metadata.mtime(), metadata.mtime_nsec())]
}

/// Sets when a file was last read and changed; a symlink is not followed.
pub(in crate::host::live) fn set_times(path: &Path, accessed: (i64, i64), modified: (i64, i64)) -> io::Result<()> {
    let spec = |(tv_sec, tv_nsec)| Timespec { tv_sec, tv_nsec };
    let times = Timestamps { last_access: spec(accessed), last_modification: spec(modified) };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}
