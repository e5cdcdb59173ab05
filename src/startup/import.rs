//! Finding a module on `sys.path`, as `importlib` does, without importing it.

use bstr::{BStr, BString, ByteSlice};

use super::trace::Trace;
use crate::host::{BinaryReader, FileKind};
use crate::interpreter::{Interpreter, Version};
use crate::sentence;

/// `_path_join` of `importlib._bootstrap_external`: trailing slashes of the folder are dropped.
fn join(folder: &BStr, name: &str) -> BString {
    let folder = folder.trim_end_with(|c| c == '/');
    let mut path = BString::from(folder);
    path.push(b'/');
    path.extend_from_slice(name.as_bytes());
    path
}

/// The file of a package's `__init__` or of a module, where an entry of `sys.path` holds it.
///
/// `FileFinder.find_spec` lists the folder once for all modules and asks about the names that it holds. Where the
/// listing is known already it is used; else the few possible files are asked about, which costs less and finds the
/// same. A folder without `__init__` is no find: as a namespace package it runs no code.
pub fn find_module(trace: &Trace<'_>, entry: &BStr, name: &str, suffixes: &Suffixes) -> Option<BString> {
    if !trace.ask.is_dir(entry) {
        return find_in_zip(trace, entry, name);
    }
    match (trace.ask.known_listing(entry), &suffixes.exact) {
        (None, Some(exact)) => probe(trace, entry, name, exact),
        (Some(names), _) => search(trace, entry, name, &names, suffixes),
        (None, None) => search(trace, entry, name, &trace.ask.list_dir(entry).ok()?, suffixes),
    }
}

/// Asks about each possible file.
fn probe(trace: &Trace<'_>, entry: &BStr, name: &str, exact: &[String]) -> Option<BString> {
    let first = |stem: &str| {
        exact
            .iter()
            .map(|suffix| join(entry, &format!("{stem}{suffix}")))
            .find(|file| trace.ask.is_file(file.as_bstr()))
    };
    let is_package = trace.ask.is_dir(join(entry, name).as_bstr());
    is_package.then(|| first(&format!("{name}/__init__"))).flatten().or_else(|| first(name))
}

/// Looks for the possible files among the names that the folder holds.
fn search(trace: &Trace<'_>, entry: &BStr, name: &str, names: &[BString], suffixes: &Suffixes) -> Option<BString> {
    if names.iter().any(|known| known == name) && trace.ask.is_dir(join(entry, name).as_bstr()) {
        let package = join(entry, name);
        let inside = trace.ask.list_dir(package.as_bstr()).ok()?;
        let init = file_among(trace, package.as_bstr(), "__init__", &inside, suffixes);
        if init.is_some() {
            return init;
        }
    }
    file_among(trace, entry, name, names, suffixes)
}

fn file_among(trace: &Trace<'_>, folder: &BStr, stem: &str, names: &[BString], suffixes: &Suffixes) -> Option<BString> {
    let rank = |file: &BString| -> Option<usize> {
        let suffix = file.strip_prefix(stem.as_bytes())?;
        suffixes.patterns.iter().position(|pattern| matches_suffix(suffix, pattern))
    };
    let mut found: Vec<(usize, &BString)> = names.iter().filter_map(|file| Some((rank(file)?, file))).collect();
    found.sort();
    found.into_iter().find_map(|(_, file)| {
        let path = join(folder, file.to_str().ok()?);
        trace.ask.is_file(path.as_bstr()).then_some(path)
    })
}

/// The suffixes of modules, in the order in which `importlib` tries them.
pub struct Suffixes {
    /// With `*` for the platform's triplet.
    patterns: [String; 5],
    /// The same without the star, where the triplet is known.
    exact: Option<[String; 5]>,
}

impl Suffixes {
    /// The suffixes of an interpreter.
    pub fn of(interpreter: &Interpreter, version: Version) -> Self {
        let with =
            |first: String| [first, ".abi3.so".to_owned(), ".so".to_owned(), ".py".to_owned(), ".pyc".to_owned()];
        let known = interpreter.extension_suffix.as_ref().and_then(|suffix| suffix.to_str().ok());
        Self {
            patterns: with(format!(".cpython-{}*.so", version.nodot())),
            exact: known.map(|suffix| with(suffix.to_owned())),
        }
    }
}

fn matches_suffix(suffix: &[u8], known: &str) -> bool {
    match known.split_once('*') {
        None => suffix == known.as_bytes(),
        Some((start, end)) => {
            suffix.len() > start.len() + end.len()
                && suffix.starts_with(start.as_bytes())
                && suffix.ends_with(end.as_bytes())
        }
    }
}

/// `zipimport`: an entry is a zip file, or a folder within one.
fn find_in_zip(trace: &Trace<'_>, entry: &BStr, name: &str) -> Option<BString> {
    let (file, inner) = zip_of(trace, entry)?;
    let archive = open_zip(trace, file)?;
    let candidates =
        [format!("{name}/__init__.pyc"), format!("{name}/__init__.py"), format!("{name}.pyc"), format!("{name}.py")];
    let found = candidates.iter().find(|candidate| {
        let member = sentence!(inner, if inner.is_empty() { "" } else { "/" }, candidate);
        member.to_str().is_ok_and(|member| archive.index_for_name(member).is_some())
    })?;
    Some(join(entry, found))
}

/// The nearest of an entry and its parents that exists, where it is a file, and what lies within it.
fn zip_of<'a>(trace: &Trace<'_>, entry: &'a BStr) -> Option<(&'a BStr, &'a BStr)> {
    let mut file = entry.trim_end_with(|c| c == '/').as_bstr();
    loop {
        match trace.ask.metadata(file) {
            Ok(metadata) if metadata.kind == FileKind::File => {
                let inner = entry[file.len()..].trim_with(|c| c == '/');
                return Some((file, inner.as_bstr()));
            }
            Ok(_) => return None,
            Err(_) => file = file[..file.rfind_byte(b'/')?].as_bstr(),
        }
    }
}

/// Whether a path is a file with the directory of a zip file at its end.
pub fn is_zip(trace: &Trace<'_>, path: &BStr) -> bool {
    open_zip(trace, path).is_some()
}

fn open_zip<'h>(trace: &Trace<'h>, path: &BStr) -> Option<zip::ZipArchive<BinaryReader<'h>>> {
    if !matches!(trace.ask.metadata(path), Ok(metadata) if metadata.kind == FileKind::File) {
        return None;
    }
    zip::ZipArchive::new(trace.ask.reader(path).ok()?).ok()
}

/// Whether `encodings` can be imported from an entry: the first import of all, and fatal where it fails.
///
/// The file is asked about directly: whether it is there decides, and the folder's other names do not matter.
pub fn has_encodings(trace: &Trace<'_>, entry: &BStr) -> bool {
    let init = join(entry, "encodings/__init__.py");
    if trace.ask.is_file(init.as_bstr()) {
        return true;
    }
    match trace.ask.metadata(entry) {
        Ok(metadata) if metadata.kind == FileKind::Directory => {
            trace.ask.is_file(join(entry, "encodings/__init__.pyc").as_bstr())
        }
        _ => find_in_zip(trace, entry, "encodings").is_some(),
    }
}
