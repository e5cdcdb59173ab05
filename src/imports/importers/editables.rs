//! The importer of the package editables, which hatchling and pdm-backend use: names of modules, each with its file.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::literal;
use crate::imports::finder::{Finder, Given};
use crate::imports::offer::Spec;
use crate::startup::Tokens;

/// The module that defines it.
pub(super) const MODULE: &str = "editables.redirector";

/// What it imports.
pub(super) const IMPORTS: [&str; 5] = ["importlib.abc", "importlib.machinery", "importlib.util", "types", "typing"];

/// The names with their files.
pub(in crate::imports) struct Mapped(HashMap<BString, BString>);

/// The calls of `F.map_module(NAME, PATH)`.
pub(super) fn mapped(found: &Tokens) -> Vec<(BString, BString)> {
    let pair = |arguments: Vec<literal::Literal>| match arguments.as_slice() {
        [name, path] => Some((name.text()?.clone(), path.text()?.clone())),
        _ => None,
    };
    literal::calls(found, "map_module").into_iter().filter_map(pair).collect()
}

impl Mapped {
    /// These names.
    pub fn new(pairs: Vec<(BString, BString)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// Adds names; the last one counts.
    pub fn extend(&mut self, pairs: Vec<(BString, BString)>) {
        self.0.extend(pairs);
    }

    /// Only top-level names, and nobody asks whether the file exists.
    pub fn offer(&self, finder: &Finder<'_>, name: &BStr, path: Option<&[BString]>) -> Vec<Spec> {
        let file = self.0.get(name.as_bytes()).filter(|_| path.is_none());
        file.and_then(|file| finder.spec_of_file(name, file.as_bstr(), Given::ByName)).into_iter().collect()
    }
}
