//! The kinds of layouts.

use std::io;

use super::layout::Layout;
use super::{
    kinds_editable, kinds_entries, kinds_files, kinds_installed, kinds_launch, kinds_namespaces, kinds_parents,
    kinds_permissions, kinds_startup, kinds_stdlib, kinds_zips,
};

/// A kind of layout.
pub struct Kind {
    /// Its name in reports.
    pub name: &'static str,
    /// Whether code is in the way, so that `unknown` may be an answer.
    pub code: bool,
    /// What builds a random layout of it.
    pub build: fn(&mut Layout<'_>) -> io::Result<()>,
}

/// A kind in which only files decide.
pub const fn kind(name: &'static str, build: fn(&mut Layout<'_>) -> io::Result<()>) -> Kind {
    Kind { name, code: false, build }
}

/// A kind in which code decides, so that `unknown` may be an answer.
pub const fn code(name: &'static str, build: fn(&mut Layout<'_>) -> io::Result<()>) -> Kind {
    Kind { name, code: true, build }
}

/// The groups of kinds.
const GROUPS: &[&[Kind]] = &[
    kinds_files::KINDS,
    kinds_namespaces::KINDS,
    kinds_zips::KINDS,
    kinds_entries::KINDS,
    kinds_stdlib::KINDS,
    kinds_startup::KINDS,
    kinds_editable::KINDS,
    kinds_parents::KINDS,
    kinds_permissions::KINDS,
    kinds_launch::KINDS,
    kinds_installed::KINDS,
];

/// All kinds.
pub fn all() -> Vec<&'static Kind> {
    GROUPS.iter().flat_map(|group| group.iter()).collect()
}

/// Those that can share a layout with any other: they only add files.
pub fn companions() -> Vec<&'static Kind> {
    [kinds_files::KINDS, kinds_namespaces::KINDS, kinds_zips::KINDS].into_iter().flatten().collect()
}

/// Whether the kind itself decides what is launched.
pub fn is_of_launch(kind: &Kind) -> bool {
    kinds_launch::KINDS.iter().any(|one| one.name == kind.name)
}
