//! `FileFinder` of `importlib._bootstrap_external`: a module in a directory.

use bstr::{BStr, BString, ByteSlice};

use super::{Suffixes, flavor, join};
use crate::host::Lookups;
use crate::host::path::Flavor;

/// Searches a directory for a module.
///
/// `FileFinder.find_spec` lists the directory once for all modules and then looks up the names that it holds. A listing
/// that is already known is used. Otherwise the few possible files are looked up, which costs less and finds the same.
pub(super) fn find(lookups: &Lookups<'_>, dir: &BStr, name: &str, suffixes: &Suffixes) -> Option<BString> {
    match (lookups.known_listing(dir), suffixes.exact()) {
        (None, Some(exact)) => probe(lookups, dir, name, exact),
        (Some(names), _) => search(lookups, dir, name, &names, suffixes),
        (None, None) => search(lookups, dir, name, &lookups.list_dir(dir).ok()?, suffixes),
    }
}

/// Looks up each possible file.
fn probe(lookups: &Lookups<'_>, dir: &BStr, name: &str, exact: &[String]) -> Option<BString> {
    let first = |stem: &str| {
        exact
            .iter()
            .map(|suffix| join(lookups, dir, &format!("{stem}{suffix}")))
            .find(|file| lookups.is_file(file.as_bstr()))
    };
    let is_package = lookups.is_dir(join(lookups, dir, name).as_bstr());
    is_package.then(|| first(&format!("{name}/__init__"))).flatten().or_else(|| first(name))
}

/// Looks for the possible files among the names that the directory holds.
fn search(lookups: &Lookups<'_>, dir: &BStr, name: &str, names: &[BString], suffixes: &Suffixes) -> Option<BString> {
    if names.iter().any(|known| known == name) && lookups.is_dir(join(lookups, dir, name).as_bstr()) {
        let package = join(lookups, dir, name);
        let inside = lookups.list_dir(package.as_bstr()).ok()?;
        let init = file_among(lookups, package.as_bstr(), "__init__", &inside, suffixes);
        if init.is_some() {
            return init;
        }
    }
    file_among(lookups, dir, name, names, suffixes)
}

fn file_among(
    lookups: &Lookups<'_>,
    dir: &BStr,
    stem: &str,
    names: &[BString],
    suffixes: &Suffixes,
) -> Option<BString> {
    let rank = |file: &BString| -> Option<usize> {
        let suffix = file.strip_prefix(stem.as_bytes())?;
        // On Windows `FileFinder` lowers the case of what follows the first dot, and of nothing else.
        let lowered = if flavor(lookups) == Flavor::Windows { suffix.to_ascii_lowercase() } else { suffix.to_vec() };
        suffixes.rank(&lowered)
    };
    let mut found: Vec<(usize, &BString)> = names.iter().filter_map(|file| Some((rank(file)?, file))).collect();
    found.sort();
    found.into_iter().find_map(|(_, file)| {
        let path = join(lookups, dir, file.to_str().ok()?);
        lookups.is_file(path.as_bstr()).then_some(path)
    })
}
