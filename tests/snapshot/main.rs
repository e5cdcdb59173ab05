//! Snapshots: what is recorded replays to the same report, and what is malformed is refused with its place.

#![allow(clippy::disallowed_methods, reason = "tests build layouts and run the program")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test reports by printing and panicking"
)]

#[path = "../differential/mod.rs"]
mod differential;
mod replay;

use venv_doctor::Explanation;
use venv_doctor::snapshot::{self, SnapshotError};

/// The report on a snapshot, as `explain --snapshot FILE --json` prints it.
fn report(document: &[u8]) -> Result<Vec<u8>, SnapshotError> {
    let snapshot = snapshot::load(document)?;
    let explanation: Explanation = venv_doctor::explain(&snapshot.host, &snapshot.invocation, &snapshot.options);
    Ok(venv_doctor::report::json::v1::render(&explanation, &snapshot.notes))
}

/// The report as JSON.
fn report_value(document: &[u8]) -> serde_json::Value {
    serde_json::from_slice(&report(document).unwrap()).unwrap()
}
