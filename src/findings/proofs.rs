//! Proofs that several families show.

use crate::environment::{Distribution, Survey};
use crate::findings::Proof;

/// A line of a distribution's `RECORD`, with the file that it names marked.
pub fn record_line(survey: &Survey<'_>, distribution: &Distribution, line: usize, path: impl AsRef<[u8]>) -> Proof {
    let file = survey.join(distribution.path(survey), "RECORD");
    match distribution.record(survey).ok().and_then(|record| record.line(line)) {
        Some(text) => Proof::line(file, line, text).marking(path),
        None => Proof::about(file, path.as_ref()),
    }
}
