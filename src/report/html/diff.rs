//! The page of `diff`.

use askama::Template;
use bstr::BString;

use super::about::Fact;
use super::drawing::{CauseBox, Figure, Tone, causes};
use super::entries::{Entries, Names, entries};
use super::filters;
use super::frame::Frame;
use super::more::More;
use super::words::{Words, bounded};
use super::written;
use crate::difference::all_kept;
use crate::difference::environments::{self, Aspect, Cause, Change, Kind, Letter, Verdict, Weight};
use crate::report::diff::Report;
use crate::report::diff::text::{ELSEWHERE, pick, side, title, told};
use crate::report::text::count;

/// The causes that are drawn and told.
const MOST: usize = 60;
/// The changes of one aspect that are shown below a cause.
const MOST_CHANGES: usize = 100;

const NAMES: Names = Names { titles: ["in A", "in B"], only: ["only in B", "only in A"], first: "in A:" };

#[derive(Template)]
#[template(path = "diff.html")]
struct DiffPage {
    frame: Frame,
    headline: String,
    tone: Tone,
    facts: Vec<Fact>,
    figure: Option<Figure>,
    causes: Vec<CauseView>,
    more: More,
    idle: Vec<String>,
    more_idle: More,
    path: Option<Entries>,
}

struct CauseView {
    statement: String,
    weight: &'static str,
    /// What the cause is itself, where that is more than one change.
    own: Vec<AspectView>,
    follows: Vec<AspectView>,
}

/// The changes of one aspect.
struct AspectView {
    title: &'static str,
    changes: Vec<ChangeView>,
    more: More,
}

struct ChangeView {
    /// Which of the two has it.
    sign: String,
    text: String,
    tone: Tone,
}

/// In what two environments differ, and what explains it.
pub fn diff(report: &Report<'_>, home: Option<BString>) -> String {
    let words = Words::new(home);
    let contrast = &report.contrast;
    let (telling, idle): (Vec<&Cause>, Vec<&Cause>) =
        contrast.causes.iter().partition(|cause| cause.weight > Weight::Nothing);
    let tone = match (contrast.verdict(), telling.first().map(|cause| cause.weight)) {
        (Verdict::Same, _) => Tone::Good,
        (Verdict::Different, Some(Weight::Outcome | Weight::Error)) => Tone::Bad,
        (Verdict::Different | Verdict::Unknown, _) => Tone::Doubtful,
    };
    let headline = words.show(&contrast.headline);
    let sides = [&report.a.side.explanation, &report.b.side.explanation];
    let path = environments::entries(report.a.side, report.b.side);
    written(&DiffPage {
        frame: Frame::new("diff", &headline),
        headline,
        tone,
        facts: facts(&words, report),
        figure: (!telling.is_empty()).then(|| figure(&words, report, &telling)),
        causes: telling.iter().take(MOST).map(|cause| cause_view(&words, report, cause)).collect(),
        more: More::new(telling.len().saturating_sub(MOST), "more cause"),
        more_idle: More::new(idle.len().saturating_sub(MOST), "more difference"),
        idle: idle.into_iter().take(MOST).map(|cause| words.show(&cause.statement)).collect(),
        path: (!all_kept(&path)).then(|| entries(&words, sides, &path, &NAMES)),
    })
}

/// What the two are, and what could not be compared.
fn facts(words: &Words, report: &Report<'_>) -> Vec<Fact> {
    let mut facts: Vec<Fact> = [Letter::A, Letter::B]
        .map(|letter| Fact { label: letter.name(), text: bounded(side(&words.page, report.of(letter))) })
        .into();
    if !report.contrast.places.is_empty() {
        facts.push(Fact { label: "elsewhere", text: ELSEWHERE.to_owned() });
    }
    for place in &report.contrast.places {
        let of = |letter: Letter| place.of(letter).map(|dir| words.show(dir)).unwrap_or_default();
        let text = format!("{}: {} in A, {} in B", place.name, of(Letter::A), of(Letter::B));
        facts.push(Fact { label: "", text });
    }
    for gap in &report.contrast.gaps {
        let letters: Vec<&str> = gap.missing.iter().map(|letter| letter.name()).collect();
        let text = format!("{}: not recorded in {}; {}", gap.what, letters.join(" and "), gap.help);
        facts.push(Fact { label: "not compared", text });
    }
    let notes = [Letter::A, Letter::B]
        .into_iter()
        .flat_map(|letter| report.of(letter).notes.iter().map(move |note| (letter, note)));
    facts.extend(
        notes.map(|(letter, note)| Fact { label: "note", text: format!("{}: {}", letter.name(), words.show(note)) }),
    );
    facts
}

fn weight(weight: Weight) -> (&'static str, Tone) {
    match weight {
        Weight::Outcome => ("decides whether Python starts", Tone::Bad),
        Weight::Error => ("has an error as its consequence", Tone::Bad),
        Weight::Some => ("changes what Python does", Tone::Doubtful),
        Weight::Little => ("changes little", Tone::Plain),
        Weight::Nothing => ("has no consequences", Tone::Faint),
    }
}

fn figure(words: &Words, report: &Report<'_>, telling: &[&Cause]) -> Figure {
    let boxes: Vec<CauseBox> = telling.iter().take(MOST).map(|cause| cause_box(words, report, cause)).collect();
    let description = format!(
        "{}, the one with the worst consequences first. The list below has each with everything that follows.",
        count(telling.len(), "cause")
    );
    Figure::new("causes".to_owned(), "What differs, and what follows from it", description, |canvas| {
        causes(canvas, &boxes, telling.len() - boxes.len());
    })
}

fn cause_box(words: &Words, report: &Report<'_>, cause: &Cause) -> CauseBox {
    let follows = pick(&report.contrast.changes, &cause.consequences);
    let of = |aspect: Aspect| follows.iter().filter(|change| change.aspect == aspect).count();
    let consequences = Aspect::ALL.into_iter().filter(|aspect| of(*aspect) > 0).map(|aspect| match aspect {
        Aspect::Outcome => "whether Python starts, or why not".to_owned(),
        _ => format!("{}: {}", title(aspect), count(of(aspect), "difference")),
    });
    CauseBox {
        statement: words.show(&cause.statement),
        consequences: consequences.collect(),
        tone: weight(cause.weight).1,
    }
}

fn cause_view(words: &Words, report: &Report<'_>, cause: &Cause) -> CauseView {
    let changes = &report.contrast.changes;
    // One change is told by the statement.
    let own = if cause.changes.len() > 1 { pick(changes, &cause.changes) } else { Vec::new() };
    CauseView {
        statement: words.show(&cause.statement),
        weight: weight(cause.weight).0,
        own: aspects(words, &own),
        follows: aspects(words, &pick(changes, &cause.consequences)),
    }
}

fn aspects(words: &Words, changes: &[&Change]) -> Vec<AspectView> {
    let views = Aspect::ALL.into_iter().map(|aspect| {
        let of: Vec<&&Change> = changes.iter().filter(|change| change.aspect == aspect).collect();
        AspectView {
            title: title(aspect),
            more: More::new(of.len().saturating_sub(MOST_CHANGES), "more change"),
            changes: of.into_iter().take(MOST_CHANGES).map(|change| change_view(words, change)).collect(),
        }
    });
    views.filter(|view| !view.changes.is_empty()).collect()
}

fn change_view(words: &Words, change: &Change) -> ChangeView {
    let tone = match change.kind {
        Kind::Only(Letter::A) => Tone::Bad,
        Kind::Only(Letter::B) => Tone::Good,
        Kind::Different | Kind::Moved => Tone::Doubtful,
    };
    let told = told(&words.page, change, false);
    let (sign, text) = told.split_once(' ').unwrap_or(("", &told));
    ChangeView { sign: sign.to_owned(), text: bounded(text.to_owned()), tone }
}
