//! The startup hooks with their owners.

use super::drawing::{Figure, HookBox, Tone, hooks};
use super::more::More;
use super::words::Words;
use crate::Explanation;
use crate::report::text::count;
use crate::report::text::startup_code::{at_line, distinct, fails, known, often};
use crate::report::which::words::installed;
use crate::startup::{Hook, HookKind};
use crate::which::{Owner, Surroundings};

/// The hooks that are shown.
const MOST: usize = 40;

/// The startup hooks.
pub(super) struct Startup {
    /// The drawing.
    pub(super) figure: Figure,
    /// The hooks.
    pub(super) hooks: Vec<HookView>,
    /// The hooks that are left out.
    pub(super) more: More,
}

/// A startup hook in words.
pub(super) struct HookView {
    /// Its file, and the line in it.
    pub(super) place: String,
    /// What runs it, and how often.
    pub(super) kind: String,
    /// The code; empty for a module.
    pub(super) code: String,
    /// What is known of it.
    pub(super) known: String,
    /// How that is meant.
    pub(super) tone: Tone,
    /// Who installed it; none where nobody asked.
    pub(super) owner: Option<(String, Tone)>,
}

/// The hooks; none where there is none.
pub(super) fn startup(
    words: &Words,
    explanation: &Explanation,
    surroundings: Option<&Surroundings>,
    prefix: &str,
) -> Option<Startup> {
    let all = distinct(&explanation.resolution.startup);
    if all.is_empty() {
        return None;
    }
    let views: Vec<HookView> =
        all.iter().take(MOST).map(|(hook, times)| view(words, explanation, surroundings, (hook, *times))).collect();
    let more = all.len() - views.len();
    let unknown = views.iter().filter(|view| view.tone != Tone::Good).count();
    let number = count(all.len(), "startup hook");
    let description = format!("{number}, of which {unknown} not recognized. The list below the drawing has the same.");
    let boxes: Vec<HookBox> = views.iter().map(boxed).collect();
    let figure =
        Figure::new(format!("{prefix}hooks"), "Startup hooks in the order in which they run", description, |canvas| {
            hooks(canvas, &boxes, more);
        });
    Some(Startup { figure, hooks: views, more: More::new(more, "more startup hook") })
}

fn view(
    words: &Words,
    explanation: &Explanation,
    surroundings: Option<&Surroundings>,
    (hook, times): (&Hook, usize),
) -> HookView {
    let fails = fails(explanation, hook);
    let tone = match hook.known {
        Some(_) => Tone::Good,
        None if fails => Tone::Bad,
        None => Tone::Doubtful,
    };
    HookView {
        place: at_line(words.show(&hook.file), hook),
        kind: format!("{}{}", kind(hook.kind), often(times)),
        code: hook.code.as_ref().map(|code| words.show(code)).unwrap_or_default(),
        known: known(hook, fails),
        tone,
        owner: surroundings.map(|surroundings| owner(words, surroundings, hook)),
    }
}

/// What runs the code.
fn kind(kind: HookKind) -> &'static str {
    match kind {
        HookKind::PthImport => "import line of a .pth file",
        HookKind::StartEntryPoint => "entry point of a .start file",
        HookKind::Sitecustomize => "module sitecustomize",
        HookKind::Usercustomize => "module usercustomize",
    }
}

fn owner(words: &Words, surroundings: &Surroundings, hook: &Hook) -> (String, Tone) {
    match surroundings.owners.get(&hook.file) {
        Some(Owner::Distribution(distribution)) => (words.show(installed(distribution)), Tone::Good),
        Some(Owner::Nobody) => ("no installed distribution lists this file".to_owned(), Tone::Doubtful),
        Some(Owner::Unknown) | None => ("it is not known who installed it".to_owned(), Tone::Faint),
    }
}

fn boxed(view: &HookView) -> HookBox {
    HookBox {
        place: view.place.clone(),
        notes: vec![view.kind.clone(), view.known.clone()],
        tone: view.tone,
        owner: view.owner.clone(),
    }
}
