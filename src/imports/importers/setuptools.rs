//! The importer that setuptools writes for a project in editable mode: two tables, and rules that are always the same.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::literal;
use crate::finders::Code;
use crate::host::path::module as arithmetic;
use crate::imports::finder::{Finder, Given};
use crate::imports::offer::Spec;
use crate::startup::{Token, Tokens};

/// How names are looked up in the table, which differs between versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lookup {
    /// 64: whatever begins with a name of the table.
    Beginning,
    /// 65 to 67: a name of the table, and every name below it.
    Below,
    /// Since then: a name of the table, and those directly below it.
    Direct,
}

/// The tables of a project.
pub(in crate::imports) struct Editable {
    /// The module that defines the importer.
    pub module: BString,
    /// The entry of `sys.path` that only the importer understands.
    pub placeholder: BString,
    lookup: Lookup,
    /// Whether the placeholder is a portion of every namespace package, or only of those without another.
    adds_placeholder: bool,
    mapping: Vec<(BString, BString)>,
    namespaces: HashMap<BString, Vec<BString>>,
}

impl Editable {
    /// Reads the tables of a module; none where it has none.
    pub fn read(module: &str, found: &Tokens) -> Option<Self> {
        let mapping = literal::assigned(found, "MAPPING")?.paths()?;
        let namespaces = literal::assigned(found, "NAMESPACES").unwrap_or(literal::Literal::Map(Vec::new()));
        let namespaces = namespaces.entries()?.into_iter().map(|(name, paths)| Some((name, paths.texts()?)));
        let placeholder = match literal::assigned(found, "PATH_PLACEHOLDER") {
            Some(literal::Literal::Text(name)) => [name.as_slice(), b".__path_hook__"].concat().into(),
            _ => BString::default(),
        };
        let has = |wanted: &[&str]| {
            found.list.windows(wanted.len()).any(|tokens| {
                tokens.iter().zip(wanted).all(|(token, wanted)| match token {
                    Token::Name(name) => name == wanted,
                    Token::Op(op) => op == wanted,
                    _ => false,
                })
            })
        };
        let lookup = match (has(&["fullname", ".", "startswith"]), has(&["fullname", "==", "pkg"])) {
            (false, _) => Lookup::Direct,
            (true, true) => Lookup::Below,
            (true, false) => Lookup::Beginning,
        };
        Some(Self {
            module: module.into(),
            placeholder,
            lookup,
            adds_placeholder: has(&["*", "paths", ",", "PATH_PLACEHOLDER"]),
            mapping,
            namespaces: namespaces.collect::<Option<_>>()?,
        })
    }

    fn mapped(&self, name: &[u8]) -> Option<&BString> {
        self.mapping.iter().rev().find(|(known, _)| known == name).map(|(_, path)| path)
    }

    /// The portions of a namespace package.
    pub fn namespace(&self, name: &BStr) -> Option<Vec<BString>> {
        let mut paths = self.namespaces.get(name.as_bytes())?.clone();
        let mapped = self.mapped(name).filter(|_| paths.is_empty());
        if self.adds_placeholder {
            paths.extend(mapped.cloned());
            paths.push(self.placeholder.clone());
        } else if let Some(path) = mapped {
            // A text in the place of a list is a list of its characters.
            paths.extend(path.chars().map(|c| BString::from(c.to_string())));
        } else if paths.is_empty() {
            paths.push(self.placeholder.clone());
        }
        Some(paths)
    }

    /// A name of the table, or one below it.
    pub fn offer(&self, finder: &Finder<'_>, name: &BStr) -> Vec<Spec> {
        if self.lookup != Lookup::Direct {
            return self.below(name).map(|path| files(finder, name, path.as_bstr())).unwrap_or_default();
        }
        if let Some(path) = self.mapped(name) {
            return files(finder, name, path.as_bstr());
        }
        let Some((parent, _)) = name.rsplit_once_str(".") else { return Vec::new() };
        match self.mapped(parent) {
            Some(path) => finder.along_one(path.as_bstr(), name),
            None => Vec::new(),
        }
    }

    /// The path of a name below one of the table; the last one that fits counts.
    fn below(&self, name: &BStr) -> Option<BString> {
        let (package, path) = self.mapping.iter().rev().find(|(package, _)| {
            let rest = name.strip_prefix(package.as_slice());
            rest.is_some_and(|rest| self.lookup == Lookup::Beginning || rest.is_empty() || rest.starts_with(b"."))
        })?;
        let most = if self.lookup == Lookup::Below { 1 } else { usize::MAX };
        let rest = name.replacen(package, "", most);
        let parts = rest.trim_with(|c| c == '.').replace(".", "/");
        Some([path.as_slice(), b"/", &parts].concat().into())
    }
}

/// `_find_spec`: the `__init__.py`, else the path with each suffix in turn. That a file exists is enough.
fn files(finder: &Finder<'_>, name: &BStr, path: &BStr) -> Vec<Spec> {
    let flavor = finder.flavor();
    // `pathlib` drops what changes nothing; of `..` it drops nothing.
    let absolute = if path.starts_with(b"/") { &b"/"[..] } else { b"" };
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
    existing.filter_map(|candidate| finder.spec_of_file(name, candidate.as_bstr(), Given::ByName)).collect()
}
