//! Directory listings, straight from the kernel: the C library and the standard library would allocate for each entry.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};

use bstr::{BStr, BString};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir, RawDirEntry, open, statat};
use rustix::io::retry_on_intr;

use super::native;
use crate::host::FileKind;

/// What one call may bring, in bytes: about 400 entries.
const AT_ONCE: usize = 16 << 10;

/// The names in a directory; none where there are more than `most`.
pub(in crate::host::live) fn names(path: &BStr, most: usize) -> io::Result<Option<Vec<BString>>> {
    let mut names = Vec::new();
    let is_whole = each(path, |_, entry| {
        names.push(BString::from(entry.file_name().to_bytes()));
        names.len() <= most
    })?;
    Ok(is_whole.then_some(names))
}

/// Calls `visit` with the name and the kind of each entry.
pub(in crate::host::live) fn visit(path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> io::Result<()> {
    each(path, |dir, entry| {
        visit(BStr::new(entry.file_name().to_bytes()), kind(dir, entry));
        true
    })?;
    Ok(())
}

/// Calls `take` with each entry but `.` and `..` until it says that it wants no more, and returns whether it had them all.
fn each(path: &BStr, mut take: impl FnMut(BorrowedFd<'_>, &RawDirEntry<'_>) -> bool) -> io::Result<bool> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let path = native(path);
    let dir = retry_on_intr(|| open(path.as_ref(), flags, Mode::empty()))?;
    let mut buffer = [const { MaybeUninit::uninit() }; AT_ONCE];
    let mut entries = RawDir::new(&dir, &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let is_own = matches!(entry.file_name().to_bytes(), b"." | b"..");
        if !is_own && !take(dir.as_fd(), &entry) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Not every file system tells the kind with the name.
fn kind(dir: BorrowedFd<'_>, entry: &RawDirEntry<'_>) -> FileKind {
    let told = match entry.file_type() {
        FileType::Unknown => statat(dir, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)
            .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode)),
        told => told,
    };
    match told {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Directory,
        FileType::Symlink => FileKind::Symlink,
        FileType::Fifo => FileKind::Fifo,
        FileType::Socket => FileKind::Socket,
        FileType::CharacterDevice | FileType::BlockDevice => FileKind::Device,
        FileType::Unknown => FileKind::Other,
    }
}
