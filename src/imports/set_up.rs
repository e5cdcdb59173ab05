//! Namespace packages that lines of old setuptools put into `sys.modules` while startup processes `.pth` files.

use bstr::{BStr, BString, ByteSlice};

use super::answer::{Import, Kind};
use super::finder::Finder;
use super::loaded::When;
use super::offer::{Offer, Spec};
use super::outcome::{self, Asked, Choice};
use crate::host::path::module as arithmetic;
use crate::startup::{Namespace, Origin};

/// The answer for a package that such lines have set up.
pub(super) fn of(finder: &Finder<'_>, name: &BStr) -> Option<Import> {
    let lines: Vec<_> = finder.importers().namespaces.iter().filter(|(line, _)| line.name.as_bytes() == name).collect();
    let mut own: Vec<BString> = Vec::new();
    let mut spec = None;
    for (line, file) in lines {
        let dir = directory(finder, line, file);
        if !line.is_found && has_init(finder, &dir) {
            // Such a line leaves a package with code alone.
            continue;
        }
        spec.get_or_insert_with(|| first(finder, line, &dir));
        if !own.contains(&dir) {
            own.push(dir);
        }
    }
    let spec = now(finder, name, spec?, own);
    let path = locations_of_parent(finder, name);
    let turns = finder.turns(name, path.as_deref(), Some(When::Site));
    Some(outcome::import(Asked { name, is_loaded: true }, turns, &Choice::Known(Box::new(spec))))
}

/// The directory of the package that the line names.
fn directory(finder: &Finder<'_>, line: &Namespace, file: &BString) -> BString {
    let root = line.root.clone().unwrap_or_else(|| arithmetic::dirname(finder.flavor(), file.as_bstr()));
    let mut parts = vec![root.as_bstr()];
    parts.extend(line.name.split('.').map(BStr::new));
    arithmetic::join(finder.flavor(), &parts)
}

fn has_init(finder: &Finder<'_>, dir: &BString) -> bool {
    finder.ask().exists(arithmetic::join(finder.flavor(), &[dir.as_bstr(), "__init__.py".into()]).as_bstr())
}

/// What the first line finds in the directory that it names.
fn first(finder: &Finder<'_>, line: &Namespace, dir: &BString) -> Spec {
    let above = arithmetic::dirname(finder.flavor(), dir.as_bstr());
    let tail = line.name.rsplit('.').next().unwrap_or_default();
    let offer = Offer::from(finder.searched(above.as_bstr(), tail.into()));
    let found = offer.specs().first().filter(|_| line.is_found).cloned();
    found.unwrap_or_else(|| Spec::portions(vec![dir.clone()]))
}

/// A namespace package looks for its portions once more where its parent's path has changed since, and `sys.path` has where
/// the launch puts an entry first. A package with code stays as it is.
fn now(finder: &Finder<'_>, name: &BStr, spec: Spec, own: Vec<BString>) -> Spec {
    if spec.candidate.kind != Kind::Namespace {
        return spec;
    }
    let is_plain = finder.importers().namespaces.iter().any(|(line, _)| line.name.as_bytes() == name && !line.is_found);
    let path = locations_of_parent(finder, name);
    let has_changed = match &path {
        None => finder.resolution().sys.iter().flat_map(|sys| &sys.path).any(|entry| entry.origin == Origin::Launch),
        Some(path) => path.len() > 1,
    };
    if is_plain || !has_changed {
        return Spec::portions(own);
    }
    let turns = finder.turns(name, path.as_deref(), None);
    let choice = outcome::choose(&turns);
    let found = outcome::import(Asked { name, is_loaded: true }, turns, &choice);
    let portions = found.locations.filter(|_| found.kind == Kind::Namespace);
    Spec::portions(portions.unwrap_or(own))
}

fn locations_of_parent(finder: &Finder<'_>, name: &BStr) -> Option<Vec<BString>> {
    let (parent, _) = name.rsplit_once_str(".")?;
    Some(finder.find(parent.as_bstr()).locations.unwrap_or_default())
}
