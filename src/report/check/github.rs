//! Findings as workflow commands, which GitHub Actions turns into annotations.
//!
//! See "Workflow commands for GitHub Actions" in GitHub's documentation: `::error file=…,line=…,col=…::message`.

use std::fmt::Write;

use bstr::{BStr, ByteSlice};

use super::Report;
use crate::rules::{Finding, Severity};
use crate::text::escape::escape;

/// One line for each finding.
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    for examined in &report.examined {
        for finding in report.shown(examined) {
            one(&mut text, finding, report.dir.as_ref().map(|dir| dir.as_bstr()));
        }
    }
    text
}

fn one(text: &mut String, finding: &Finding, dir: Option<&BStr>) {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut place = String::new();
    if let Some(evidence) = finding.evidence.first() {
        let file = super::sarif::relative(evidence.file.as_bstr(), dir).unwrap_or(evidence.file.as_bstr());
        let _ = write!(place, "file={},", property(&escape(file)));
        if let Some(line) = evidence.line {
            let _ = write!(place, "line={line},");
        }
        if let Some((start, end)) = super::sarif::columns(evidence) {
            let _ = write!(place, "col={start},endColumn={end},");
        }
    }
    let mut message = escape(finding.message.as_bstr());
    if let Some(fix) = &finding.fix {
        let _ = write!(message, "\nhelp: {}", escape(fix.advice.as_bstr()));
        for line in &fix.commands {
            let _ = write!(message, "\n$ {}", escape(line.as_bstr()));
        }
    }
    let title = format!("{} {}", finding.code(), finding.rule.name);
    let _ = writeln!(text, "::{command} {place}title={}::{}", property(&title), data(&message));
}

/// The text of a message, with the characters escaped that end a command or begin an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, with the characters escaped that end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
