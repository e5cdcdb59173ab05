//! Whose `site.py` it is. Up to 3.10, that file decides, and distributions and tools change or replace it.
//!
//! A file is known by its digest; where that is not known, by its statements: those of every function that could change
//! `sys.path` must be the known ones.

mod known;
mod outline;
mod variation;

pub(super) use variation::Changes;

use crate::interpreter::Vendor;
use crate::startup::behaviors::Behaviors;
use crate::startup::python_code::Grammar;

/// The most that is read of a `site.py`, in bytes; it has about 20 KiB.
pub(super) const LARGEST: u64 = 256 << 10;

/// Which program a `site.py` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// Upstream's, or one with known changes. Debian's is told by the interpreter.
    Upstream(Changes),
    /// That of virtualenv before 20.
    Virtualenv {
        /// Whether the first three characters of `sys.version` stand for the version, which is wrong from 3.10 on.
        cuts_version: bool,
    },
    /// That of setuptools before 49, which loads the real one.
    Setuptools,
    /// Any other.
    Unknown,
}

/// Which program the text is.
pub(super) fn recognize(text: &[u8], vendor: &Vendor, behaviors: &Behaviors) -> Program {
    if let Some(program) = known::by_file(&outline::file_digest(text)) {
        return program;
    }
    let grammar = Grammar::of(behaviors);
    let Some(mut items) = outline::items(text, grammar) else { return Program::Unknown };
    items.retain(|item| !known::is_beside(&item.name));
    if let Some(program) = known::by_statements(&outline::digest(items.iter())) {
        return program;
    }
    let changes = variation::undo(&mut items, grammar);
    let is_site_packages = |item: &&outline::Item| item.name == known::SITE_PACKAGES;
    if !known::is_upstream_but_packages(&outline::digest(items.iter().filter(|item| !is_site_packages(item)))) {
        return Program::Unknown;
    }
    let is_upstream = known::is_packages(&outline::digest(items.iter().filter(is_site_packages)));
    let names_debian = || items.iter().filter(is_site_packages).any(known::names_debian);
    if is_upstream || *vendor == Vendor::Debian && names_debian() {
        Program::Upstream(changes)
    } else {
        Program::Unknown
    }
}
