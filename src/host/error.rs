//! Why a machine could not answer.

#[cfg(feature = "live")]
use std::io;

use thiserror::Error;

use super::FileKind;

/// Why a question could not be answered. Errors are answers too: startup takes decisions from them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HostError {
    /// `ENOENT`.
    #[error("does not exist")]
    NotFound,
    /// `ENOTDIR`: a parent is no directory.
    #[error("a parent is not a directory")]
    NotADirectory,
    /// `EISDIR`: a directory was read as a file.
    #[error("is a directory")]
    IsADirectory,
    /// `EACCES` or `EPERM`.
    #[error("permission denied")]
    PermissionDenied,
    /// `EEXIST`: something is where nothing may be.
    #[error("exists already")]
    Exists,
    /// `EROFS`: the file system cannot be written to.
    #[error("the file system is read-only")]
    ReadOnly,
    /// `ELOOP`.
    #[error("too many levels of symbolic links")]
    SymlinkLoop,
    /// `ENAMETOOLONG`.
    #[error("file name too long")]
    NameTooLong,
    /// `EINVAL` of `readlink`: the path exists and is no symlink.
    #[error("not a symbolic link")]
    NotALink,
    /// The path holds a NUL byte and cannot be asked about.
    #[error("the path contains a NUL byte")]
    InvalidPath,
    /// The file is larger than venv-doctor reads.
    #[error("larger than {limit} bytes, not read")]
    TooLarge {
        /// The bound that was exceeded, in bytes.
        limit: u64,
    },
    /// Reading could block for ever or have effects, so it was not tried.
    #[error("not a regular file, not read")]
    WouldBlock(FileKind),
    /// A range beyond the end of the file was wanted.
    #[error("shorter than its header says")]
    Truncated,
    /// The host has no answer: a snapshot that does not hold it.
    #[error("not recorded")]
    Unanswered,
    /// Any other error of the system.
    #[error("input/output error{}", code.map(|code| format!(" (errno {code})")).unwrap_or_default())]
    Io {
        /// The system's number, where there is one.
        code: Option<i32>,
    },
}

impl HostError {
    /// The stable name used in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotADirectory => "not-a-directory",
            Self::IsADirectory => "is-a-directory",
            Self::PermissionDenied => "permission-denied",
            Self::Exists => "exists",
            Self::ReadOnly => "read-only",
            Self::SymlinkLoop => "symlink-loop",
            Self::NameTooLong => "name-too-long",
            Self::NotALink => "not-a-link",
            Self::InvalidPath => "invalid-path",
            Self::TooLarge { .. } => "too-large",
            Self::WouldBlock(_) => "would-block",
            Self::Truncated => "truncated",
            Self::Unanswered => "unanswered",
            Self::Io { .. } => "io",
        }
    }
}

#[cfg(feature = "live")]
impl From<io::Error> for HostError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind;
        if let Some(known) = super::live::meaning(&error) {
            return known;
        }
        match error.kind() {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::NotADirectory => Self::NotADirectory,
            ErrorKind::IsADirectory => Self::IsADirectory,
            ErrorKind::AlreadyExists => Self::Exists,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::PermissionDenied => Self::PermissionDenied,
            ErrorKind::InvalidFilename => Self::NameTooLong,
            ErrorKind::UnexpectedEof => Self::Truncated,
            ErrorKind::InvalidInput if error.raw_os_error().is_none() => Self::InvalidPath,
            _ => Self::Io { code: error.raw_os_error() },
        }
    }
}
