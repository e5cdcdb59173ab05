//! The explanation: what Python asks, finds and decides, step by step.

use bstr::BString;
use owo_colors::Style as Paint;

use super::count;
use super::page::{Page, columns};
use crate::Explanation;
use crate::host::{Answer, Lookup, Op};
use crate::startup::{Step, Value};

const NUMBERS: usize = 4;
const PHASES: usize = 13;
const GAP: usize = 2;
const MOST_CODES: usize = 4;
/// The column of a question in a word.
pub(in crate::report) const QUESTIONS: usize = 13;

/// Writes every step; `verbose` adds rules, sources and every question with its answer.
pub fn render(page: &mut Page, explanation: &Explanation, verbose: bool) {
    if explanation.steps.is_empty() {
        return;
    }
    page.heading("How Python gets there");
    let mut phase = None;
    for step in &explanation.steps {
        if verbose && phase.is_some() {
            page.blank();
        }
        // With every check below, a count of them says nothing.
        let checks = if verbose { String::new() } else { tally(&step.lookups) };
        title(page, step, phase != Some(step.phase), &checks, &codes(explanation, step));
        phase = Some(step.phase);
        body(page, step, verbose);
    }
}

/// The column in which the body of a step stands.
fn column(page: &Page) -> usize {
    if page.is_wide() { NUMBERS + PHASES } else { NUMBERS }
}

/// Number, phase (where it is a new one), title, and in a few words what was checked and found wrong here.
fn title(page: &mut Page, step: &Step, names_phase: bool, checks: &str, codes: &str) {
    let palette = page.palette;
    let number = format!("{:>2}", step.number);
    let phase = if names_phase { step.phase.name() } else { "" };
    if page.is_wide() {
        let cells = [
            (number.as_str(), NUMBERS, palette.faint),
            (phase, PHASES, palette.name),
            (step.title, columns(step.title) + GAP, palette.strong),
            (checks, if checks.is_empty() { 0 } else { columns(checks) + GAP }, palette.faint),
            (codes, 0, palette.doubtful),
        ];
        page.row(0, &cells);
    } else {
        let title = [phase, step.title, codes].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        page.labelled(0, &number, palette.faint, NUMBERS, &title.join(" · "), palette.strong);
    }
}

/// The codes of the findings that show in a step, or only their number where there are many.
fn codes(explanation: &Explanation, step: &Step) -> String {
    let mut codes: Vec<&str> = explanation
        .findings
        .iter()
        .filter(|finding| finding.step == Some(step.number))
        .map(|it| it.code.text())
        .collect();
    codes.dedup();
    if codes.len() > MOST_CODES { format!("{} findings", codes.len()) } else { codes.join(" ") }
}

fn body(page: &mut Page, step: &Step, verbose: bool) {
    let palette = page.palette;
    let indent = column(page);
    if !step.detail.is_empty() {
        let detail = page.show(&step.detail);
        page.paragraph(indent, &detail, Paint::new());
    }
    for (name, value) in step.sets.iter().filter(|(name, value)| verbose || is_telling(name, value)) {
        let value = value_text(page, value);
        page.labelled(indent, &format!("{name} ="), palette.name, name.len() + 3, &value, Paint::new());
    }
    if verbose {
        rule(page, indent, step);
        for check in &step.lookups {
            question(page, indent, check);
        }
    }
}

/// Whether a value is worth a line to whoever does not want to know everything: what Python shows later, but for
/// `sys.path`, which has a table of its own.
pub(in crate::report) fn is_telling(name: &str, value: &Value) -> bool {
    (name.starts_with("sys.") || name.starts_with("site.")) && !matches!(value, Value::List(_))
}

pub(in crate::report) fn value_text(page: &Page, value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Text(text) => entry_text(page, text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| entry_text(page, item)).collect::<Vec<_>>().join(", "))
        }
    }
}

/// An empty string would be invisible.
fn entry_text(page: &Page, text: &BString) -> String {
    if text.is_empty() { "''".to_owned() } else { page.show(text) }
}

fn rule(page: &mut Page, indent: usize, step: &Step) {
    let palette = page.palette;
    let mut text = step.id.name().to_owned();
    for part in std::iter::once(step.source.as_str()).chain(step.issues.iter().copied()).filter(|it| !it.is_empty()) {
        text.push_str(" · ");
        text.push_str(part);
    }
    page.labelled(indent, "rule", palette.faint, 6, &text, palette.faint);
}

/// One question with its answer.
fn question(page: &mut Page, indent: usize, check: &Lookup) {
    let palette = page.palette;
    let (asked, text, paint) = asked_and_answered(page, check);
    page.labelled(indent, asked, palette.faint, QUESTIONS, &text, paint);
}

/// A question in a word, its path with the answer, and the color of that.
pub(in crate::report) fn asked_and_answered(page: &Page, check: &Lookup) -> (&'static str, String, Paint) {
    let palette = page.palette;
    let asked = match check.op {
        Op::IsFile => "file?",
        Op::IsDir => "directory?",
        Op::IsExecutable => "executable?",
        Op::Read => "read",
        Op::ReadLink => "link?",
        Op::RealPath => "real path?",
        Op::ListDir => "list",
        Op::Exists => "exists?",
    };
    let (answer, paint) = match &check.answer {
        Answer::Bool(true) => ("yes".to_owned(), palette.good),
        Answer::Bool(false) => ("no".to_owned(), palette.faint),
        Answer::Bytes(bytes) => (count(*bytes, "byte"), palette.good),
        Answer::Path(path) => (format!("→ {}", page.show(path)), palette.good),
        Answer::Names(names) => (count(*names, "name"), palette.good),
        Answer::Error(error) => (error.to_string(), palette.faint),
    };
    let path = entry_text(page, &check.path);
    (asked, format!("{path}  {answer}"), paint)
}

/// How many checks, and how many found something; nothing where there was none.
fn tally(checks: &[Lookup]) -> String {
    if checks.is_empty() {
        return String::new();
    }
    let found = checks.iter().filter(|check| !matches!(check.answer, Answer::Bool(false) | Answer::Error(_))).count();
    let asked = count(checks.len(), "check");
    match found {
        0 => format!("{asked}, nothing found"),
        found if found == checks.len() => format!("{asked}, found"),
        found => format!("{asked}, {found} found"),
    }
}
