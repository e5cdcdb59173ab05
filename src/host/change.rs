//! The only trait that writes.

use bstr::BStr;

use super::{Host, HostError};

/// A machine that can be changed: the live one, or one in imagination.
///
/// Each method is one change that happens completely or not at all, also where the process ends in the midst of it. No
/// method follows a symlink at the end of its path.
pub trait Change: Host {
    /// Gives the regular file at `path` this content, or creates it. What a file had besides its content stays: mode, owner,
    /// times and extended attributes. It becomes another file for whoever knows it by another name (a hard link).
    ///
    /// # Errors
    /// The error of the operating system; [`HostError::NotADirectory`] and [`HostError::IsADirectory`] where no file can be.
    fn write(&mut self, path: &BStr, content: &[u8]) -> Result<(), HostError>;

    /// Creates a symlink, in the place of the symlink or file that is at `path`.
    ///
    /// # Errors
    /// As [`Change::write`].
    fn symlink(&mut self, path: &BStr, target: &BStr) -> Result<(), HostError>;

    /// Removes `path`: a file, a symlink, or a directory with everything in it.
    ///
    /// # Errors
    /// [`HostError::NotFound`] where nothing is there.
    fn remove(&mut self, path: &BStr) -> Result<(), HostError>;

    /// Moves `path` to `to`, where nothing may be.
    ///
    /// # Errors
    /// [`HostError::Exists`] where something is.
    fn rename(&mut self, path: &BStr, to: &BStr) -> Result<(), HostError>;

    /// Creates a directory in one that exists.
    ///
    /// # Errors
    /// [`HostError::Exists`] where something is.
    fn make_dir(&mut self, path: &BStr) -> Result<(), HostError>;

    /// Sets the permission bits of a file or directory.
    ///
    /// # Errors
    /// The error of the operating system.
    fn set_mode(&mut self, path: &BStr, mode: u16) -> Result<(), HostError>;
}
