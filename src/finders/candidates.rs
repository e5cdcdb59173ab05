//! Everything that one entry of a path has for a name: what it gives, and what it would give without that.

use bstr::{BStr, BString, ByteSlice};

use super::listed;
use super::zip_file::{self, Archives};
use super::{flavor, is_separator};
use crate::host::{FileKind, HostError, Lookups};

/// What the file of a module holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Source code.
    Source,
    /// Compiled code.
    Bytecode,
    /// An extension module.
    Extension,
}

/// Something that an entry has for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What the file holds; none for a portion of a namespace package.
    pub code: Option<Code>,
    /// The file, of a portion its directory, spelled as `importlib` does.
    pub path: BString,
    /// Where its submodules are searched for; none where it is no package.
    pub location: Option<BString>,
    /// Whether it is in a zip file.
    pub is_zipped: bool,
    /// Whether the finder can tell the file: `zipimport` finds members that it then cannot read.
    pub is_readable: bool,
}

/// What came of searching one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Searched {
    /// The entry does not exist.
    NoEntry,
    /// The entry is neither a directory nor a zip file.
    NoFinder,
    /// The directory cannot be listed, and the finder takes it for an empty one.
    Unlistable(HostError),
    /// It was searched: in the order in which the finder would take what it has.
    In(Vec<Hit>),
}

/// What decides how entries are searched, beyond the name.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The suffixes of modules in order, with what such a file holds.
    pub suffixes: Vec<(BString, Code)>,
    /// Whether letter case is ignored (`PYTHONCASEOK`).
    pub ignores_case: bool,
    /// How `zipimport` works.
    pub zip: ZipRules,
}

/// How `zipimport` of a release works.
#[derive(Clone, Copy, Debug)]
pub struct ZipRules {
    /// The number with which compiled code of the release begins; none where it is not known.
    pub magic: Option<u32>,
    /// Whether the header has flags (3.7 on).
    pub has_flags: bool,
    /// Whether the size of the source counts, not only its time.
    pub compares_size: bool,
    /// Whether compiled code that is too short for a header ends the search.
    pub ends_at_short: bool,
    /// Whether a comment may follow the end record (3.8 on).
    pub allows_comments: bool,
    /// Whether directories count that have no record of their own.
    pub infers_directories: bool,
    /// Whether hash-based compiled code is compared with its source: none where its flags say so.
    pub checks_hashes: Option<bool>,
    /// Whether the hash of a source has fewer rounds.
    pub has_fewer_rounds: bool,
}

#[cfg(test)]
impl ZipRules {
    /// The rules of a release from 3.14 on, with the magic number of 3.12.
    pub(super) const OF_TESTS: Self = Self {
        magic: Some(0x0a0d_0dcb),
        has_flags: true,
        compares_size: true,
        ends_at_short: false,
        allows_comments: true,
        infers_directories: true,
        checks_hashes: None,
        has_fewer_rounds: true,
    };
}

/// Searches one entry for the last part of a name.
///
/// `entry` is what the finder has as its path: absolute, or relative to the working directory.
pub fn candidates(lookups: &Lookups<'_>, archives: &Archives, entry: &BStr, tail: &BStr, rules: &Rules) -> Searched {
    match lookups.metadata(entry) {
        Ok(metadata) if metadata.kind == FileKind::Directory => listed::candidates(lookups, entry, tail, rules),
        Ok(metadata) if metadata.kind != FileKind::File => Searched::NoFinder,
        Err(HostError::Unanswered) => Searched::Unlistable(HostError::Unanswered),
        _ => zip_file::candidates(lookups, archives, entry, tail, &rules.zip),
    }
}

/// `_path_join`, for names of any bytes.
pub(super) fn joined(lookups: &Lookups<'_>, dir: &BStr, name: &[u8]) -> BString {
    let flavor = flavor(lookups);
    let mut path = BString::from(dir.trim_end_with(|c| is_separator(flavor, c)));
    path.push(flavor.separator());
    path.extend_from_slice(name);
    path
}
