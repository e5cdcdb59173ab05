//! Why a document is rejected, and at which position.

use std::fmt;

use thiserror::Error;

/// A document that is not a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// It is too large to be one.
    #[error("larger than {} MiB, the largest size of a snapshot", .limit >> 20)]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Something in it is wrong.
    #[error("{place}: {message}")]
    Malformed {
        /// The position.
        place: Place,
        /// What is wrong.
        message: String,
    },
}

/// A position in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The field, such as `files[3].path`; empty for the document itself.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if self.path.is_empty() { Ok(()) } else { write!(f, ": {}", self.path) }
    }
}
