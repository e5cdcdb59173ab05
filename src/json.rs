//! The JSON documents that the command prints. Each names its schema; keys may be added within a version, and none is
//! renamed or removed.

use bstr::BString;

use crate::explanation::Explanation;
use crate::report;

/// The explain report (`venv-doctor/explain/1`): one object on one line. `notes` say how the caller understood what it
/// was asked.
pub fn explanation(explanation: &Explanation, notes: &[BString]) -> Vec<u8> {
    report::json::v1::render(explanation, notes)
}

/// The JSON Schema of [`explanation`].
pub fn explanation_schema() -> String {
    report::json::v1::schema()
}

/// A line of `scan --json` (`venv-doctor/scan/1`): one environment.
pub fn environment(environment: &crate::scan::Environment) -> Vec<u8> {
    report::scan::to_json_line(environment)
}

/// The JSON Schema of the lines of `scan --json`.
pub fn scan_schema() -> String {
    report::scan::schema()
}
