//! The parents of a module: where they say that their submodules are.

use bstr::{BStr, BString};

use super::answer::{Candidate, Import, Kind};
use super::finder::Finder;
use super::offer::{Offer, Spec};
use crate::startup::Origin;
use crate::text::sentence;

/// What the parent of a module says.
pub(super) enum Parent {
    /// Its submodules are searched for here.
    Locations(Vec<BString>),
    /// It has no submodules: what the import gets, and why.
    Without(Kind, BString),
    /// Its code may change where they are: here before its code runs, and why that is not certain.
    Changed(Vec<BString>, BString),
}

/// Asks the parent of a module.
pub(super) fn of(finder: &Finder<'_>, parent: &BStr, name: &BStr, is_loaded: bool) -> Parent {
    let import = finder.find(parent);
    match import.kind {
        Kind::Unknown => {
            let reason = import.reason.unwrap_or_default();
            Parent::Without(Kind::Unknown, sentence!("its parent ", parent, " is not known: ", reason))
        }
        Kind::Missing => Parent::Without(Kind::Missing, sentence!("its parent ", parent, " is missing")),
        _ => match import.locations.clone() {
            Some(path) if is_loaded => Parent::Locations(path),
            _ => super::package::judge(finder, &import, name),
        },
    }
}

impl Finder<'_> {
    /// Whether a module is that of the standard library or of the interpreter itself.
    pub(super) fn is_of_library(&self, import: &Import) -> bool {
        if matches!(import.kind, Kind::Builtin | Kind::Frozen | Kind::FrozenPackage) {
            return true;
        }
        let Some(entry) = import.found_by.as_ref().and_then(|by| by.entry.as_ref()) else { return false };
        let is_library = |origin| matches!(origin, Origin::Stdlib | Origin::PlatStdlib | Origin::Zip);
        let top = import.name.splitn(2, |&byte| byte == b'.').next().unwrap_or_default();
        if top.len() < import.name.len() {
            return self.is_of_library(&self.find(top.into()));
        }
        let mut entries = self.resolution().sys.iter().flat_map(|sys| &sys.path);
        entries.any(|own| own.value == *entry && is_library(own.origin))
    }

    /// What the entries of a path have for a name.
    pub(super) fn candidates_along(&self, path: &[BString], name: &BStr) -> Vec<Candidate> {
        let tail = last_part(name);
        let offers = path.iter().map(|entry| Offer::from(self.searched(entry.as_ref(), tail)));
        offers.flat_map(|offer| offer.specs().iter().flat_map(Spec::candidates).collect::<Vec<_>>()).collect()
    }
}

fn last_part(name: &BStr) -> &BStr {
    name.rsplit(|&byte| byte == b'.').next().unwrap_or_default().into()
}
