//! What the code of a package does to the search for its submodules: nothing, something that can be computed, or anything.

use bstr::BStr;

use super::answer::{Import, Kind};
use super::finder::Finder;
use super::parent::Parent;
use crate::text::sentence;

/// Judges the code of a parent.
pub(super) fn judge(finder: &Finder<'_>, parent: &Import, name: &BStr) -> Parent {
    let _ = (finder, name);
    match &parent.locations {
        Some(path) => Parent::Locations(path.clone()),
        None => Parent::Without(Kind::Missing, sentence!("its parent ", parent.name, " is not a package")),
    }
}
