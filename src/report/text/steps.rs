//! The explanation: what Python looks up, finds and decides, step by step.
//!
//! A step is one line: what it decided, or else what it found. The whole reasoning and all lookups take several
//! times the space, and are shown where they are wanted: with `-v`, and where something is wrong.

use std::collections::BTreeMap;

use bstr::BString;
use owo_colors::Style as Paint;

use super::count;
use super::page::{Page, columns, fit};
use crate::Explanation;
use crate::host::{Answer, Lookup, Op};
use crate::startup::{Phase, Step, Value};

const NUMBERS: usize = 4;
const PHASES: usize = 13;
const GAP: usize = 2;
/// What is between the title of a step and its gist.
const SEPARATOR: &str = " · ";
const MOST_CODES: usize = 4;
/// Less than this is no room for a text.
const LEAST_TEXT: usize = 24;
/// The column of a lookup's name.
pub(in crate::report) const LOOKUPS: usize = 13;

/// The values that the steps so far have decided, by name.
pub(in crate::report) type Decided<'e> = BTreeMap<&'static str, &'e Value>;

/// Writes every step; `verbose` adds reasons, identifiers, sources and every lookup with its answer.
pub fn render(page: &mut Page, explanation: &Explanation, verbose: bool) {
    if explanation.resolution.steps.is_empty() {
        return;
    }
    let hint = if verbose || !page.is_wide() { "" } else { " (-v shows reasons and lookups)" };
    page.heading(&format!("How Python starts{hint}"));
    let mut phase = None;
    let mut decided = Decided::new();
    for step in &explanation.resolution.steps {
        if verbose && phase.is_some() {
            page.blank();
        }
        let title =
            Title { step, phase: Some(step.phase).filter(|own| phase != Some(*own)), codes: codes(explanation, step) };
        if verbose || is_wrong(explanation, step) {
            title.alone(page);
            body(page, step, verbose);
        } else {
            let gist = Gist::new(page, step, &decided);
            title.with_gist(page, gist);
        }
        phase = Some(step.phase);
        decided.extend(step.sets.iter().map(|(name, value)| (*name, value)));
    }
}

/// Whether a finding shows in this step, or Python fails in it: then its reasons are wanted.
pub(in crate::report) fn is_wrong(explanation: &Explanation, step: &Step) -> bool {
    let fails =
        explanation.resolution.outcome.status.fails() && explanation.resolution.outcome.step == Some(step.number);
    fails || explanation.findings.iter().any(|finding| finding.step == Some(step.number))
}

/// The column in which the text of a step begins.
fn column(page: &Page) -> usize {
    if page.is_wide() { NUMBERS + PHASES } else { NUMBERS }
}

/// The first line of a step.
struct Title<'e> {
    step: &'e Step,
    /// The phase, where this step is the first of it.
    phase: Option<Phase>,
    codes: String,
}

impl Title<'_> {
    /// Number, phase, title, and the codes of the findings that show here.
    fn alone(&self, page: &mut Page) {
        let palette = page.palette;
        let title = self.step.title;
        if page.is_wide() {
            let cells = [(title, columns(title) + GAP, palette.strong), (self.codes.as_str(), 0, palette.doubtful)];
            self.wide(page, &cells);
        } else {
            self.narrow(page);
        }
    }

    /// The same with the gist of the step, as far as there is room next to the title.
    fn with_gist(&self, page: &mut Page, gist: Gist) {
        let palette = page.palette;
        let title = self.step.title;
        let room = page.width().saturating_sub(column(page) + columns(title) + columns(SEPARATOR));
        let (next_to, below) = if page.is_wide() { gist.split(room) } else { (Vec::new(), gist.below(page)) };
        if next_to.is_empty() {
            self.alone(page);
        } else {
            let mut cells = vec![(title, 0, palette.strong)];
            for (index, text) in next_to.iter().enumerate() {
                let paint = if index == 0 { Paint::new() } else { palette.faint };
                cells.extend([(SEPARATOR, 0, palette.faint), (text.as_str(), 0, paint)]);
            }
            self.wide(page, &cells);
        }
        let indent = column(page);
        for line in &below {
            page.paragraph(indent, line, Paint::new());
        }
    }

    fn wide(&self, page: &mut Page, cells: &[(&str, usize, Paint)]) {
        let palette = page.palette;
        let number = format!("{:>2}", self.step.number);
        let phase = self.phase.map_or("", Phase::name);
        let head = [(number.as_str(), NUMBERS, palette.faint), (phase, PHASES, palette.name)];
        page.row(0, &[&head, cells].concat());
    }

    fn narrow(&self, page: &mut Page) {
        let palette = page.palette;
        let number = format!("{:>2}", self.step.number);
        let parts = [self.phase.map_or("", Phase::name), self.step.title, &self.codes];
        let title: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        page.labelled(0, &number, palette.faint, NUMBERS, &title.join(" · "), palette.strong);
    }
}

/// What is worth knowing of a step at a glance.
struct Gist {
    /// What it decided, one assignment each: never shortened.
    decisions: Vec<String>,
    /// What it found, and why it decided so: may be shortened, and left out next to a decision.
    reason: String,
}

impl Gist {
    /// What a step decided that was not decided so before, and what it found.
    fn new(page: &Page, step: &Step, decided: &Decided<'_>) -> Self {
        Self { decisions: decisions(page, step, decided), reason: reason(page, step) }
    }

    /// What there is room for next to the title, and what goes below it.
    fn split(self, room: usize) -> (Vec<String>, Vec<String>) {
        let mut decisions = self.decisions.into_iter().peekable();
        let Some(first) = decisions.next_if(|first| columns(first) <= room) else {
            let next_to = if decisions.peek().is_none() && room >= LEAST_TEXT {
                vec![abbreviated(&self.reason, room)]
            } else {
                Vec::new()
            };
            return (next_to, decisions.collect());
        };
        let room = room - columns(&first);
        let mut next_to = vec![first];
        if decisions.peek().is_none() && columns(&self.reason) + columns(SEPARATOR) <= room {
            next_to.push(self.reason);
        }
        (next_to, decisions.collect())
    }

    /// Everything below the title.
    fn below(self, page: &Page) -> Vec<String> {
        if self.decisions.is_empty() {
            return vec![abbreviated(&self.reason, page.width().saturating_sub(column(page)))];
        }
        self.decisions
    }
}

/// What a step found, and why it decided so.
pub(in crate::report) fn reason(page: &Page, step: &Step) -> String {
    let finds_nothing = !step.lookups.is_empty() && found(&step.lookups) == 0;
    if step.detail.is_empty() || finds_nothing { lookups(&step.lookups) } else { page.show(&step.detail) }
}

/// A sentence on one line. Where it is too long and begins with a path, the directories of that go first.
pub(in crate::report) fn abbreviated(sentence: &str, room: usize) -> String {
    let path = sentence.split(' ').next().filter(|path| path.starts_with(['/', '~']));
    match path.and_then(|path| path.rfind('/')) {
        Some(slash) if columns(sentence) > room => fit(&format!("…{}", &sentence[slash..]), room),
        _ => fit(sentence, room),
    }
}

/// `sys.prefix = sys.exec_prefix = /w/.venv`: the values that become something else, those that are equal together.
pub(in crate::report) fn decisions(page: &Page, step: &Step, decided: &Decided<'_>) -> Vec<String> {
    let mut decisions: Vec<(String, &Value)> = Vec::new();
    for (name, value) in step.sets.iter().filter(|(name, value)| is_telling(name, value)) {
        let is_known = decided.get(name).map_or(*value == Value::None, |before| *before == value);
        if is_known {
            continue;
        }
        match decisions.iter_mut().find(|(_, other)| *other == value) {
            Some((names, _)) => names.extend([" = ", name]),
            None => decisions.push(((*name).to_owned(), value)),
        }
    }
    decisions.iter().map(|(names, value)| format!("{names} = {}", value_text(page, value))).collect()
}

/// The codes of the findings that show in a step; of many, the first.
pub(in crate::report) fn codes(explanation: &Explanation, step: &Step) -> String {
    let shown = explanation.findings.iter().filter(|finding| finding.step == Some(step.number));
    let mut codes: Vec<&str> = shown.map(|it| it.code().text()).collect();
    codes.dedup();
    let more = codes.len().saturating_sub(MOST_CODES);
    codes.truncate(MOST_CODES);
    if more > 0 { format!("{} and {more} more", codes.join(" ")) } else { codes.join(" ") }
}

/// The reasons of a step, what it decided, and with `verbose` all that it looked up.
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
        source(page, indent, step);
        for check in &step.lookups {
            lookup(page, indent, check);
        }
    }
}

/// Whether a value is worth a line to whoever does not want to know everything: what Python shows later, but for
/// `sys.path`, which has a table of its own.
pub(in crate::report) fn is_telling(name: &str, value: &Value) -> bool {
    (name.starts_with("sys.") || name.starts_with("site.")) && !matches!(value, Value::List(_))
}

/// A value as Python shows it, but for the quotes of strings.
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
pub(in crate::report) fn entry_text(page: &Page, text: &BString) -> String {
    if text.is_empty() { "''".to_owned() } else { page.show(text) }
}

/// The identifier of the step, and where Python does it.
fn source(page: &mut Page, indent: usize, step: &Step) {
    let palette = page.palette;
    let mut text = step.id.name().to_owned();
    for part in std::iter::once(step.source.as_str()).chain(step.issues.iter().copied()).filter(|it| !it.is_empty()) {
        text.push_str(" · ");
        text.push_str(part);
    }
    page.labelled(indent, "step", palette.faint, 6, &text, palette.faint);
}

/// One lookup with its answer.
fn lookup(page: &mut Page, indent: usize, check: &Lookup) {
    let palette = page.palette;
    let (name, text, paint) = name_and_answer(page, check);
    page.labelled(indent, name, palette.faint, LOOKUPS, &text, paint);
}

/// What is looked up in a word, its path with the answer, and the color of that.
pub(in crate::report) fn name_and_answer(page: &Page, check: &Lookup) -> (&'static str, String, Paint) {
    let path = entry_text(page, &check.path);
    let paint = if is_found(check) { page.palette.good } else { page.palette.faint };
    (question(check.op), format!("{path}  {}", answer(page, &check.answer)), paint)
}

/// What is looked up, in a word.
pub(in crate::report) fn question(op: Op) -> &'static str {
    match op {
        Op::IsFile => "file?",
        Op::IsDir => "directory?",
        Op::IsExecutable => "executable?",
        Op::Read => "read",
        Op::ReadLink => "symlink?",
        Op::RealPath => "real path?",
        Op::ListDir => "list",
        Op::Exists => "exists?",
    }
}

/// The answer of the machine in a few words.
pub(in crate::report) fn answer(page: &Page, answer: &Answer) -> String {
    match answer {
        Answer::Bool(true) => "yes".to_owned(),
        Answer::Bool(false) => "no".to_owned(),
        Answer::Bytes(bytes) => count(*bytes, "byte"),
        Answer::Path(path) => format!("→ {}", page.show(path)),
        Answer::Names(names) => count(*names, "name"),
        Answer::Error(error) => error.to_string(),
    }
}

/// Whether a lookup found something.
pub(in crate::report) fn is_found(check: &Lookup) -> bool {
    !matches!(check.answer, Answer::Bool(false) | Answer::Error(_))
}

/// How many lookups found something.
fn found(checks: &[Lookup]) -> usize {
    checks.iter().filter(|check| is_found(check)).count()
}

/// How many lookups, and how many found something; nothing where there was none.
pub(in crate::report) fn lookups(checks: &[Lookup]) -> String {
    if checks.is_empty() {
        return String::new();
    }
    let all = count(checks.len(), "lookup");
    match found(checks) {
        0 => format!("{all}, nothing found"),
        found => format!("{all}, {found} found"),
    }
}
