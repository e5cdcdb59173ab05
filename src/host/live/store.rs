//! Where this program keeps what it needs to undo its changes: a directory for each user, with a directory for each
//! transaction.
#![allow(clippy::disallowed_methods, reason = "this is where the journal of repairs is kept")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use bstr::BStr;

use super::change::{remove, replace, unfinished};
use super::native;
use super::system::attributes::{Attributes, set_times, times};
use super::system::change::{
    add_name, copy_symlink, create_private, create_private_dir, create_private_dirs, may_replace, move_to_free,
    open_lock, sync, sync_dir,
};
use crate::host::HostError;

pub use super::system::change::store_dir;

/// The journal of a transaction, one JSON document on each line.
const JOURNAL: &str = "journal.jsonl";
const LOCK: &str = "lock";
/// The most that is read of a journal.
const MOST_BYTES: u64 = 64 << 20;

/// The directory of all transactions of this user.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
}

/// As long as it is held, no other process of this user changes anything.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Store {
    /// The store in a directory, which is created where it does not exist.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn open(dir: &BStr) -> Result<Self, HostError> {
        let dir = native(dir).into_owned();
        create_private_dirs(&dir)?;
        Ok(Self { dir })
    }

    /// Takes the lock; none where another process has it.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn lock(&self) -> Result<Option<Lock>, HostError> {
        let file = open_lock(&self.dir.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The names of all transactions, the oldest first.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn transactions(&self) -> Result<Vec<String>, HostError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                names.extend(entry.file_name().into_string().ok());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Begins the journal of a transaction with its first line.
    ///
    /// # Errors
    /// [`HostError::Exists`] where there is a transaction of this name.
    pub fn begin(&self, id: &str, line: &[u8]) -> Result<(), HostError> {
        let dir = self.dir.join(id);
        create_private_dir(&dir)?;
        // The first line is there completely or not at all: else nobody would know what was to be done.
        let journal = dir.join(JOURNAL);
        replace(&journal, |new| {
            let mut file = create_private(new)?;
            file.write_all(line)?;
            file.sync_all()
        })?;
        Ok(sync_dir(&dir)?)
    }

    /// Adds a line to the journal of a transaction.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn append(&self, id: &str, line: &[u8]) -> Result<(), HostError> {
        let mut file = OpenOptions::new().append(true).open(self.dir.join(id).join(JOURNAL))?;
        file.write_all(line)?;
        Ok(file.sync_all()?)
    }

    /// The journal of a transaction.
    ///
    /// # Errors
    /// [`HostError::NotFound`] where nothing was begun.
    pub fn read(&self, id: &str) -> Result<Vec<u8>, HostError> {
        let mut content = Vec::new();
        File::open(self.dir.join(id).join(JOURNAL))?.take(MOST_BYTES).read_to_end(&mut content)?;
        Ok(content)
    }

    /// Forgets a transaction with everything that was kept for it.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn forget(&self, id: &str) -> Result<(), HostError> {
        Ok(fs::remove_dir_all(self.dir.join(id))?)
    }

    /// Where something is kept.
    fn kept(&self, id: &str, number: usize) -> PathBuf {
        self.dir.join(id).join(number.to_string())
    }

    /// Whether something was kept.
    pub fn has_kept(&self, id: &str, number: usize) -> bool {
        fs::symlink_metadata(self.kept(id, number)).is_ok()
    }

    /// Keeps the file or symlink at a path, which stays where it is: as another name of the same file where that is
    /// possible, which costs nothing and forgets nothing, else as a copy.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn keep(&self, id: &str, number: usize, path: &BStr) -> Result<(), HostError> {
        let (path, kept) = (native(path), self.kept(id, number));
        drop(fs::remove_file(&kept));
        if add_name(&path, &kept).is_err() {
            copy(&path, &kept)?;
        }
        Ok(sync_dir(&kept)?)
    }

    /// Puts what was kept of a file or symlink in the place of what is at its path now.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn restore(&self, id: &str, number: usize, path: &BStr, attributes: &Attributes) -> Result<(), HostError> {
        let (path, kept) = (native(path), self.kept(id, number));
        Ok(replace(&path, |new| {
            if add_name(&kept, new).is_ok() {
                return Ok(());
            }
            copy(&kept, new)?;
            attributes.apply(new)
        })?)
    }

    /// Takes a directory with everything in it away from its path, and keeps it.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn take(&self, id: &str, number: usize, path: &BStr) -> Result<(), HostError> {
        let (path, kept) = (native(path), self.kept(id, number));
        if fs::symlink_metadata(&kept).is_ok() {
            fs::remove_dir_all(&kept)?;
        }
        if move_to_free(&path, &kept).is_ok() {
            sync_dir(&kept)?;
            return Ok(sync_dir(&path)?);
        }
        // Another file system: nothing is removed before the copy is complete.
        copy_tree(&path, &kept)?;
        sync_dir(&kept)?;
        Ok(remove(&path)?)
    }

    /// Puts a directory that was taken back to its path.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn put_back(&self, id: &str, number: usize, path: &BStr) -> Result<(), HostError> {
        let (path, kept) = (native(path), self.kept(id, number));
        if move_to_free(&kept, &path).is_ok() {
            return Ok(sync_dir(&path)?);
        }
        let new = unfinished(&path);
        copy_tree(&kept, &new)?;
        move_to_free(&new, &path)?;
        Ok(sync_dir(&path)?)
    }

    /// Removes what an interrupted change has left next to a path.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn clean(path: &BStr) -> Result<(), HostError> {
        let left = unfinished(&native(path));
        match fs::symlink_metadata(&left) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&left)?,
            Ok(_) => fs::remove_file(&left)?,
            Err(_) => return Ok(()),
        }
        Ok(sync_dir(&left)?)
    }

    /// What a file has besides its content.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn attributes(path: &BStr) -> Result<Attributes, HostError> {
        Ok(Attributes::of(&native(path))?)
    }

    /// When a directory was last changed and read.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn times(dir: &BStr) -> Result<[(i64, i64); 2], HostError> {
        Ok(times(&fs::metadata(native(dir))?))
    }

    /// Sets when a directory was last changed and read.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn set_times(dir: &BStr, [accessed, modified]: [(i64, i64); 2]) -> Result<(), HostError> {
        Ok(set_times(&native(dir), accessed, modified)?)
    }

    /// Whether this process may replace what is at a path: it may write to the directory, and what is there is its own.
    ///
    /// # Errors
    /// Why not.
    pub fn may_replace(path: &BStr) -> Result<(), HostError> {
        may_replace(&native(path))
    }
}

/// Copies a file or a symlink with all that belongs to it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let attributes = Attributes::of(from)?;
    if fs::symlink_metadata(from)?.is_symlink() {
        copy_symlink(from, to)?;
        return attributes.apply(to);
    }
    let mut file = create_private(to)?;
    io::copy(&mut File::open(from)?, &mut file)?;
    // The file system of the copy need not know all attributes; the journal has them, too.
    drop(attributes.apply(to));
    file.sync_all()
}

/// Copies a directory with everything in it.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_tree(&path, &copied)?;
        } else {
            copy(&path, &copied)?;
        }
    }
    Attributes::of(from)?.apply(to)?;
    sync(to)
}
