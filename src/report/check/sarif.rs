//! SARIF 2.1.0 (OASIS): those of its objects that findings need.

use std::collections::BTreeMap;

use bstr::{BStr, ByteSlice};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use serde::Serialize;

use super::Report;
use crate::report::json::v1::Tool;
use crate::rules::{Code, Evidence, Finding, Rule, Severity};
use crate::text::document::line;
use crate::text::escape::escape;

/// What has to be percent-encoded in the path of a URI (RFC 3986, `path`).
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':');

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: SarifTool,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct SarifTool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

/// One run, with the rules of its findings.
pub fn render(report: &Report) -> Vec<u8> {
    let findings: Vec<&Finding> = report.examined.iter().flat_map(|examined| report.shown(examined)).collect();
    let rules: BTreeMap<Code, &Rule> = findings.iter().map(|finding| (finding.code(), finding.rule)).collect();
    let index: BTreeMap<Code, usize> = rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let tool = Tool::this();
    let driver = Driver {
        name: tool.name,
        semantic_version: tool.version,
        rules: rules.values().map(|rule| descriptor(rule)).collect(),
    };
    let dir = report.dir.as_ref().map(|dir| dir.as_bstr());
    let results = findings.iter().map(|finding| result(finding, &index, dir)).collect();
    line(&Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run { tool: SarifTool { driver }, column_kind: "unicodeCodePoints", results }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn descriptor(rule: &Rule) -> Descriptor {
    Descriptor {
        id: rule.code.text(),
        name: rule.name,
        short_description: Message { text: rule.summary.to_owned() },
        full_description: Message { text: rule.why.to_owned() },
        help: Message { text: rule.fix.to_owned() },
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn result(finding: &Finding, index: &BTreeMap<Code, usize>, dir: Option<&BStr>) -> SarifResult {
    let mut text = escape(finding.message.as_bstr());
    if let Some(fix) = &finding.fix {
        text.push_str("\nhelp: ");
        text.push_str(&escape(fix.advice.as_bstr()));
        for command in &fix.commands {
            text.push_str("\n$ ");
            text.push_str(&escape(command.as_bstr()));
        }
    }
    let mut locations: Vec<Location> = finding.evidence.iter().map(|evidence| location(evidence, dir)).collect();
    let related = locations.split_off(locations.len().min(1));
    SarifResult {
        rule_id: finding.code().text(),
        rule_index: index.get(&finding.code()).copied().unwrap_or_default(),
        level: level(finding.severity),
        message: Message { text },
        locations,
        related_locations: related,
    }
}

fn location(evidence: &Evidence, dir: Option<&BStr>) -> Location {
    let region = evidence.line.map(|line| {
        let columns = columns(evidence);
        Region { start_line: line, start_column: columns.map(|it| it.0), end_column: columns.map(|it| it.1) }
    });
    let text = Some(escape(evidence.text.as_bstr())).filter(|text| !text.is_empty());
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(evidence.file.as_bstr(), dir) },
            region,
        },
        message: text.map(|text| Message { text }),
    }
}

/// The columns of evidence in characters from 1: the first of the marked part, and the one after its last.
pub(super) fn columns(evidence: &Evidence) -> Option<(usize, usize)> {
    let span = evidence.span.as_ref()?;
    let start = evidence.text.get(..span.start)?.chars().count() + 1;
    Some((start, start + evidence.text.get(span.clone())?.chars().count()))
}

/// The path relative to the directory, where it is below that.
pub(super) fn relative<'p>(file: &'p BStr, dir: Option<&BStr>) -> Option<&'p BStr> {
    let rest = file.strip_prefix(dir?.as_bytes())?.strip_prefix(b"/")?;
    Some(rest.as_bstr())
}

/// A file as a URI: relative where it is below the directory, as code scanning requires.
fn uri(file: &BStr, dir: Option<&BStr>) -> String {
    if let Some(below) = relative(file, dir) {
        return percent_encode(below, PATH).to_string();
    }
    let slashes = file.replace(br"\", b"/");
    let root = if slashes.starts_with(b"/") { "file://" } else { "file:///" };
    let is_absolute = slashes.starts_with(b"/") || slashes.get(1) == Some(&b':');
    let encoded = percent_encode(&slashes, PATH).to_string();
    if is_absolute { format!("{root}{encoded}") } else { encoded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_uris() {
        let dir = Some(BStr::new("/w"));
        let cases: [(&[u8], &str); 5] = [
            (b"/w/.venv/pyvenv.cfg", ".venv/pyvenv.cfg"),
            (b"/wide/my file#1", "file:///wide/my%20file%231"),
            (b"/caf\xe9", "file:///caf%E9"),
            (br"C:\env\pyvenv.cfg", "file:///C%3A/env/pyvenv.cfg"),
            (b"bin/python", "bin/python"),
        ];
        for (file, expected) in cases {
            assert_eq!(uri(file.as_bstr(), dir), expected);
        }
    }
}
