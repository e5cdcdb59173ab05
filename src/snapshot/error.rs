//! Why a document is refused, and at which place.

use std::fmt;

use thiserror::Error;

/// A document that is no snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// It is too large to be one.
    #[error("larger than {} MiB, which no snapshot is", .limit >> 20)]
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
    /// Something in it is wrong.
    #[error("{place}: {message}")]
    Malformed {
        /// Where.
        place: Place,
        /// What.
        message: String,
    },
}

/// A place in a document.
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
