//! Snapshots: what is recorded replays to the same report, and what is malformed is refused with its place.

mod documents;
mod mutations;
mod redacted;
mod replay;
mod size;
mod variables;

use serde_json::Value;
use venv_doctor::internals::snapshot::{self, SnapshotError};

/// The report on a snapshot, as `explain --snapshot FILE --json` prints it.
///
/// There is no other machine here than the one in memory that [`snapshot::load`] makes: by its type, it cannot ask
/// the live one.
fn report(document: &[u8]) -> Result<Vec<u8>, SnapshotError> {
    let snapshot::Snapshot { host, invocation, options, notes, .. } = snapshot::load(document)?;
    let host: venv_doctor::internals::host::MemoryHost = host;
    let explanation = venv_doctor::explain(&host, &invocation, &options);
    Ok(venv_doctor::internals::report::json::v1::render(&explanation, &notes))
}

/// The same as a value.
fn report_value(document: &[u8]) -> Value {
    serde_json::from_slice(&report(document).unwrap()).unwrap()
}

/// The example of the manual.
const EXAMPLE: &str = include_str!("example.json");

/// The example with a change.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut document: Value = serde_json::from_str(EXAMPLE).unwrap();
    change(&mut document);
    serde_json::to_vec(&document).unwrap()
}
