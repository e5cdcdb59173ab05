//! Which of the files in a `RECORD` are judged.

use bstr::{BString, ByteSlice};

use crate::environment::{Distribution, Place, Survey};

/// The file that a line of `RECORD` names; none where its top-level package is missing, which the rules about distributions report, or where it
/// is test data.
pub fn file_of(survey: &Survey<'_>, distribution: &Distribution, place: &Place) -> Option<BString> {
    let first = place.path.split_str("/").next()?.as_bstr();
    let is_there = survey.holds(distribution.site.as_bstr(), first) != Some(false);
    (is_there && !is_test_data(&place.path)).then(|| survey.join(&distribution.site, &place.path))
}

/// Whether a file is test data, which may be damaged or built for another system on purpose.
fn is_test_data(path: &BString) -> bool {
    path.split_str("/").any(|name| matches!(name, b"test" | b"tests" | b"testing" | b"testdata" | b".."))
}
