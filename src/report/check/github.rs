//! Findings as workflow commands, which GitHub Actions turn into annotations.
//!
//! See "Workflow commands for GitHub Actions" in GitHub's documentation: `::error file=…,line=…,col=…::message`.

use std::fmt::Write;

use bstr::{BStr, ByteSlice};

use super::Report;
use crate::findings::{Finding, Severity};
use crate::report::escape::escape;

/// One line for each finding.
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    for examined in &report.examined {
        for finding in report.shown(examined) {
            one(&mut text, finding, report.folder.as_ref().map(|folder| folder.as_bstr()));
        }
    }
    text
}

fn one(text: &mut String, finding: &Finding, folder: Option<&BStr>) {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut place = String::new();
    if let Some(proof) = finding.evidence.first() {
        let file = super::sarif::relative(proof.file.as_bstr(), folder).unwrap_or(proof.file.as_bstr());
        let _ = write!(place, "file={},", property(&escape(file)));
        if let Some(line) = proof.line {
            let _ = write!(place, "line={line},");
        }
        if let Some((start, end)) = super::sarif::columns(proof) {
            let _ = write!(place, "col={start},endColumn={end},");
        }
    }
    let mut message = escape(finding.message.as_bstr());
    if let Some(cure) = &finding.cure {
        let _ = write!(message, "\nfix: {}", escape(cure.advice.as_bstr()));
        for line in &cure.commands {
            let _ = write!(message, "\n$ {}", escape(line.as_bstr()));
        }
    }
    let title = format!("{} {}", finding.code, crate::findings::rule(finding.code).name);
    let _ = writeln!(text, "::{command} {place}title={}::{}", property(&title), data(&message));
}

/// A message: what would end the line or begin an escape is written as its number.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
