//! A package that has the submodule, and that something else hides.

use bstr::ByteSlice;

use super::{Near, Wanted};
use crate::text::sentence;
use crate::which::session::Session;
use crate::which::sources;

/// Looks into the packages that would be found if the one that is found were not there.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let Some(parent) = &wanted.parent else { return Vec::new() };
    let winner = parent.origin.clone().or_else(|| parent.locations.as_ref()?.first().cloned());
    let depth = parent.name.split_str(".").count();
    let mut near = Vec::new();
    for shadow in parent.shadows.iter().filter(|shadow| shadow.kind.is_package()) {
        let Some(path) = &shadow.path else { continue };
        let is_portion = session.survey.is_dir(path.as_bstr());
        let dir = if is_portion { path.clone() } else { session.survey.parent(path.as_bstr()) };
        let parts = wanted.parts.get(depth..).unwrap_or_default();
        if let Some(found) = sources::find(&session.survey, dir.as_bstr(), parts) {
            let by = winner.as_ref().map_or_else(Default::default, |winner| sentence!(", which ", winner, " hides"));
            near.push(Near::new(found, sentence!("is in the package ", dir, by)));
        }
    }
    near
}
