//! Findings as a Code Quality report, which GitLab shows in merge requests.
//!
//! See "Code Quality report format" in GitLab's documentation: a JSON array with one object for each finding.

use bstr::{BStr, ByteSlice};
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Report;
use crate::rules::{Finding, Severity};
use crate::text::document::line;
use crate::text::escape::escape;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    /// What tells whether a finding of one run is that of another.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// One object for each finding.
pub fn render(report: &Report) -> Vec<u8> {
    let dir = report.dir.as_ref().map(|dir| dir.as_bstr());
    let findings = report.examined.iter().flat_map(|examined| report.shown(examined));
    line(&findings.map(|finding| issue(finding, dir)).collect::<Vec<_>>())
}

fn issue(finding: &Finding, dir: Option<&BStr>) -> Issue {
    let evidence = finding.evidence.first();
    let file = evidence.map(|evidence| evidence.file.as_bstr()).unwrap_or_default();
    let path = escape(super::sarif::relative(file, dir).unwrap_or(file));
    let message = escape(finding.message.as_bstr());
    let advice = finding.fix.as_ref().map(|fix| format!("; help: {}", escape(fix.advice.as_bstr())));
    // No line number: a line that is inserted above makes no new finding.
    let identity = [finding.code().text(), &path, &message].join("\0");
    Issue {
        description: format!("{} {}: {message}{}", finding.code(), finding.rule.name, advice.unwrap_or_default()),
        check_name: finding.code().text(),
        fingerprint: HEXLOWER.encode(&Sha256::digest(identity)),
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        location: Location { path, lines: Lines { begin: evidence.and_then(|it| it.line).unwrap_or(1) } },
    }
}
