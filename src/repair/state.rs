//! What is at a path, as far as a repair compares it.

use bstr::{BStr, BString};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::host::{FileKind, Host, HostError};

/// The largest file that is edited or kept.
pub(super) const MOST_BYTES: u64 = 256 << 20;

/// What is at a path; symlinks are not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
#[cfg_attr(feature = "cli", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "cli", serde(tag = "type", rename_all = "kebab-case"))]
pub enum State {
    /// Nothing.
    Missing,
    /// A regular file.
    File {
        /// The digest of its content, in hexadecimal digits.
        sha256: String,
        /// Its permission bits, where they are known.
        mode: Option<u16>,
    },
    /// A symlink.
    Symlink {
        /// The target as written.
        #[cfg_attr(feature = "cli", serde(with = "super::bytes::text"))]
        target: BString,
    },
    /// A directory.
    Directory {
        /// Its permission bits, where they are known.
        mode: Option<u16>,
    },
    /// Anything else.
    Other,
}

impl State {
    /// What is at a path.
    ///
    /// # Errors
    /// Where it cannot be told.
    pub fn of(host: &dyn Host, path: &BStr) -> Result<Self, HostError> {
        let metadata = match host.link_metadata(path) {
            Ok(metadata) => metadata,
            Err(HostError::NotFound | HostError::NotADirectory) => return Ok(Self::Missing),
            Err(error) => return Err(error),
        };
        let mode = metadata.access.map(|access| access.mode);
        Ok(match metadata.kind {
            FileKind::File => Self::File { sha256: digest(&host.read(path, MOST_BYTES)?), mode },
            FileKind::Symlink => Self::Symlink { target: host.read_link(path)? },
            FileKind::Directory => Self::Directory { mode },
            _ => Self::Other,
        })
    }

    /// Whether both are the same, as far as both are known.
    pub fn is_like(&self, other: &Self) -> bool {
        let alike = |one: &Option<u16>, other: &Option<u16>| one.is_none() || other.is_none() || one == other;
        match (self, other) {
            (Self::File { sha256: one, mode: a }, Self::File { sha256: other, mode: b }) => one == other && alike(a, b),
            (Self::Directory { mode: a }, Self::Directory { mode: b }) => alike(a, b),
            _ => self == other,
        }
    }

    /// The permission bits, where they are known.
    pub fn mode(&self) -> Option<u16> {
        match self {
            Self::File { mode, .. } | Self::Directory { mode } => *mode,
            _ => None,
        }
    }

    /// The digest of a file's content.
    pub fn sha256(&self) -> Option<&str> {
        match self {
            Self::File { sha256, .. } => Some(sha256),
            _ => None,
        }
    }

    /// What it is, in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::File { .. } => "file",
            Self::Symlink { .. } => "symlink",
            Self::Directory { .. } => "directory",
            Self::Other => "other",
        }
    }
}

/// The digest of a content, in hexadecimal digits.
pub(super) fn digest(content: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(content))
}
