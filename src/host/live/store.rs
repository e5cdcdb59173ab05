//! Where this program keeps what it needs to undo its changes: a directory for each user, with a directory for each
//! transaction.
#![allow(clippy::disallowed_methods, reason = "this is where the journal of repairs is kept")]

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use bstr::{BStr, BString, ByteSlice};
use rustix::fs::{Access, AtFlags, CWD, accessat, linkat};

use super::attributes::{Attributes, set_times};
use super::change::{directory, move_to_free, remove, replace, sync_dir, unfinished};
use super::native;
use crate::host::HostError;

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
        let dir = native(dir).to_owned();
        DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
        Ok(Self { dir })
    }

    /// Takes the lock; none where another process has it.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn lock(&self) -> Result<Option<Lock>, HostError> {
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).mode(0o600).open(self.dir.join(LOCK))?;
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
        DirBuilder::new().mode(0o700).create(&dir)?;
        // The first line is there completely or not at all: else nobody would know what was to be done.
        let journal = dir.join(JOURNAL);
        replace(&journal, |new| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(new)?;
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
        if linkat(CWD, path, CWD, &kept, AtFlags::empty()).is_err() {
            copy(path, &kept)?;
        }
        Ok(sync_dir(&kept)?)
    }

    /// Puts what was kept of a file or symlink in the place of what is at its path now.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn restore(&self, id: &str, number: usize, path: &BStr, attributes: &Attributes) -> Result<(), HostError> {
        let (path, kept) = (native(path), self.kept(id, number));
        Ok(replace(path, |new| {
            if linkat(CWD, &kept, CWD, new, AtFlags::empty()).is_ok() {
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
        if move_to_free(path, &kept).is_ok() {
            sync_dir(&kept)?;
            return Ok(sync_dir(path)?);
        }
        // Another file system: nothing is removed before the copy is complete.
        copy_tree(path, &kept)?;
        sync_dir(&kept)?;
        Ok(remove(path)?)
    }

    /// Puts a directory that was taken back to its path.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn put_back(&self, id: &str, number: usize, path: &BStr) -> Result<(), HostError> {
        let (path, kept) = (native(path), self.kept(id, number));
        if move_to_free(&kept, path).is_ok() {
            return Ok(sync_dir(path)?);
        }
        let new = unfinished(path);
        copy_tree(&kept, &new)?;
        move_to_free(&new, path)?;
        Ok(sync_dir(path)?)
    }

    /// Removes what an interrupted change has left next to a path.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn clean(path: &BStr) -> Result<(), HostError> {
        let left = unfinished(native(path));
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
        Ok(Attributes::of(native(path))?)
    }

    /// When a directory was last changed and read.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn times(dir: &BStr) -> Result<[(i64, i64); 2], HostError> {
        let metadata = fs::metadata(native(dir))?;
        Ok([(metadata.atime(), metadata.atime_nsec()), (metadata.mtime(), metadata.mtime_nsec())])
    }

    /// Sets when a directory was last changed and read.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn set_times(dir: &BStr, [accessed, modified]: [(i64, i64); 2]) -> Result<(), HostError> {
        Ok(set_times(native(dir), accessed, modified)?)
    }

    /// Whether this process may replace what is at a path: it may write to the directory, and what is there is its own.
    ///
    /// # Errors
    /// Why not.
    pub fn may_replace(path: &BStr) -> Result<(), HostError> {
        let path = native(path);
        let dir = directory(path);
        accessat(CWD, dir, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).map_err(io::Error::from)?;
        let user = rustix::process::geteuid();
        let is_own = |path: &Path| fs::symlink_metadata(path).map_or(true, |it| it.uid() == user.as_raw());
        if user.is_root() || is_own(path) { Ok(()) } else { Err(HostError::PermissionDenied) }
    }
}

/// Copies a file or a symlink with all that belongs to it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let attributes = Attributes::of(from)?;
    if fs::symlink_metadata(from)?.is_symlink() {
        std::os::unix::fs::symlink(fs::read_link(from)?, to)?;
        return attributes.apply(to);
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
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
    File::open(to)?.sync_all()
}

/// The directory of this user's store, by the variables that name it.
pub fn store_dir(variable: impl Fn(&str) -> Option<BString>, home: Option<BString>) -> Option<BString> {
    let is_absolute = |dir: &BString| dir.starts_with(b"/");
    let state = variable("XDG_STATE_HOME").filter(is_absolute);
    let home = || variable("HOME").filter(is_absolute).or(home).filter(is_absolute);
    let state = state.or_else(|| Some(bstr::concat([home()?.as_bytes(), b"/.local/state"]).into()))?;
    Some(bstr::concat([state.as_bytes(), b"/venv-doctor"]).into())
}
