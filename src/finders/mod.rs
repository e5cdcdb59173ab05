//! One directory or zip file searched for one module, as `importlib` and `zipimport` search it, without importing it.
//!
//! Which entries are searched, and in which order, is decided elsewhere: startup and the search for imports both do so.

mod candidates;
mod compiled;
mod directory;
mod listed;
mod suffixes;
mod zip_file;

use bstr::{BStr, BString, ByteSlice};

use crate::host::Lookups;
use crate::host::path::Flavor;

pub use candidates::{Code, Hit, Rules, Searched, ZipRules, candidates};
pub use suffixes::Suffixes;
pub use zip_file::{Archives, find_in_zip, is_zip, read_in_zip, zip_parts};

/// The file of a module, or of a package's `__init__`, where an entry of `sys.path` holds it.
///
/// A directory without `__init__` does not count: as a namespace package it runs no code.
pub fn find_module(lookups: &Lookups<'_>, entry: &BStr, name: &str, suffixes: &Suffixes) -> Option<BString> {
    if lookups.is_dir(entry) {
        directory::find(lookups, entry, name, suffixes)
    } else {
        find_in_zip(lookups, entry, name)
    }
}

/// `_path_join` of `importlib._bootstrap_external`: separators at the end of the directory are dropped.
pub fn join(lookups: &Lookups<'_>, dir: &BStr, name: &str) -> BString {
    let flavor = flavor(lookups);
    let dir = dir.trim_end_with(|c| is_separator(flavor, c));
    let mut path = BString::from(dir);
    path.push(flavor.separator());
    // The name of a module in a package is a path of its own, which is searched name by name.
    path.extend(name.bytes().map(|byte| if byte == b'/' { flavor.separator() } else { byte }));
    path
}

fn flavor(lookups: &Lookups<'_>) -> Flavor {
    Flavor::of(lookups.host().platform())
}

fn is_separator(flavor: Flavor, c: char) -> bool {
    c == '/' || flavor == Flavor::Windows && c == '\\'
}
