//! What really happens next to what is predicted.

use std::fmt;

use bstr::{BString, ByteSlice};
use serde_json::Value as Json;

use super::situation::{Situation, Subject};
use crate::support::numbers::number;
use crate::support::world::{Cwd, Ended, Start};

/// The first line of the path configuration, which is not shown.
const DUMP: &str = "Python path configuration:";

/// What became of situations.
#[derive(Default)]
pub struct Tally {
    /// How many were tried.
    pub tried: usize,
    /// In how many of them Python did not start.
    pub fatal: usize,
    /// Of how many nothing certain was said.
    pub unknown: usize,
    /// What differed.
    pub different: Vec<String>,
}

impl Tally {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.tried += other.tried;
        self.fatal += other.fatal;
        self.unknown += other.unknown;
        self.different.extend(other.different.iter().cloned());
    }

    /// The first differences.
    pub fn shown(&self) -> String {
        let shown = number("VENV_DOCTOR_SHOWN", 20);
        self.different.iter().take(shown).cloned().collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tried, fatal, unknown, different } = self;
        write!(formatter, "{tried} situations, {fatal} fatal, {} different, {unknown} unknown", different.len())
    }
}

/// Starts Python and asks venv-doctor about it.
pub fn compare(subject: &Subject<'_>, situation: &Situation, tally: &mut Tally) {
    let tool = BString::from(format!("{}/venv-doctor", subject.python.world.work()));
    let real = run(subject, situation, situation.exe.clone(), situation.arguments(), "real");
    let said = run(subject, situation, tool, situation.told(), "said");
    tally.tried += 1;
    let starts = real.stdout.contains_str("STARTED");
    tally.fatal += usize::from(!starts);
    let problem = match serde_json::from_slice(&said.stdout) {
        Err(error) => Some(format!("no report ({error}): {}", said.stderr.as_bstr())),
        Ok(report) if is_unknown(subject, &report) && (starts || is_said_to_start(&report)) => {
            tally.unknown += 1;
            return;
        }
        Ok(report) => problem(situation, &report, starts, &real),
    };
    if let Some(problem) = problem {
        let label = &subject.python.label;
        let lines = without_traces(real.stderr.lines().map(|line| line.to_str_lossy().into_owned()));
        tally.different.push(format!("{label} {}: {problem}; real:\n    {}", situation.shown(), lines.join("\n    ")));
    }
}

fn run(subject: &Subject<'_>, situation: &Situation, file: BString, args: Vec<BString>, name: &str) -> Ended {
    let usual = || subject.path("cwd");
    let cwd = Some(situation.cwd.clone()).filter(|cwd| !cwd.is_empty()).unwrap_or_else(usual);
    subject
        .python
        .world
        .run(&Start {
            file: file.clone(),
            arg0: file,
            args,
            env: situation.variables(),
            cwd: &Cwd::At(cwd),
            unprivileged: false,
            stdin: None,
            capture: subject.outside(name),
        })
        .unwrap()
}

fn is_said_to_start(report: &Json) -> bool {
    report["outcome"]["status"] == "starts"
}

/// Whether the report says that it does not know what code of the situation does, or what the outcome is. Code of the
/// installation itself is no part of the situation.
fn is_unknown(subject: &Subject<'_>, report: &Json) -> bool {
    let work = subject.path("").to_string();
    let is_ours = |evidence: &Json| evidence["file"].as_str().is_some_and(|file| file.starts_with(&work));
    report["outcome"]["status"] == "not-simulated"
        || report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["code"] == "VD901" && finding["evidence"].as_array().unwrap().iter().any(is_ours))
}

/// What is wrong with the prediction.
fn problem(situation: &Situation, report: &Json, starts: bool, real: &Ended) -> Option<String> {
    if is_said_to_start(report) != starts {
        let really = if starts { "it starts" } else { "it fails" };
        return Some(format!("predicted {}, {really} ({:?})", report["outcome"]["status"], real.code));
    }
    let lines: Vec<&[u8]> = real.stderr.lines().collect();
    let messages: Vec<&str> =
        report["messages"].as_array().unwrap().iter().filter_map(Json::as_str).flat_map(str::lines).collect();
    // What ends in a carriage return ends a line of this reader.
    let messages: Vec<&str> = messages.into_iter().map(|message| message.trim_end_matches('\r')).collect();
    if !starts && is_without_text(&messages, &lines) {
        return None;
    }
    let mut rest = lines.iter();
    let are_in_order = messages.iter().all(|message| rest.any(|line| *line == message.as_bytes()));
    let is_first = messages.first().map(|first| first.as_bytes()) == lines.first().copied();
    if starts && situation.env.iter().any(|(name, value)| name == "PYTHONIOENCODING" && is_recoding(value)) {
        return None;
    }
    // An error handler that is not known is noticed when something is printed first.
    let is_quiet = starts && situation.env.iter().any(|(name, _)| name == "PYTHONIOENCODING");
    if are_in_order && (is_first || is_quiet) {
        return None;
    }
    Some(format!("predicted messages {:?}", without_traces(messages.into_iter().map(ToOwned::to_owned))))
}

/// Whether an encoding writes other bytes for plain text, or none, so that what is printed cannot be compared.
fn is_recoding(value: &BString) -> bool {
    const CODECS: [&str; 8] =
        ["utf-16", "utf-32", "utf-7", "utf-8-sig", "unicode_escape", "raw_unicode", "punycode", "undefined"];
    CODECS.iter().any(|codec| value.starts_with(codec.as_bytes()))
}

/// An error about a module that C code imports: Python prints nothing before it, and its text is not predicted.
fn is_without_text(messages: &[&str], lines: &[&[u8]]) -> bool {
    messages.is_empty()
        && lines.first().is_some_and(|line| line.starts_with(b"  File ") || line.starts_with(b"AttributeError"))
}

fn without_traces(lines: impl Iterator<Item = String>) -> Vec<String> {
    lines.filter(|line| !line.starts_with("  ") && line != DUMP).take(12).collect()
}
