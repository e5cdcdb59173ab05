//! What a file has besides its content, and how another file is given the same.
#![allow(clippy::disallowed_methods, reason = "this is where a plan of repairs is carried out")]

use std::fs::{self, FileTimes, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// `FILE_WRITE_ATTRIBUTES`, which times need.
const WRITE_ATTRIBUTES: u32 = 0x100;
/// Without these, neither a directory nor a symlink itself can be opened.
const FLAGS: u32 = super::BACKUP_SEMANTICS | super::OPEN_REPARSE_POINT;

/// Attributes and times. In a journal, they say how a file that was replaced is restored. Who may do what with a new file
/// follows from its directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// `FILE_ATTRIBUTE_…`.
    pub(super) bits: u32,
    /// Seconds and nanoseconds.
    accessed: (i64, i64),
    modified: (i64, i64),
}

impl Attributes {
    pub(in crate::host::live) fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(path)?;
        let [accessed, modified] = times(&metadata);
        Ok(Self { bits: metadata.file_attributes(), accessed, modified })
    }

    /// Gives a file what can be given to one that exists; the times come first, since a read-only file takes none.
    pub(in crate::host::live) fn apply(&self, path: &Path) -> io::Result<()> {
        let now = fs::symlink_metadata(path)?;
        set_times(path, self.accessed, self.modified)?;
        let mut permissions = now.permissions();
        let is_read_only = self.bits & READ_ONLY != 0;
        if now.is_file() && permissions.readonly() != is_read_only {
            permissions.set_readonly(is_read_only);
            fs::set_permissions(path, permissions)?;
        }
        Ok(())
    }

    /// The attributes that a file can only be created with.
    pub(in crate::host::live) fn at_birth(&self) -> u32 {
        self.bits & (HIDDEN | SYSTEM | ARCHIVE | NOT_INDEXED)
    }
}

/// `FILE_ATTRIBUTE_READONLY`.
pub(super) const READ_ONLY: u32 = 0x1;
const HIDDEN: u32 = 0x2;
const SYSTEM: u32 = 0x4;
const ARCHIVE: u32 = 0x20;
const NOT_INDEXED: u32 = 0x2000;

/// When a file was last read and changed.
pub(in crate::host::live) fn times(metadata: &fs::Metadata) -> [(i64, i64); 2] {
    [metadata.accessed(), metadata.modified()].map(|time| time.map(number).unwrap_or_default())
}

/// Sets when a file was last read and changed; a symlink is not followed.
pub(in crate::host::live) fn set_times(path: &Path, accessed: (i64, i64), modified: (i64, i64)) -> io::Result<()> {
    let times = FileTimes::new().set_accessed(time(accessed)).set_modified(time(modified));
    OpenOptions::new().access_mode(WRITE_ATTRIBUTES).custom_flags(FLAGS).open(path)?.set_times(times)
}

/// Seconds since 1970, and the nanoseconds after them.
fn number(time: SystemTime) -> (i64, i64) {
    let (since, sign) = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => (since, 1),
        Err(before) => (before.duration(), -1),
    };
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    (sign * seconds, sign * i64::from(since.subsec_nanos()))
}

fn time((seconds, nanoseconds): (i64, i64)) -> SystemTime {
    let length = Duration::from_secs(seconds.unsigned_abs()) + Duration::from_nanos(nanoseconds.unsigned_abs());
    let time =
        if seconds < 0 || nanoseconds < 0 { UNIX_EPOCH.checked_sub(length) } else { UNIX_EPOCH.checked_add(length) };
    time.unwrap_or(UNIX_EPOCH)
}
