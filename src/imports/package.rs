//! What the code of a package does to the search for its submodules: nothing, something that can be computed, or anything.

use bstr::{BStr, BString, ByteSlice};

use super::answer::{Import, Kind};
use super::code::{self, Code, Touch};
use super::finder::Finder;
use super::offer::{Offer, Spec};
use super::parent::Parent;
use crate::finders;
use crate::host::path::module as arithmetic;
use crate::startup::behaviors::Behavior;
use crate::startup::bytecode_names;
use crate::text::sentence;

/// The most that is read of a module.
const MOST_BYTES: u64 = 4 << 20;
/// How many modules of a package are looked at, because the package imports them.
const MOST_MODULES: usize = 64;
/// Names in compiled code with which it may do anything to imports.
const SUSPICIOUS: &[&[u8]] =
    &[b"__path__", b"extend_path", b"declare_namespace", b"modules", b"meta_path", b"exec", b"eval", b"globals"];

/// Packages of the standard library that builds may be unable to import, and the extension module that each needs.
const NEEDS: &[(&str, &str)] =
    &[("ctypes", "_ctypes"), ("curses", "_curses"), ("sqlite3", "_sqlite3"), ("tkinter", "_tkinter")];

/// Judges the code of a parent.
pub(super) fn judge(finder: &Finder<'_>, parent: &Import, name: &BStr) -> Parent {
    if let Some(copy) = replaced(finder, parent) {
        return judge(finder, &copy, name);
    }
    let path = parent.locations.clone();
    let without = || Parent::Without(Kind::Missing, sentence!("its parent ", parent.name, " is not a package"));
    if finder.is_of_library(parent) || parent.kind == Kind::Namespace {
        return match (path, lacking(finder, parent)) {
            (Some(path), Some(module)) => {
                Parent::Changed(path, sentence!(of_file(parent), " imports ", module, ", which is missing"))
            }
            (Some(path), None) => Parent::Locations(path),
            (None, _) => without(),
        };
    }
    let judged = match content(finder, parent) {
        Some(content) => of_code(finder, parent, name, &content),
        None => Judged::Unknown(sentence!(of_file(parent), " cannot be read, and decides where its submodules are")),
    };
    match (judged, path) {
        (Judged::Untouched, Some(path)) => Parent::Locations(path),
        (Judged::Untouched, None) => without(),
        (Judged::Extended, Some(path)) => Parent::Locations(extended(finder, parent, path)),
        (Judged::Unknown(reason), Some(path)) => Parent::Changed(path, reason),
        (Judged::Extended, None) => Parent::Without(Kind::Unknown, sentence!(of_file(parent), " changes __path__")),
        (Judged::Unknown(reason), None) => Parent::Without(Kind::Unknown, reason),
    }
}

/// The extension module without which a package of the standard library cannot be imported, where the build lacks it.
fn lacking(finder: &Finder<'_>, parent: &Import) -> Option<&'static str> {
    let top = parent.name.split_str(".").next().unwrap_or_default();
    let (_, module) = NEEDS.iter().find(|(package, _)| top == package.as_bytes())?;
    (!finder.behaviors().is_pypy() && finder.find((*module).into()).kind == Kind::Missing).then_some(*module)
}

/// What setuptools puts in the place of `distutils`.
fn replaced(finder: &Finder<'_>, parent: &Import) -> Option<Import> {
    let is_replaced = parent.found_by.as_ref().is_some_and(|by| by.finder == "_distutils_hack");
    is_replaced.then(|| finder.find(super::importers::DISTUTILS_COPY.into()))
}

enum Judged {
    Untouched,
    Extended,
    Unknown(BString),
}

fn of_file(parent: &Import) -> BString {
    let file = parent.origin.clone().unwrap_or_else(|| parent.name.clone());
    sentence!(file, ", the code of the parent ", parent.name, ",")
}

/// The content of the file of a module.
fn content(finder: &Finder<'_>, parent: &Import) -> Option<Vec<u8>> {
    let file = parent.origin.as_ref()?;
    match parent.kind {
        Kind::Extension | Kind::PackageExtension => None,
        Kind::ZipSource | Kind::ZipPackage | Kind::ZipBytecode | Kind::ZipPackageBytecode => {
            let entry = parent.found_by.as_ref()?.entry.as_ref()?;
            finders::read_in_zip(finder.ask(), entry.as_bstr(), file.as_bstr())
        }
        _ => finder.ask().read(file.as_bstr(), MOST_BYTES).ok().map(|content| content.to_vec()),
    }
}

fn of_code(finder: &Finder<'_>, parent: &Import, name: &BStr, content: &[u8]) -> Judged {
    if matches!(parent.kind, Kind::Bytecode | Kind::PackageBytecode | Kind::ZipBytecode | Kind::ZipPackageBytecode) {
        return of_compiled(finder, parent, content);
    }
    let child = name.to_str_lossy();
    let code = code::read(content, &child, finder.behaviors());
    let unknown = |why: &dyn AsRef<[u8]>| Judged::Unknown(sentence!(of_file(parent), " ", why));
    if let Some(end) = &code.ends {
        return Judged::Unknown(sentence!(of_file(parent), " ends with ", end));
    }
    if let Touch::Changes(why) = &code.touch {
        return unknown(why);
    }
    if let Some(missing) = missing(finder, parent, &code) {
        return Judged::Unknown(sentence!(of_file(parent), " imports ", missing, ", which is missing"));
    }
    if let Some(file) = changed_elsewhere(finder, parent, &child, &code) {
        return Judged::Unknown(sentence!(of_file(parent), " imports ", file, ", which changes __path__"));
    }
    if code.touch == Touch::Extends { Judged::Extended } else { Judged::Untouched }
}

/// The names in compiled code show what it can touch.
fn of_compiled(finder: &Finder<'_>, parent: &Import, content: &[u8]) -> Judged {
    let begins = finder.magic().is_none_or(|magic| content.starts_with(&magic.to_le_bytes()));
    match bytecode_names(content, finder.behaviors()) {
        Ok(names) if begins && !names.iter().any(|name| SUSPICIOUS.contains(&name.as_slice())) => Judged::Untouched,
        Ok(_) if begins => Judged::Unknown(sentence!(of_file(parent), " may change where its submodules are")),
        _ => Judged::Unknown(sentence!(of_file(parent), " is not compiled code of this release")),
    }
}

/// The first module that the code imports first of all, and that is nowhere.
fn missing(finder: &Finder<'_>, parent: &Import, code: &Code) -> Option<String> {
    let path = parent.locations.clone().unwrap_or_default();
    let top = parent.name.split_str(".").next().unwrap_or_default();
    code.imports.iter().find_map(|import| {
        let (name, is_missing) = match import {
            code::Import::Absolute(name) => {
                let first = name.split('.').next().unwrap_or_default();
                let is_missing = first.as_bytes() != top && finder.find(first.into()).kind == Kind::Missing;
                (name.clone(), is_missing)
            }
            code::Import::Relative(name) => {
                let first = name.split('.').next().unwrap_or_default();
                let is_missing = parent.locations.is_some() && finder.candidates_along(&path, first.into()).is_empty();
                (format!(".{name}"), is_missing)
            }
            code::Import::Member(_) | code::Import::MemberOf(..) => return None,
        };
        is_missing.then_some(name)
    })
}

/// The first module of the package itself that is imported with it and touches locations.
fn changed_elsewhere(finder: &Finder<'_>, parent: &Import, child: &str, code: &Code) -> Option<BString> {
    let path = parent.locations.as_ref()?;
    let mut wanted: Vec<(String, Vec<BString>)> = Vec::new();
    let own = parent.name.to_str_lossy();
    let below = |import: &code::Import| match import {
        code::Import::Absolute(name) => name.strip_prefix(&*own)?.strip_prefix('.').map(ToOwned::to_owned),
        code::Import::Relative(name) | code::Import::Member(name) => Some(name.clone()),
        code::Import::MemberOf(module, name) if *module == own => Some(name.clone()),
        code::Import::MemberOf(module, name) => {
            module.strip_prefix(&*own)?.strip_prefix('.').map(|below| format!("{below}.{name}"))
        }
    };
    wanted.extend(code.imports.iter().filter_map(below).map(|name| (name, path.clone())));
    let mut seen = 0;
    while let Some((name, path)) = wanted.pop() {
        seen += 1;
        if seen > MOST_MODULES {
            return None;
        }
        let (first, rest) = name.split_once('.').unwrap_or((&name, ""));
        let tail: &BStr = first.into();
        let specs = path.iter().map(|entry| Offer::from(finder.searched(entry.as_bstr(), tail)));
        let Some(spec) = specs.flat_map(|offer| offer.specs().to_vec()).next() else { continue };
        if let Some(locations) = spec.locations.clone().filter(|_| !rest.is_empty()) {
            wanted.push((rest.to_owned(), locations));
        }
        if let Some(file) = touching(finder, &spec, child) {
            return Some(file);
        }
    }
    None
}

/// The file of a module, if it is source code that touches locations.
fn touching(finder: &Finder<'_>, spec: &Spec, child: &str) -> Option<BString> {
    let file = spec.origin.as_ref().filter(|file| file.ends_with(b".py"))?;
    let content = finder.ask().read(file.as_bstr(), MOST_BYTES).ok()?;
    if !code::mentions_path(&content) {
        return None;
    }
    let code = code::read(&content, child, finder.behaviors());
    matches!(code.touch, Touch::Changes(_)).then(|| file.clone())
}

/// `pkgutil.extend_path`: what each entry has under the same name, and what files `NAME.pkg` say.
fn extended(finder: &Finder<'_>, parent: &Import, mut path: Vec<BString>) -> Vec<BString> {
    let search = match parent.name.rsplit_once_str(".") {
        None => finder.resolution().sys.iter().flat_map(|sys| &sys.path).map(|entry| entry.value.clone()).collect(),
        Some((above, _)) => match super::parent::of(finder, above.as_bstr(), parent.name.as_bstr(), false) {
            Parent::Locations(path) | Parent::Changed(path, _) => path,
            Parent::Without(..) => Vec::new(),
        },
    };
    let tail = parent.name.rsplit_str(".").next().unwrap_or_default();
    for entry in &search {
        let place = place_of_hook(finder, entry);
        let offer = Offer::from(finder.searched(place.as_bstr(), tail.as_bstr()));
        let is_zipped = |spec: &&Spec| spec.candidate.kind.name().starts_with("zip-");
        // Before 3.10, the finder of zip files tells only portions here.
        let first = offer.specs().first().filter(|spec| finder.has(Behavior::ZipImportSaysWhy) || !is_zipped(spec));
        for location in first.and_then(|spec| spec.locations.clone()).unwrap_or_default() {
            if !path.contains(&location) {
                path.push(location);
            }
        }
        let file = sentence!(parent.name, ".pkg");
        let file = arithmetic::join(finder.flavor(), &[entry.as_bstr(), file.as_bstr()]);
        if finder.ask().is_file(file.as_bstr())
            && let Ok(content) = finder.ask().read(file.as_bstr(), MOST_BYTES)
        {
            let lines = content.lines().filter(|line| !line.is_empty() && !line.starts_with(b"#"));
            path.extend(lines.map(BString::from));
        }
    }
    path
}

/// `pkgutil` gives an empty entry to the hooks as it is.
fn place_of_hook(finder: &Finder<'_>, entry: &BString) -> BString {
    if !entry.is_empty() || finder.has(Behavior::DotIsCwd) {
        return entry.clone();
    }
    let dot = BStr::new(".");
    finder.place(dot).unwrap_or_else(|| dot.to_owned())
}
