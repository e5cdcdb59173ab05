//! The explanation, step by step, with every lookup.

use super::more::More;
use super::words::{Words, bounded};
use crate::Explanation;
use crate::host::Lookup;
use crate::report::text::steps::{self, Decided, answer, entry_text, is_found, question};
use crate::startup::Step;

/// The steps that are shown.
const MOST: usize = 300;
/// The lookups that are shown of one step.
const MOST_LOOKUPS: usize = 400;
/// The columns of what is told of a step that is not open.
const GIST: usize = 90;

/// All steps.
pub(super) struct Steps {
    /// The steps.
    pub(super) steps: Vec<StepView>,
    /// The steps that are left out.
    pub(super) more: More,
}

/// A step.
pub(super) struct StepView {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Its phase.
    pub(super) phase: &'static str,
    /// What it is about.
    pub(super) title: &'static str,
    /// Its stable name.
    pub(super) id: &'static str,
    /// What it decided.
    pub(super) decisions: Vec<String>,
    /// What is worth knowing at a glance of one that decided nothing.
    pub(super) gist: String,
    /// What was found, and why it was decided so.
    pub(super) detail: String,
    /// Where Python does it.
    pub(super) source: String,
    /// The codes of the findings that show here.
    pub(super) codes: String,
    /// Whether something is wrong in it.
    pub(super) is_wrong: bool,
    /// How many lookups there were, and what they found.
    pub(super) tally: String,
    /// The lookups.
    pub(super) lookups: Vec<LookupView>,
    /// The lookups that are left out.
    pub(super) more: More,
}

/// A lookup.
pub(super) struct LookupView {
    /// Its number in the whole startup, from 1.
    pub(super) number: usize,
    /// What was asked.
    pub(super) question: &'static str,
    /// About which path.
    pub(super) path: String,
    /// What was answered.
    pub(super) answer: String,
    /// Whether it found something.
    pub(super) is_found: bool,
}

/// The steps of a resolution.
pub(super) fn steps(words: &Words, explanation: &Explanation) -> Steps {
    let all = &explanation.resolution.steps;
    let mut views = Vec::with_capacity(all.len().min(MOST));
    let mut decided = Decided::new();
    let mut asked = 0;
    for step in all.iter().take(MOST) {
        views.push(view(words, explanation, step, &decided, asked));
        asked += step.lookups.len();
        decided.extend(step.sets.iter().map(|(name, value)| (*name, value)));
    }
    Steps { more: More::new(all.len() - views.len(), "more step"), steps: views }
}

fn view(words: &Words, explanation: &Explanation, step: &Step, decided: &Decided<'_>, asked: usize) -> StepView {
    let source = std::iter::once(step.source.as_str()).chain(step.issues.iter().copied());
    StepView {
        number: step.number,
        phase: step.phase.name(),
        title: step.title,
        id: step.id.name(),
        decisions: steps::decisions(&words.page, step, decided).into_iter().map(bounded).collect(),
        gist: steps::abbreviated(&steps::reason(&words.page, step), GIST),
        detail: words.show(&step.detail),
        source: source.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        codes: steps::codes(explanation, step),
        is_wrong: steps::is_wrong(explanation, step),
        tally: steps::lookups(&step.lookups),
        lookups: lookups(words, &step.lookups, asked),
        more: More::new(step.lookups.len().saturating_sub(MOST_LOOKUPS), "more lookup"),
    }
}

fn lookups(words: &Words, lookups: &[Lookup], before: usize) -> Vec<LookupView> {
    let shown = lookups.iter().take(MOST_LOOKUPS).enumerate();
    shown
        .map(|(index, lookup)| LookupView {
            number: before + index + 1,
            question: question(lookup.op),
            path: bounded(entry_text(&words.page, &lookup.path)),
            answer: bounded(answer(&words.page, &lookup.answer)),
            is_found: is_found(lookup),
        })
        .collect()
}
