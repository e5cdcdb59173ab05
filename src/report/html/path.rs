//! `sys.path` as layers, with what one hides of another.

use std::collections::BTreeMap;

use bstr::{BStr, BString, ByteSlice};

use super::drawing::{Figure, Slab, Tone, slabs};
use super::more::More;
use super::words::{Words, bounded};
use crate::Explanation;
use crate::imports::{Candidate, Kind};
use crate::report::text::sys_path::value_and_reason;
use crate::report::text::{count, first_upper};
use crate::report::which::words::{over, target};
use crate::startup::{Origin, PathEntry, SysValues};
use crate::which::Shadowed;

/// The entries that are shown.
const MOST: usize = 60;
/// The names that are listed.
const MOST_NAMES: usize = 200;
/// The names that a layer shows.
const MOST_IN_LAYER: usize = 6;

/// `sys.path`.
pub(super) struct SysPath {
    /// The drawing.
    pub(super) figure: Figure,
    /// Its entries.
    pub(super) entries: Vec<Entry>,
    /// The entries that are left out.
    pub(super) more: More,
    /// What the colors mean that are there.
    pub(super) legend: String,
    /// What one entry hides of another; none where that is not known.
    pub(super) shadows: Option<Vec<Shadow>>,
    /// The names that are left out.
    pub(super) more_names: More,
}

/// An entry.
pub(super) struct Entry {
    /// Its value.
    pub(super) value: String,
    /// Where it comes from.
    pub(super) reason: String,
    /// How it is meant.
    pub(super) tone: Tone,
}

/// A name that more than one entry provides.
pub(super) struct Shadow {
    /// The name.
    pub(super) name: String,
    /// What an import of it gets.
    pub(super) winner: String,
    /// What that does to the others: it hides them, unless it is not known.
    pub(super) verb: &'static str,
    /// What that hides; nothing where the name is an import in words.
    pub(super) hidden: Vec<String>,
}

/// The entries with what they hide, where Python has come so far.
pub(super) fn sys_path(
    words: &Words,
    explanation: &Explanation,
    shadowed: Option<&[Shadowed]>,
    prefix: &str,
) -> Option<SysPath> {
    let sys = explanation.resolution.sys.as_ref()?;
    let entries: Vec<Entry> =
        sys.path.iter().take(MOST).map(|entry| entry_of(words, explanation, sys, entry)).collect();
    let more = sys.path.len() - entries.len();
    let mut layers: Vec<Slab> = entries.iter().enumerate().map(|(number, entry)| layer(number, entry)).collect();
    let dirs = dirs(explanation, sys);
    hide(words, &dirs, shadowed.unwrap_or_default(), &mut layers);
    let names = shadowed.map(|shadowed| shadowed.iter().take(MOST_NAMES).map(|one| shadow(words, one)).collect());
    let description = description(sys, shadowed);
    let figure = Figure::new(format!("{prefix}path"), "sys.path, searched from top to bottom", description, |canvas| {
        slabs(canvas, &layers, more);
    });
    let more_names = shadowed.map_or(0, |shadowed| shadowed.len().saturating_sub(MOST_NAMES));
    Some(SysPath {
        figure,
        legend: legend(&entries),
        entries,
        more: More::new(more, "more entry"),
        shadows: names,
        more_names: More::of(more_names, "more name", "venv-doctor which --shadowed"),
    })
}

/// What the colors mean that are there.
fn legend(entries: &[Entry]) -> String {
    let meanings = [
        (Tone::Plain, "gray is the standard library"),
        (Tone::Good, "green is what is installed for this Python"),
        (Tone::Doubtful, "yellow is what the launch, a variable or a .pth file adds"),
        (Tone::Bad, "red does not exist"),
    ];
    let is_there = |tone: Tone| entries.iter().any(|entry| entry.tone == tone);
    let meanings = meanings.iter().filter(|(tone, _)| is_there(*tone)).map(|(_, meaning)| *meaning);
    let legend = first_upper(meanings.collect::<Vec<_>>().join("; "));
    if legend.is_empty() { legend } else { format!("{legend}.") }
}

fn description(sys: &SysValues, shadowed: Option<&[Shadowed]>) -> String {
    let missing = sys.path.iter().filter(|entry| !entry.exists).count();
    let hidden = match shadowed {
        None => String::new(),
        Some([]) => " No entry hides a module of another.".to_owned(),
        Some(names) => format!(" More than one entry provides {}.", count(names.len(), "name")),
    };
    let entries = count(sys.path.len(), "entry");
    format!("{entries}, not existing: {missing}.{hidden} The table below has all of them.")
}

fn entry_of(words: &Words, explanation: &Explanation, sys: &SysValues, entry: &PathEntry) -> Entry {
    let (value, reason, _) = value_and_reason(&words.page, explanation, sys, entry);
    let tone = match (entry.exists, entry.origin) {
        (
            true,
            Origin::Zip | Origin::Stdlib | Origin::PlatStdlib | Origin::CompiledPythonPath | Origin::ExecutableDir,
        ) => Tone::Plain,
        (true, Origin::SitePackages) => Tone::Good,
        (true, _) => Tone::Doubtful,
        (false, Origin::Zip) => Tone::Faint,
        (false, _) => Tone::Bad,
    };
    Entry { value: bounded(value), reason: bounded(reason), tone }
}

fn layer(number: usize, entry: &Entry) -> Slab {
    Slab {
        number: number.to_string(),
        title: entry.value.clone(),
        notes: vec![entry.reason.clone()],
        tone: entry.tone,
        hidden_by: Vec::new(),
    }
}

/// The directory of each entry that is shown; the empty entry is the working directory.
fn dirs(explanation: &Explanation, sys: &SysValues) -> Vec<BString> {
    let cwd = explanation.resolution.invocation.cwd.clone().unwrap_or_default();
    let dir = |entry: &PathEntry| if entry.value.is_empty() { cwd.clone() } else { entry.value.clone() };
    sys.path.iter().take(MOST).map(dir).collect()
}

/// The entry that provides a candidate: of several, the one that is deepest.
fn provider(dirs: &[BString], candidate: &Candidate) -> Option<usize> {
    let path = candidate.path.as_ref()?;
    let providers = dirs.iter().enumerate().filter(|(_, dir)| is_below(path.as_bstr(), dir.as_bstr()));
    providers.max_by_key(|(number, dir)| (dir.len(), usize::MAX - number)).map(|(number, _)| number)
}

fn is_below(path: &BStr, dir: &BStr) -> bool {
    let rest = path.strip_prefix(dir.trim_end_with(|c| c == '/' || c == '\\'));
    !dir.is_empty() && rest.is_some_and(|rest| matches!(rest.first(), Some(b'/' | b'\\')))
}

/// What hides something: the entry that provides it, or what else does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hider {
    /// An entry.
    Entry(usize),
    /// An entry, unless startup code that nobody knows finds something else.
    Perhaps(usize),
    /// What is built in or frozen.
    Interpreter,
}

impl Hider {
    /// What hides the other candidates of a name, and which these are. If code decides what is found, it is the first
    /// candidate as far as is known.
    fn of<'s>(dirs: &[BString], shadowed: &'s Shadowed) -> Option<(Self, &'s [Candidate])> {
        if shadowed.winner.kind == Kind::Unknown {
            let (first, rest) = shadowed.hidden.split_first()?;
            return Some((Self::Perhaps(provider(dirs, first)?), rest));
        }
        let hider = provider(dirs, &shadowed.winner).map_or(Self::Interpreter, Self::Entry);
        Some((hider, &shadowed.hidden))
    }

    fn entry(self) -> Option<usize> {
        match self {
            Self::Entry(entry) | Self::Perhaps(entry) => Some(entry),
            Self::Interpreter => None,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Entry(entry) => format!("hidden by entry {entry}"),
            Self::Perhaps(entry) => format!("hidden by entry {entry}, unless startup code changes that"),
            Self::Interpreter => "hidden by what is built into the interpreter".to_owned(),
        }
    }
}

/// Notes in each layer which of its modules something above it hides.
fn hide(words: &Words, dirs: &[BString], shadowed: &[Shadowed], layers: &mut [Slab]) {
    let mut names: BTreeMap<(usize, Hider), Vec<&BString>> = BTreeMap::new();
    for one in shadowed {
        let Some((hider, hidden)) = Hider::of(dirs, one) else { continue };
        for below in hidden.iter().filter_map(|hidden| provider(dirs, hidden)) {
            names.entry((below, hider)).or_default().push(&one.name);
        }
    }
    for ((below, hider), mut names) in names {
        let Some(layer) = layers.get_mut(below) else { continue };
        names.dedup();
        let shown: Vec<String> = names.iter().take(MOST_IN_LAYER).map(|name| words.show(name)).collect();
        let more = names.len().saturating_sub(MOST_IN_LAYER);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        layer.notes.push(format!("{}: {}{more}", hider.words(), shown.join(", ")));
        layer.hidden_by.extend(hider.entry().filter(|entry| *entry < below));
    }
}

pub(super) fn shadow(words: &Words, shadowed: &Shadowed) -> Shadow {
    let target = |candidate: &Candidate| bounded(target(&words.page, candidate));
    Shadow {
        name: words.show(&shadowed.name),
        winner: target(&shadowed.winner),
        verb: over(shadowed),
        hidden: shadowed.hidden.iter().map(target).collect(),
    }
}
