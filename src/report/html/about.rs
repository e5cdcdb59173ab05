//! What a page tells of one Python.

use bstr::BString;

use super::drawing::Tone;
use super::findings::Findings;
use super::path::{SysPath, sys_path};
use super::startup::{Startup, startup};
use super::way::{Way, way};
use super::words::{Words, bounded};
use crate::Explanation;
use crate::interpreter::{Identification, Implementation, Problem};
use crate::report::text::shown::quote;
use crate::report::text::{first_upper, summary, tally};
use crate::rules::Severity;
use crate::startup::Status;
use crate::which::Surroundings;

/// The messages that are shown.
const MOST_MESSAGES: usize = 100;

/// A label, and what is told.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) text: String,
}

/// One Python.
pub(super) struct About {
    /// Whether it starts.
    pub(super) verdict: &'static str,
    /// How many errors and warnings there are; empty where there is none.
    pub(super) tally: String,
    /// How that is meant.
    pub(super) tone: Tone,
    /// Which Python.
    pub(super) interpreter: String,
    /// What it belongs to.
    pub(super) subject: String,
    /// What else is to be known at once.
    pub(super) facts: Vec<Fact>,
    /// What is wrong.
    pub(super) findings: Findings,
    /// From what was typed to the file that runs.
    pub(super) way: Way,
    /// `sys.path`.
    pub(super) path: Option<SysPath>,
    /// The startup hooks.
    pub(super) startup: Option<Startup>,
    /// What Python prints on standard error.
    pub(super) messages: Vec<String>,
}

/// Which Python, as the subject of a sentence: what is none "cannot be executed", or "is not simulated".
fn interpreter(identification: &Identification, status: Status) -> String {
    match (&identification.interpreter.implementation, &identification.problem) {
        (Implementation::Unknown, Some(problem)) if !matches!(problem, Problem::Script { .. }) => {
            if status == Status::NotSimulated { "This program" } else { "This Python" }.to_owned()
        }
        _ => summary::interpreter(identification),
    }
}

/// Tells of one Python; the anchors of its drawings begin with `prefix`.
pub(super) fn about(
    words: &Words,
    explanation: &Explanation,
    surroundings: Option<&Surroundings>,
    notes: &[BString],
    (findings, prefix): (Findings, &str),
) -> About {
    let status = explanation.resolution.outcome.status;
    let shadowed = surroundings.and_then(|surroundings| surroundings.shadowed.as_deref());
    let count = |severity| explanation.findings.iter().filter(|finding| finding.severity == severity).count();
    let facts = summary::facts(&words.page, explanation, notes);
    About {
        verdict: status.predicate(),
        tally: tally(count(Severity::Error), count(Severity::Warning), 0),
        tone: tone(explanation),
        interpreter: interpreter(&explanation.resolution.identification, status),
        subject: bounded(first_upper(summary::subject(&words.page, explanation))),
        facts: facts.into_iter().map(|fact| Fact { label: fact.label, text: bounded(fact.text) }).collect(),
        findings,
        way: way(words, explanation, prefix),
        path: sys_path(words, explanation, shadowed, prefix),
        startup: startup(words, explanation, surroundings, prefix),
        messages: explanation.resolution.messages.iter().take(MOST_MESSAGES).map(|it| bounded(quote(it))).collect(),
    }
}

/// Whether it starts, and whether all is well then.
fn tone(explanation: &Explanation) -> Tone {
    let worst = explanation.findings.iter().map(|finding| finding.severity).max();
    match (explanation.resolution.outcome.status, worst) {
        (Status::FailsToExecute | Status::FailsToInitialize, _) => Tone::Bad,
        (Status::NotSimulated, _) => Tone::Plain,
        (Status::Starts, Some(Severity::Error | Severity::Warning)) => Tone::Doubtful,
        (Status::Starts, _) => Tone::Good,
    }
}
