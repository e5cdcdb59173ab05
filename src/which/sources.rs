//! What a name in a directory could be, by its suffix.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;

/// What ends the names of modules on any system, for any Python.
const MODULES: [&[u8]; 4] = [b".py", b".pyc", b".so", b".pyd"];

/// Whether some Python would take a file of this name for the module `stem`.
pub(super) fn is_module_of(name: &BStr, stem: &BStr) -> bool {
    let Some(suffix) = name.strip_prefix(stem.as_bytes()) else { return false };
    suffix.first() == Some(&b'.') && MODULES.iter().any(|end| suffix.ends_with(end)) && is_tag(suffix)
}

/// Whether nothing but a tag is between the name and its ending: `.py`, `.abi3.so`, `.cpython-312-x86_64-linux-gnu.so`.
fn is_tag(suffix: &[u8]) -> bool {
    let is_extension = suffix.ends_with(b".so") || suffix.ends_with(b".pyd");
    memchr::memchr_iter(b'.', suffix).count() <= if is_extension { 2 } else { 1 }
}

/// The file, or the directory of a namespace package, that some Python would find in a directory for a name with dots.
pub(super) fn find(survey: &Survey<'_>, dir: &BStr, parts: &[&BStr]) -> Option<BString> {
    let (last, parents) = parts.split_last()?;
    let dir = parents.iter().fold(dir.to_owned(), |dir, part| survey.join(dir, part));
    let names = survey.names(dir.as_bstr())?;
    let package = names.iter().find(|name| name.as_bstr() == *last).map(|name| survey.join(&dir, name));
    let inside = package.as_ref().and_then(|package| survey.names(package.as_bstr()));
    let among = |names: &[BString], stem: &BStr| {
        // A source is what readers look for, whatever else is there.
        let mut modules = names.iter().filter(|name| is_module_of(name.as_bstr(), stem));
        let first = modules.next()?;
        Some(std::iter::once(first).chain(modules).find(|name| name.ends_with(b".py")).unwrap_or(first).clone())
    };
    if let (Some(package), Some(inside)) = (&package, &inside)
        && let Some(init) = among(inside, "__init__".into())
    {
        return Some(survey.join(package, init));
    }
    if let Some(module) = among(&names, last) {
        return Some(survey.join(&dir, module));
    }
    let is_portion = inside.is_some_and(|inside| inside.iter().any(|name| name.ends_with(b".py")));
    package.filter(|_| is_portion)
}
