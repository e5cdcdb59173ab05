//! Which of the files that a distribution lists are judged.

use bstr::{BString, ByteSlice};

use crate::environment::{Distribution, Place, Survey};

/// The file that a line of `RECORD` names; none where the package that holds it is gone, which is told elsewhere.
pub fn file_of(survey: &Survey<'_>, distribution: &Distribution, place: &Place) -> Option<BString> {
    let first = place.path.split_str("/").next()?.as_bstr();
    let is_there = survey.holds(distribution.site.as_bstr(), first) != Some(false);
    (is_there && !is_spare(&place.path)).then(|| survey.join(&distribution.site, &place.path))
}

/// Whether a file is data of tests, which may be damaged or foreign on purpose.
pub fn is_spare(path: &BString) -> bool {
    path.split_str("/").any(|name| matches!(name, b"test" | b"tests" | b"testing" | b"testdata" | b".."))
}
