//! What holds for every examination, whatever its input.

use std::time::{Duration, Instant};

use serde_json::Value;
use venv_doctor::internals::report::check::{Examined, Report};
use venv_doctor::internals::report::fix::Report as Repairs;
use venv_doctor::internals::report::text::Style;
use venv_doctor::internals::rules::{Finding, Selection, Severity};
use venv_doctor::internals::snapshot;
use venv_doctor::{Depth, Host, Snapshot, Wanted};

use crate::support::colors::without_colors;

/// More evidence than this, or a longer message, helps nobody.
const MOST_EVIDENCE: usize = 200;
const LONGEST_MESSAGE: usize = 4 << 10;
/// A command contains every path that it changes, and cannot be cut.
const LONGEST_COMMAND: usize = 32 << 10;
/// A multiple of what any of the documents takes in a build for debugging on a slow machine.
const LONGEST: Duration = Duration::from_secs(30);

/// What came of an examination.
pub struct Told {
    /// How many findings there were.
    pub findings: usize,
    /// How long it took, with all reports.
    pub took: Duration,
}

/// Examines a document to its depth, and makes every report of it; none where it is refused. What is wrong is the
/// error.
pub fn examine(document: &[u8]) -> Result<Option<Told>, String> {
    let Ok(it) = snapshot::load(document) else { return Ok(None) };
    report(&it.host, &it).map(Some)
}

/// Examines the environment of a snapshot on another host than its own, such as one with a file changed.
pub fn report(host: &dyn Host, it: &Snapshot) -> Result<Told, String> {
    let began = Instant::now();
    let explanation = venv_doctor::examine(host, &it.invocation, &it.options, Depth::Files);
    for finding in &explanation.findings {
        sound(finding)?;
    }
    planned(host, it)?;
    let findings = explanation.findings.len();
    let dir = it.invocation.cwd.clone();
    let home = it.invocation.variable("HOME").map(ToOwned::to_owned);
    let selection = Selection { select: Vec::new(), ignore: Vec::new(), severity: Severity::Info };
    let asked = Some(it.invocation.executable.clone());
    let report = Report {
        examined: vec![Examined { asked, explanation, notes: it.notes.clone(), forecast: None }],
        selection,
        dir,
    };
    for color in [false, true] {
        let text = report.to_text(&Style { width: 80, color, verbose: true, home: home.clone() });
        harmless(&if color { without_colors(&text) } else { text }).map_err(|wrong| format!("text: {wrong}"))?;
    }
    let annotations = report.to_github();
    harmless(&annotations).map_err(|wrong| format!("annotations: {wrong}"))?;
    if annotations.lines().count() != findings || annotations.lines().any(|line| !line.starts_with("::")) {
        return Err(format!("annotations: {findings} findings are not as many lines:\n{annotations}"));
    }
    let json = one_line(&report.to_json()).map_err(|wrong| format!("JSON: {wrong}"))?;
    let told = json["environments"][0]["findings"].as_array().map_or(0, Vec::len);
    let sarif = one_line(&report.to_sarif()).map_err(|wrong| format!("SARIF: {wrong}"))?;
    let results = sarif["runs"][0]["results"].as_array().map_or(0, Vec::len);
    if told != findings || results != findings {
        return Err(format!("{findings} findings, but {told} in JSON and {results} in SARIF"));
    }
    let took = began.elapsed();
    if took > LONGEST { Err(format!("took {took:?}")) } else { Ok(Told { findings, took }) }
}

/// Any snapshot has a plan, each fix of which is told in every form.
fn planned(host: &dyn Host, it: &Snapshot) -> Result<(), String> {
    let plan = venv_doctor::plan(host, &it.invocation, &it.options, Depth::Environment, &Wanted::safe());
    let fixes = plan.fixes.len();
    let report = Repairs { plans: vec![plan], transaction: None };
    let text = report.to_text(&Style { width: 80, color: false, verbose: false, home: None }, &[]);
    harmless(&text).map_err(|wrong| format!("text of the plan: {wrong}"))?;
    let json = one_line(&report.to_json()).map_err(|wrong| format!("JSON of the plan: {wrong}"))?;
    let told = json["environments"][0]["fixes"].as_array().map_or(0, Vec::len);
    if told == fixes { Ok(()) } else { Err(format!("{fixes} fixes, but {told} in JSON")) }
}

/// Spans are within their lines, and texts have a limited length.
fn sound(finding: &Finding) -> Result<(), String> {
    let code = finding.code().text();
    if finding.evidence.len() > MOST_EVIDENCE {
        return Err(format!("{code} has {} evidence", finding.evidence.len()));
    }
    let advice = finding.fix.as_ref().map(|fix| (fix.advice.len(), fix.commands.iter().map(|it| it.len()).max()));
    let (advice, command) = advice.unwrap_or_default();
    let texts = [
        ("message", finding.message.len()),
        ("effect", finding.effect.as_ref().map_or(0, |effect| effect.len())),
        ("advice", advice),
    ];
    if let Some(length) = command.filter(|length| *length > LONGEST_COMMAND) {
        return Err(format!("{code} has a command of {length} bytes"));
    }
    if let Some((what, length)) = texts.into_iter().find(|(_, length)| *length > LONGEST_MESSAGE) {
        return Err(format!("{code} has a {what} of {length} bytes"));
    }
    for evidence in &finding.evidence {
        if evidence
            .span
            .as_ref()
            .is_some_and(|span| span.start >= span.end || evidence.text.get(span.clone()).is_none())
        {
            return Err(format!("{code} marks {:?} of {:?}", evidence.span, evidence.text));
        }
        if evidence.line == Some(0) {
            return Err(format!("{code} names line 0 of {:?}", evidence.file));
        }
    }
    Ok(())
}

/// The text contains no characters that control a terminal, hide text or reverse its direction.
fn harmless(text: &str) -> Result<(), String> {
    let is_harmful = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    match text.lines().find(|line| line.chars().any(is_harmful)) {
        Some(line) => Err(format!("{line:?}")),
        None => Ok(()),
    }
}

fn one_line(json: &[u8]) -> Result<Value, String> {
    let bare = json.strip_suffix(b"\n").unwrap_or(json);
    match bare.iter().find(|byte| byte.is_ascii_control()) {
        Some(byte) => Err(format!("byte {byte} stands in it")),
        None => serde_json::from_slice(bare).map_err(|error| error.to_string()),
    }
}
