//! Python's path arithmetic, which no path crate computes as Python does.
//!
//! Three families disagree with one another, and each is repeated as it is: the C helpers of the legacy path
//! configuration ([`legacy`]), the C helpers behind `getpath.py` ([`getpath`]), and the `posixpath` and `ntpath`
//! modules that `site` uses ([`module`]).

pub mod getpath;
pub mod legacy;
pub mod module;
#[cfg(test)]
mod properties;
mod segments;

use bstr::{BStr, BString};

use super::Platform;

/// The rules for splitting a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// `/` alone separates; names are bytes.
    Posix,
    /// Drive letters, `\` and `/`, names that compare without case.
    Windows,
}

impl Flavor {
    /// The flavor of a platform.
    pub fn of(platform: Platform) -> Self {
        if platform == Platform::Windows { Self::Windows } else { Self::Posix }
    }

    /// `SEP` of `osdefs.h`.
    pub fn separator(self) -> u8 {
        if self == Self::Posix { b'/' } else { b'\\' }
    }

    /// `DELIM` of `osdefs.h`: what separates the entries of `PATH` and `PYTHONPATH`.
    pub fn delimiter(self) -> u8 {
        if self == Self::Posix { b':' } else { b';' }
    }
}

/// Whether `path` is absolute, so that a host can look it up.
pub fn is_absolute(platform: Platform, path: &BStr) -> bool {
    module::is_absolute(Flavor::of(platform), path)
}

/// Whether Windows takes a file for a program by its name.
pub fn names_program(path: &BStr) -> bool {
    has_ending(path, [b".exe", b".com"]) || names_batch_file(path)
}

/// Whether Windows takes a file for a batch file by its name.
pub fn names_batch_file(path: &BStr) -> bool {
    has_ending(path, [b".bat", b".cmd"])
}

fn has_ending(path: &BStr, endings: [&[u8; 4]; 2]) -> bool {
    path.last_chunk::<4>().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(*known)))
}

/// `path` below `directory` as the operating system would find it: joined, without normalization.
pub fn concatenate(platform: Platform, directory: &BStr, path: &BStr) -> BString {
    module::join(Flavor::of(platform), &[directory, path])
}
