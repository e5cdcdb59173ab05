//! The page of `which`.

use askama::Template;
use bstr::BString;

use super::drawing::{Figure, Slab, Tone, slabs};
use super::filters;
use super::frame::Frame;
use super::more::More;
use super::path::{Shadow, shadow};
use super::words::{Words, bounded};
use super::written;
use crate::imports::{Candidate, Kind, Place, Verdict};
use crate::report::text::{count, summary};
use crate::report::which::{Report, search, words};
use crate::which::{Located, Shadowed};

/// The names that are answered in full.
const MOST: usize = 100;
/// The places of a search that are drawn.
const MOST_PLACES: usize = 60;
/// The names of a group that are shown.
const MOST_IN_GROUP: usize = 500;

#[derive(Template)]
#[template(path = "which.html")]
struct WhichPage {
    frame: Frame,
    answers: Vec<AnswerView>,
    more: More,
    interpreter: String,
    typed: String,
    notes: Vec<String>,
    searches: Vec<SearchView>,
    groups: Vec<GroupView>,
}

/// The answer in one line.
struct AnswerView {
    text: String,
    tone: Tone,
    /// Where the page tells more of it; may be empty.
    anchor: String,
}

struct SearchView {
    id: String,
    name: String,
    reason: String,
    near: Vec<(String, String)>,
    figure: Option<Figure>,
    places: Vec<PlaceView>,
    more: More,
    shadows: Vec<(&'static str, String, &'static str)>,
    /// What the shadows are.
    shadows_are: &'static str,
}

struct PlaceView {
    place: String,
    found: String,
    tone: Tone,
}

/// Names that belong together.
struct GroupView {
    title: String,
    names: Vec<Shadow>,
    more: More,
}

/// Which files imports get.
pub fn which(report: &Report<'_>, home: Option<BString>) -> String {
    let words = Words::new(home);
    let told = report.told;
    let names = told.names.iter().take(MOST);
    let mut answers: Vec<AnswerView> =
        names.enumerate().map(|(index, located)| answer_to(&words, located, anchor(index))).collect();
    answers.extend(
        told.files.iter().take(MOST).map(|file| {
            answer(words.show(words::file(file)), if file.names.is_empty() { Tone::Bad } else { Tone::Good })
        }),
    );
    answers.extend(told.shadowed.as_ref().map(|shadowed| all(shadowed)));
    if let (true, Some(reason)) = (answers.is_empty(), &told.resolution.outcome.reason) {
        answers.push(answer(words.show(reason), Tone::Bad));
    }
    let title = answers.first().map_or_else(String::new, |answer| answer.text.clone());
    let mut groups = hidden_names(&words, report);
    groups.extend(told.shadowed.iter().flat_map(|shadowed| grouped(&words, shadowed)));
    written(&WhichPage {
        frame: Frame::new("which", &title),
        answers,
        more: More::new(told.names.len().saturating_sub(MOST) + told.files.len().saturating_sub(MOST), "more name"),
        interpreter: summary::interpreter(&told.resolution.identification),
        typed: words.show(told.resolution.typed()),
        notes: report.notes.iter().map(|note| words.show(note)).collect(),
        searches: told
            .names
            .iter()
            .take(MOST)
            .enumerate()
            .map(|(index, it)| search_view(&words, it, anchor(index)))
            .collect(),
        groups,
    })
}

fn answer(text: String, tone: Tone) -> AnswerView {
    AnswerView { text, tone, anchor: String::new() }
}

fn answer_to(words: &Words, located: &Located, anchor: String) -> AnswerView {
    let anchor = if located.import.search.is_empty() { String::new() } else { anchor };
    AnswerView { anchor, ..answer(words.show(words::answer(located)), tone(located)) }
}

/// The identifier of what the page tells of a name.
fn anchor(index: usize) -> String {
    format!("import-{}", index + 1)
}

fn tone(located: &Located) -> Tone {
    match located.import.kind {
        Kind::Missing => Tone::Bad,
        Kind::Unknown => Tone::Doubtful,
        _ if located.problem.is_some() => Tone::Bad,
        _ if located.hides.is_some() => Tone::Doubtful,
        _ => Tone::Good,
    }
}

/// The number of names that more than one entry provides.
fn all(shadowed: &[Shadowed]) -> AnswerView {
    answer(words::several(shadowed), if shadowed.is_empty() { Tone::Good } else { Tone::Doubtful })
}

fn search_view(words: &Words, located: &Located, id: String) -> SearchView {
    let import = &located.import;
    let places: Vec<PlaceView> = import.search.iter().take(MOST_PLACES).map(|place| place_view(words, place)).collect();
    let more = import.search.len() - places.len();
    let layers: Vec<Slab> = places.iter().enumerate().map(|(index, place)| layer(index, place)).collect();
    let taken = import.search.iter().position(|place| matches!(place.verdict, Verdict::Taken | Verdict::Portion));
    let description = match taken {
        Some(taken) => format!("{}; number {} is taken.", count(import.search.len(), "place"), taken + 1),
        None => format!("{}; nothing is taken.", count(import.search.len(), "place")),
    };
    let draw = || {
        let name = words.show(&import.name);
        Figure::new(format!("{id}-search"), &format!("The search for {name}"), description, |canvas| {
            slabs(canvas, &layers, more);
        })
    };
    SearchView {
        name: words.show(&import.name),
        reason: located.reason.as_ref().map(|reason| words.show(reason)).unwrap_or_default(),
        near: located.near.iter().map(|near| (words.show(&near.path), words.show(&near.why))).collect(),
        figure: (!layers.is_empty()).then(draw),
        places,
        more: More::new(more, "more place"),
        shadows_are: if import.kind == Kind::Unknown {
            "What is there, in the order of the search"
        } else {
            "What it hides"
        },
        shadows: import
            .shadows
            .iter()
            .take(MOST_PLACES)
            .enumerate()
            .map(|it| candidate(words, import.kind, it))
            .collect(),
        id,
    }
}

fn candidate(
    words: &Words,
    import: Kind,
    (index, shadow): (usize, &Candidate),
) -> (&'static str, String, &'static str) {
    let is_next = index == 0 && shadow.kind != Kind::Namespace;
    let told = if import == Kind::Unknown {
        "would be imported if startup code changed nothing"
    } else {
        "would be imported without it"
    };
    let path = shadow.path.as_ref().map(|path| words.show(path)).unwrap_or_default();
    (words::kind(shadow.kind), path, if is_next { told } else { "" })
}

fn place_view(words: &Words, place: &Place) -> PlaceView {
    let tone = match place.verdict {
        Verdict::Taken | Verdict::Portion => Tone::Good,
        Verdict::Nothing => Tone::Faint,
        _ => Tone::Doubtful,
    };
    PlaceView { place: words.show(search::place(place)), found: words.show(search::found(place)), tone }
}

fn layer(index: usize, place: &PlaceView) -> Slab {
    Slab {
        number: (index + 1).to_string(),
        title: place.place.clone(),
        notes: vec![place.found.clone()],
        tone: place.tone,
        hidden_by: Vec::new(),
    }
}

/// Names under which a file would be imported if something else were not found first.
fn hidden_names(words: &Words, report: &Report<'_>) -> Vec<GroupView> {
    let files = report.told.files.iter().take(MOST).filter(|file| !file.hidden.is_empty());
    files
        .map(|file| GroupView {
            title: format!("Hidden names of {}", words.show(&file.path)),
            names: file.hidden.iter().take(MOST_IN_GROUP).map(|(name, by)| gets(words, name, by)).collect(),
            more: More::new(file.hidden.len().saturating_sub(MOST_IN_GROUP), "more name"),
        })
        .collect()
}

fn gets(words: &Words, name: &BString, by: &Candidate) -> Shadow {
    let winner = bounded(words::target(&words.page, by));
    Shadow { name: format!("import {}", words.show(name)), winner, verb: "", hidden: Vec::new() }
}

/// All names that several entries provide, in their groups.
fn grouped(words: &Words, shadowed: &[Shadowed]) -> Vec<GroupView> {
    let groups = shadowed.chunk_by(|one, other| one.group == other.group);
    groups
        .map(|group| GroupView {
            title: format!("What hides what: {}", words.show(&group[0].group)),
            names: group.iter().take(MOST_IN_GROUP).map(|one| shadow(words, one)).collect(),
            more: More::new(group.len().saturating_sub(MOST_IN_GROUP), "more name"),
        })
        .collect()
}
