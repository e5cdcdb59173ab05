//! Lines of RECORD as evidence, which several families show.

use crate::environment::{Distribution, Survey};
use crate::rules::Evidence;

/// A line of a distribution's `RECORD`, with the file that it names marked.
pub fn record_line(survey: &Survey<'_>, distribution: &Distribution, line: usize, path: impl AsRef<[u8]>) -> Evidence {
    let file = survey.join(distribution.path(survey), "RECORD");
    match distribution.record(survey).ok().and_then(|record| record.line(line)) {
        Some(text) => Evidence::line(file, line, text).marking(path),
        None => Evidence::about(file, path.as_ref()),
    }
}
