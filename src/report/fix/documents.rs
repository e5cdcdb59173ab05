//! What a report of `fix` is made of.

use bstr::BString;
use serde_json::Value;

use super::{json, text};
use crate::repair::{Plan, Progress};
use crate::report::text::Style;

/// What a document says of all plans together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Something is to be done.
    Planned,
    /// At least one fix was applied.
    Applied,
    /// No fix could be applied.
    Failed,
    /// There is nothing to do.
    Nothing,
}

impl State {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Applied => "applied",
            Self::Failed => "failed",
            Self::Nothing => "nothing",
        }
    }
}

/// The plans of some environments, and what became of them.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each environment, in the order in which they were named.
    pub plans: Vec<Plan>,
    /// The entry of the journal that `undo` takes back.
    pub transaction: Option<String>,
}

impl Report {
    /// What it says of all plans together.
    pub fn state(&self) -> State {
        let has = |progress| self.plans.iter().flat_map(|plan| &plan.fixes).any(|fix| fix.progress == progress);
        if has(Progress::Applied) {
            State::Applied
        } else if has(Progress::Failed) {
            State::Failed
        } else if has(Progress::Planned) || has(Progress::Skipped) {
            State::Planned
        } else {
            State::Nothing
        }
    }

    /// Whether anything is left that a fix could do.
    pub fn is_complete(&self) -> bool {
        self.plans.iter().flat_map(|plan| &plan.fixes).all(|fix| fix.progress == Progress::Applied)
    }

    /// How many fixes are to be done, or were.
    pub fn count(&self, progress: Progress) -> usize {
        self.plans.iter().flat_map(|plan| &plan.fixes).filter(|fix| fix.progress == progress).count()
    }

    /// One line of JSON.
    pub fn to_json(&self) -> Vec<u8> {
        json::render(self)
    }

    /// The same document as a value, for the journal.
    pub fn to_value(&self) -> Value {
        json::value(self)
    }

    /// Text for people.
    pub fn to_text(&self, style: &Style, notes: &[BString]) -> String {
        text::render(self, style, notes)
    }
}
