//! VD7xx: extension modules, and what the interpreter can load.

mod bytecode;
mod headers;
mod lib64;
mod loose;
mod rules;
mod site_dir;
mod tags;

use bstr::{BString, ByteSlice};

use super::Finding;
use crate::environment::{Distribution, Place, Survey};

pub use rules::RULES;

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    site_dir::find(survey, findings);
    for distribution in survey.distributions() {
        findings.extend(modules(survey, distribution));
        bytecode::find(survey, distribution, findings);
    }
    loose::find(survey, findings);
    lib64::find(survey, findings);
}

/// What is wrong with the modules of a distribution: their names tell, or else their headers.
fn modules(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    tags::find(survey, distribution).or_else(|| headers::find(survey, distribution))
}

/// Whether the modules of a distribution show by themselves that they are for another interpreter.
pub(super) fn tells(survey: &Survey<'_>, distribution: &Distribution) -> bool {
    modules(survey, distribution).is_some()
}

/// The file that a line of `RECORD` names; none where the package that holds it is gone, which is told elsewhere.
fn file_of(survey: &Survey<'_>, distribution: &Distribution, place: &Place) -> Option<BString> {
    let first = place.path.split_str("/").next()?.as_bstr();
    let is_there = survey.holds(distribution.site.as_bstr(), first) != Some(false);
    (is_there && !is_spare(&place.path)).then(|| survey.join(&distribution.site, &place.path))
}

/// Whether a file is data of tests, which may be damaged or foreign on purpose.
fn is_spare(path: &BString) -> bool {
    path.split_str("/").any(|name| matches!(name, b"test" | b"tests" | b"testing" | b"testdata" | b".."))
}
