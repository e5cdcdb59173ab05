//! What a host tells of a file.

use std::time::SystemTime;

#[cfg(doc)]
use super::Host;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symlink; only [`Host::link_metadata`] and [`Host::visit_dir`] say so.
    Symlink,
    /// A named pipe: reading one could block for ever.
    Fifo,
    /// A socket.
    Socket,
    /// A device: reading one could block or have effects.
    Device,
    /// The null device, which reads as empty at once. [`Host::visit_dir`] calls it a device like any other.
    Null,
    /// Anything else.
    Other,
}

/// The answer to `stat` and `lstat`, reduced to what is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What the path names.
    pub kind: FileKind,
    /// Whether any of the three execution bits is set (`st_mode & 0o111`), as `isxfile` of getpath asks.
    pub executable: bool,
    /// The size in bytes.
    pub len: u64,
    /// Whether the file carries macOS's `UF_HIDDEN` flag or Windows' hidden attribute.
    pub hidden: bool,
    /// Device and inode numbers where the host has them: two paths with the same pair are the same file.
    pub identity: Option<(u64, u64)>,
    /// The file system that it lies on (`st_dev`), where the host knows: `scan --one-file-system` compares it.
    pub device: Option<u64>,
    /// Who may do what with it, where the host knows.
    pub access: Option<Access>,
    /// When the content was last changed (`st_mtime`), where the host knows.
    pub modified: Option<SystemTime>,
    /// When it was last read (`st_atime`), where the host knows and the file system keeps it.
    pub accessed: Option<SystemTime>,
    /// The bytes that it takes on the disk (`st_blocks`), where the host knows: fewer than `len` in a sparse file, more in
    /// a small one.
    pub allocated: Option<u64>,
}

/// Who may do what with a file, as far as its mode tells: no access-control lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The permission bits with set-user-ID, set-group-ID and sticky (`st_mode & 0o7777`).
    pub mode: u16,
    /// The user that it belongs to.
    pub owner: u32,
    /// The group that it belongs to, where the host knows.
    pub group: Option<u32>,
    /// The names that the file has (`st_nlink`).
    pub links: u64,
}
