//! The words for what an import gets.

use bstr::BString;

use crate::imports::{Candidate, Kind};
use crate::report::text::page::Page;
use crate::startup::{Origin, PathEntry};
use crate::text::sentence;
use crate::which::{FileAnswer, Installed, Located, Shadowed};

/// The arrow between a name and what it gets.
const ARROW: &str = " → ";

/// A kind of module.
pub(in crate::report) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Builtin => "built-in module",
        Kind::Frozen => "frozen module",
        Kind::FrozenPackage => "frozen package",
        Kind::Source => "module",
        Kind::Bytecode => "compiled module",
        Kind::Extension => "extension module",
        Kind::Package => "package",
        Kind::PackageBytecode => "compiled package",
        Kind::PackageExtension => "package of an extension module",
        Kind::Namespace => "namespace directory",
        Kind::ZipSource => "module in a zip file",
        Kind::ZipBytecode => "compiled module in a zip file",
        Kind::ZipPackage => "package in a zip file",
        Kind::ZipPackageBytecode => "compiled package in a zip file",
        Kind::Missing => "nothing",
        Kind::Unknown => "unknown",
    }
}

/// The path of a candidate, or its kind where it has none.
pub(in crate::report) fn target(page: &Page, candidate: &Candidate) -> String {
    candidate.path.as_ref().map_or_else(|| kind(candidate.kind).to_owned(), |path| page.show(path))
}

/// What the winner does to the other candidates: it hides them, unless only code can tell which of them wins.
pub(in crate::report) fn over(shadowed: &Shadowed) -> &'static str {
    if shadowed.winner.kind == Kind::Unknown { "there is" } else { "hides" }
}

/// How many names more than one entry provides.
pub(in crate::report) fn several(shadowed: &[Shadowed]) -> String {
    match shadowed.len() {
        0 => "No entry of sys.path hides a module of another.".to_owned(),
        1 => "1 name is provided more than once on sys.path.".to_owned(),
        many => format!("{many} names are provided more than once on sys.path."),
    }
}

/// The answer in one line.
pub(in crate::report) fn answer(located: &Located) -> BString {
    let import = &located.import;
    let name = sentence!(import.name, ARROW);
    match import.kind {
        Kind::Missing => sentence!(name, "not found", why_missing(located)),
        Kind::Unknown => sentence!(name, "unknown", reason(located), otherwise(located)),
        Kind::Builtin => sentence!(name, "built into the interpreter", hidden(located)),
        Kind::Frozen | Kind::FrozenPackage => sentence!(name, "frozen into the interpreter", hidden(located)),
        Kind::Namespace => {
            let dirs = import.locations.as_deref().unwrap_or_default();
            let number = match dirs.len() {
                1 => "namespace package in ".to_owned(),
                many => format!("namespace package in {many} directories: "),
            };
            sentence!(name, number, bstr::join(", ", dirs), problem(located), hidden(located))
        }
        _ => {
            let file = import.origin.clone().unwrap_or_else(|| "a member of a zip file that cannot be read".into());
            sentence!(name, file, problem(located), owner(located), hidden(located))
        }
    }
}

fn reason(located: &Located) -> BString {
    located.reason.as_ref().map(|reason| sentence!(": ", reason)).unwrap_or_default()
}

/// The most likely explanation: something near, else the sentence.
fn why_missing(located: &Located) -> BString {
    match located.near.first() {
        Some(near) => sentence!(": ", near.path, " ", near.why),
        None => reason(located),
    }
}

fn problem(located: &Located) -> BString {
    located.problem.as_ref().map(|problem| sentence!(", which ", problem)).unwrap_or_default()
}

/// Who installed the file, or in what place it is.
fn owner(located: &Located) -> BString {
    let place = located.entry.as_ref().map(place).unwrap_or_default();
    match (&located.distribution, &located.editable) {
        (Some(distribution), _) => {
            let place = if is_unusual(located.entry.as_ref()) { place } else { "" };
            sentence!(", ", installed(distribution), place)
        }
        (None, Some(editable)) => sentence!(", ", of_editable(editable)),
        (None, None) => place.into(),
    }
}

/// A distribution, and what installed it.
pub(in crate::report) fn installed(installed: &Installed) -> BString {
    let by = installed.installer.as_ref().map(|installer| sentence!(", installed by ", installer));
    sentence!(installed.title(), by.unwrap_or_default())
}

fn of_editable(installed: &Installed) -> BString {
    sentence!(installed.title(), ", installed in editable mode")
}

/// Whether a distribution is not expected in the place.
fn is_unusual(entry: Option<&PathEntry>) -> bool {
    entry.is_some_and(|entry| entry.origin != Origin::SitePackages)
}

fn place(entry: &PathEntry) -> &'static str {
    match entry.origin {
        Origin::Launch => ", in the first entry of sys.path",
        Origin::PythonPath => ", on PYTHONPATH",
        Origin::Zip | Origin::Stdlib | Origin::PlatStdlib => ", of the standard library",
        Origin::UserSite => ", in the user site",
        Origin::PthFile => ", by a .pth file",
        Origin::UnderPth => ", by a ._pth file",
        Origin::Registry => ", by the registry",
        Origin::CompiledPythonPath | Origin::ExecutableDir | Origin::SitePackages => "",
    }
}

/// What the winner hides.
fn hidden(located: &Located) -> BString {
    let path = located.hides.as_ref().and_then(|hides| hides.path.as_ref());
    path.map(|path| sentence!(", hides ", path)).unwrap_or_default()
}

/// What would be imported but for the code that nobody knows.
fn otherwise(located: &Located) -> BString {
    let path = located.hides.as_ref().and_then(|hides| hides.path.as_ref());
    match (path, located.near.first()) {
        (Some(path), _) => sentence!("; but for that, it is ", path),
        (None, Some(near)) => sentence!("; but for that, it is not found: ", near.path, " ", near.why),
        (None, None) => BString::default(),
    }
}

/// The answer about a file in one line.
pub(in crate::report) fn file(answer: &FileAnswer) -> BString {
    let path = sentence!(answer.path, ARROW);
    if answer.names.is_empty() {
        let reason = answer.reason.as_ref().map(|reason| sentence!(": ", reason));
        return sentence!(path, "cannot be imported", reason.unwrap_or_default());
    }
    let names = answer.names.iter().map(|name| sentence!("import ", name));
    sentence!(path, bstr::join(", ", names))
}
