//! Finding a module on `sys.path`, as `importlib` does, without importing it.

use bstr::{BStr, BString, ByteSlice};

use super::layout;
use super::trace::Trace;
use crate::host::path::Flavor;
use crate::host::{BinaryReader, FileKind, Platform};
use crate::interpreter::{Interpreter, Version};
use crate::text::sentence;

/// `_path_join` of `importlib._bootstrap_external`: separators at the end of the directory are dropped.
pub fn join(trace: &Trace<'_>, dir: &BStr, name: &str) -> BString {
    let flavor = flavor(trace);
    let dir = dir.trim_end_with(|c| is_separator(flavor, c));
    let mut path = BString::from(dir);
    path.push(flavor.separator());
    path.extend_from_slice(name.as_bytes());
    path
}

fn flavor(trace: &Trace<'_>) -> Flavor {
    Flavor::of(trace.ask.host().platform())
}

fn is_separator(flavor: Flavor, c: char) -> bool {
    c == '/' || flavor == Flavor::Windows && c == '\\'
}

/// The file of a package's `__init__` or of a module, where an entry of `sys.path` holds it.
///
/// `FileFinder.find_spec` lists the directory once for all modules and asks about the names that it holds. Where the
/// listing is known already it is used; else the few possible files are asked about, which costs less and finds the
/// same. A directory without `__init__` is no find: as a namespace package it runs no code.
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
            .map(|suffix| join(trace, entry, &format!("{stem}{suffix}")))
            .find(|file| trace.ask.is_file(file.as_bstr()))
    };
    let is_package = trace.ask.is_dir(join(trace, entry, name).as_bstr());
    is_package.then(|| first(&format!("{name}/__init__"))).flatten().or_else(|| first(name))
}

/// Looks for the possible files among the names that the directory holds.
fn search(trace: &Trace<'_>, entry: &BStr, name: &str, names: &[BString], suffixes: &Suffixes) -> Option<BString> {
    if names.iter().any(|known| known == name) && trace.ask.is_dir(join(trace, entry, name).as_bstr()) {
        let package = join(trace, entry, name);
        let inside = trace.ask.list_dir(package.as_bstr()).ok()?;
        let init = file_among(trace, package.as_bstr(), "__init__", &inside, suffixes);
        if init.is_some() {
            return init;
        }
    }
    file_among(trace, entry, name, names, suffixes)
}

fn file_among(trace: &Trace<'_>, dir: &BStr, stem: &str, names: &[BString], suffixes: &Suffixes) -> Option<BString> {
    let rank = |file: &BString| -> Option<usize> {
        let suffix = file.strip_prefix(stem.as_bytes())?;
        // On Windows `FileFinder` lowers the case of what follows the first dot, and of nothing else.
        let lowered = if flavor(trace) == Flavor::Windows { suffix.to_ascii_lowercase() } else { suffix.to_vec() };
        suffixes.patterns.iter().position(|pattern| matches_suffix(&lowered, pattern))
    };
    let mut found: Vec<(usize, &BString)> = names.iter().filter_map(|file| Some((rank(file)?, file))).collect();
    found.sort();
    found.into_iter().find_map(|(_, file)| {
        let path = join(trace, dir, file.to_str().ok()?);
        trace.ask.is_file(path.as_bstr()).then_some(path)
    })
}

/// The suffixes of modules, in the order in which `importlib` tries them.
pub struct Suffixes {
    /// With `*` for the platform's triplet.
    patterns: Vec<String>,
    /// The same without the star, where the triplet is known and asking for a name asks for its case.
    exact: Option<Vec<String>>,
}

impl Suffixes {
    /// The suffixes of an interpreter.
    pub fn of(platform: Platform, interpreter: &Interpreter, version: Version) -> Self {
        if platform == Platform::Windows {
            return Self::on_windows(interpreter, version);
        }
        let with = |first: String| {
            let others = [".abi3.so", ".so", ".py", ".pyc"].map(ToOwned::to_owned);
            std::iter::once(first).chain(others).collect()
        };
        let known = interpreter.extension_suffix.as_ref().and_then(|suffix| suffix.to_str().ok());
        Self {
            patterns: with(format!(".cpython-{}*.so", version.nodot())),
            exact: known.map(|suffix| with(suffix.to_owned())),
        }
    }

    /// `_PyImport_DynLoadFiletab` of `Python/dynload_win.c`, and `.pyw`, which counts as a source there.
    fn on_windows(interpreter: &Interpreter, version: Version) -> Self {
        let debug = layout::debug_suffix(interpreter);
        let thread = interpreter.compiled.abi_thread.as_ref().map(ToString::to_string).unwrap_or_default();
        let patterns = vec![
            format!("{debug}.cp{}{thread}-*.pyd", version.nodot()),
            format!("{debug}.pyd"),
            ".py".to_owned(),
            ".pyw".to_owned(),
            ".pyc".to_owned(),
        ];
        Self { patterns, exact: None }
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

/// `zipimport`: an entry is a zip file, or a directory within one.
fn find_in_zip(trace: &Trace<'_>, entry: &BStr, name: &str) -> Option<BString> {
    let (file, inner) = zip_of(trace, entry)?;
    let archive = open_zip(trace, file)?;
    let candidates =
        [format!("{name}/__init__.pyc"), format!("{name}/__init__.py"), format!("{name}.pyc"), format!("{name}.py")];
    let found = candidates.iter().find(|candidate| {
        let member = sentence!(inner, if inner.is_empty() { "" } else { "/" }, candidate);
        member.to_str().is_ok_and(|member| archive.index_for_name(member).is_some())
    })?;
    Some(found.split('/').fold(entry.to_owned(), |path, part| join(trace, path.as_bstr(), part)))
}

/// The nearest of an entry and its parents that exists, where it is a file, and what lies within it.
fn zip_of<'a>(trace: &Trace<'_>, entry: &'a BStr) -> Option<(&'a BStr, &'a BStr)> {
    let separates = |c| is_separator(flavor(trace), c);
    let mut file = entry.trim_end_with(separates).as_bstr();
    loop {
        match trace.ask.metadata(file) {
            Ok(metadata) if metadata.kind == FileKind::File => {
                let inner = entry[file.len()..].trim_with(separates);
                return Some((file, inner.as_bstr()));
            }
            Ok(_) => return None,
            Err(_) => file = file[..file.iter().rposition(|&byte| separates(byte.into()))?].as_bstr(),
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
/// The file is asked about directly: whether it is there decides, and the directory's other names do not matter.
pub fn has_encodings(trace: &Trace<'_>, entry: &BStr) -> bool {
    let package = join(trace, entry, "encodings");
    let init = join(trace, package.as_bstr(), "__init__.py");
    if trace.ask.is_file(init.as_bstr()) {
        return true;
    }
    match trace.ask.metadata(entry) {
        Ok(metadata) if metadata.kind == FileKind::Directory => {
            trace.ask.is_file(join(trace, package.as_bstr(), "__init__.pyc").as_bstr())
        }
        _ => find_in_zip(trace, entry, "encodings").is_some(),
    }
}
