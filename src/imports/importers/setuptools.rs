//! The importer that setuptools writes for a project in editable mode: two tables, and rules that are always the same.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::literal;
use crate::finders::Code;
use crate::host::path::module as arithmetic;
use crate::imports::finder::Finder;
use crate::imports::offer::Spec;
use crate::startup::Tokens;

/// The tables of a project.
pub(in crate::imports) struct Editable {
    /// The module that defines the importer.
    pub module: BString,
    /// The entry of `sys.path` that only the importer understands.
    pub placeholder: BString,
    mapping: HashMap<BString, BString>,
    namespaces: HashMap<BString, Vec<BString>>,
}

impl Editable {
    /// Reads the tables of a module; none where it has none.
    pub fn read(module: &str, found: &Tokens) -> Option<Self> {
        let mapping = literal::assigned(found, "MAPPING")?.paths()?.into_iter().collect();
        let namespaces = literal::assigned(found, "NAMESPACES").unwrap_or(literal::Literal::Map(Vec::new()));
        let namespaces = namespaces.entries()?.into_iter().map(|(name, paths)| Some((name, paths.texts()?)));
        let placeholder = match literal::assigned(found, "PATH_PLACEHOLDER") {
            Some(literal::Literal::Text(name)) => [name.as_slice(), b".__path_hook__"].concat().into(),
            _ => BString::default(),
        };
        Some(Self { module: module.into(), placeholder, mapping, namespaces: namespaces.collect::<Option<_>>()? })
    }

    /// The portions of a namespace package, the placeholder last.
    pub fn namespace(&self, name: &BStr) -> Option<Vec<BString>> {
        let mut paths = self.namespaces.get(name.as_bytes())?.clone();
        if paths.is_empty() {
            paths.extend(self.mapping.get(name.as_bytes()).cloned());
        }
        paths.push(self.placeholder.clone());
        Some(paths)
    }

    /// A name of the table, or one whose parent is in the table.
    pub fn offer(&self, finder: &Finder<'_>, name: &BStr) -> Vec<Spec> {
        if let Some(path) = self.mapping.get(name.as_bytes()) {
            return files(finder, name, path.as_bstr());
        }
        let Some((parent, _)) = name.rsplit_once_str(".") else { return Vec::new() };
        match self.mapping.get(parent.as_bytes()) {
            Some(path) => finder.along_one(path.as_bstr(), name),
            None => Vec::new(),
        }
    }
}

/// `_find_spec`: the `__init__.py`, else the path with each suffix in turn. That a file exists is enough.
fn files(finder: &Finder<'_>, name: &BStr, path: &BStr) -> Vec<Spec> {
    let flavor = finder.flavor();
    // `pathlib` drops what changes nothing; of `..` it drops nothing.
    let absolute = path.starts_with(b"/").then_some(&b"/"[..]).unwrap_or_default();
    let parts: Vec<&[u8]> = path.split_str("/").filter(|part| !matches!(*part, b"" | b".")).collect();
    let is_plain = flavor == crate::host::path::Flavor::Posix;
    let path: BString = if is_plain { [absolute, &parts.join(&b'/')].concat().into() } else { path.to_owned() };
    let init = arithmetic::join(flavor, &[path.as_bstr(), "__init__.py".into()]);
    let base = arithmetic::basename(flavor, path.as_bstr());
    let extension = base.rfind_byte(b'.').filter(|at| *at > 0 && at + 1 < base.len()).map_or(0, |at| base.len() - at);
    let stem = &path[..path.len() - extension];
    let suffixes = finder.rules().suffixes.clone();
    let of = |code: Code| suffixes.iter().filter(move |(_, own)| *own == code).map(|(suffix, _)| suffix.clone());
    let ordered = of(Code::Source).chain(of(Code::Bytecode)).chain(of(Code::Extension));
    let candidates = std::iter::once(init).chain(ordered.map(|suffix| [stem, suffix.as_slice()].concat().into()));
    let existing = candidates.filter(|candidate: &BString| finder.ask().exists(candidate.as_bstr()));
    existing.filter_map(|candidate| finder.spec_of_file(name, candidate.as_bstr(), None)).collect()
}
