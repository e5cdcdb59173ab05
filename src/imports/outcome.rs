//! The choice among what the finders offer, and the answer with its whole search.

use std::collections::HashSet;

use bstr::{BStr, BString};

use super::answer::{Candidate, FoundBy, Import, Kind, Place, There, Verdict};
use super::offer::{Offer, Spec};
use crate::text::sentence;

/// The name of the finder that searches paths.
const PATH: &str = "path";

/// What one finder, or one entry of the path, offers.
pub(super) struct Turn {
    finder: BString,
    entry: Option<BString>,
    offer: Offer,
    /// Whether it was there to be asked when the module was imported.
    is_allowed: bool,
}

impl Turn {
    /// A finder that is asked once.
    pub fn of(finder: BString, offer: Offer, is_allowed: bool) -> Self {
        Self { finder, entry: None, offer, is_allowed }
    }

    /// An entry of the path.
    pub fn of_entry(entry: BString, offer: Offer, is_allowed: bool) -> Self {
        Self { finder: PATH.into(), entry: Some(entry), offer, is_allowed }
    }
}

impl Turn {
    /// Whether the file of a module, or a portion of a namespace package, is among what is offered.
    fn has(&self, spec: &Spec) -> bool {
        let wanted = spec.candidates();
        self.offer.specs().iter().flat_map(Spec::candidates).any(|candidate| wanted.contains(&candidate))
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'n> {
    /// The full name.
    pub name: &'n BStr,
    /// Whether startup has loaded it.
    pub is_loaded: bool,
}

/// What the import gets.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// What one of them offers first.
    Spec(usize),
    /// The portions that these offer.
    Portions(Vec<usize>),
    /// What startup code has put into `sys.modules`, wherever the search finds it now.
    Known(Box<Spec>),
    /// Nothing.
    Nothing,
}

/// Chooses: the first module counts, and a portion only where the path has no module.
pub(super) fn choose(turns: &[Turn]) -> Choice {
    let mut portions = Vec::new();
    for (index, turn) in turns.iter().enumerate() {
        if turn.entry.is_none() && !portions.is_empty() {
            break;
        }
        let Some(first) = turn.offer.specs().first().filter(|_| turn.is_allowed) else { continue };
        if first.candidate.kind == Kind::Namespace && turn.entry.is_some() {
            portions.push(index);
        } else if portions.is_empty() || turn.entry.is_some() {
            return Choice::Spec(index);
        }
    }
    if portions.is_empty() { Choice::Nothing } else { Choice::Portions(portions) }
}

/// The answer.
pub(super) fn import(asked: Asked<'_>, turns: Vec<Turn>, choice: &Choice) -> Import {
    let winner = match choice {
        Choice::Spec(index) => turns[*index].offer.specs().first().cloned(),
        Choice::Portions(indices) => {
            let specs = indices.iter().filter_map(|index| turns[*index].offer.specs().first());
            Some(Spec::portions(specs.flat_map(|spec| spec.locations.clone().unwrap_or_default()).collect()))
        }
        Choice::Known(spec) => Some((**spec).clone()),
        Choice::Nothing => None,
    };
    let at = match choice {
        Choice::Spec(index) => Some(*index),
        Choice::Portions(indices) => indices.first().copied(),
        Choice::Known(spec) => turns.iter().position(|turn| turn.has(spec)),
        Choice::Nothing => None,
    };
    // Of what is loaded, the place counts where the search finds that very file now.
    let at = match &winner {
        Some(spec) if asked.is_loaded && spec.candidate.path.is_some() => {
            turns.iter().position(|turn| turn.has(spec)).or(at)
        }
        _ => at,
    };
    let found_by = at.map(|index| FoundBy { finder: turns[index].finder.clone(), entry: turns[index].entry.clone() });
    let shadows = shadows(&turns, winner.as_ref());
    let reason = winner.is_none().then(|| sentence!("no finder has a module ", asked.name));
    let search = turns.into_iter().enumerate().map(|(index, turn)| place(index, turn, choice)).collect();
    let name = asked.name.to_owned();
    let Spec { candidate, origin, locations } = winner.unwrap_or_else(|| Spec::inside(Kind::Missing, None));
    let loaded_at_startup = asked.is_loaded;
    Import { name, kind: candidate.kind, origin, locations, found_by, shadows, loaded_at_startup, reason, search }
}

/// Every other candidate, each path once, and of what has no path each kind.
fn shadows(turns: &[Turn], winner: Option<&Spec>) -> Vec<Candidate> {
    let mut seen: HashSet<(Option<Kind>, Option<BString>)> = HashSet::new();
    let key = |candidate: &Candidate| match &candidate.path {
        Some(path) => (None, Some(path.clone())),
        None => (Some(candidate.kind), None),
    };
    seen.extend(winner.iter().flat_map(|spec| spec.candidates()).map(|candidate| key(&candidate)));
    let all = turns.iter().flat_map(|turn| turn.offer.specs()).flat_map(Spec::candidates);
    all.filter(|candidate| seen.insert(key(candidate))).collect()
}

/// What is told of one place.
fn place(index: usize, turn: Turn, choice: &Choice) -> Place {
    let there = turn.offer.there();
    let first = turn.offer.specs().first().map(|spec| spec.candidate.kind);
    let verdict = match (choice, first) {
        (_, None) => Verdict::Nothing,
        (Choice::Known(spec), _) if turn.has(spec) && spec.candidate.kind == Kind::Namespace => Verdict::Portion,
        (Choice::Known(spec), _) if turn.has(spec) => Verdict::Taken,
        (Choice::Known(_), _) => Verdict::TooLate,
        (Choice::Spec(winner), _) if *winner == index => Verdict::Taken,
        (Choice::Portions(portions), _) if portions.contains(&index) => Verdict::Portion,
        (_, Some(_)) if !turn.is_allowed => Verdict::TooLate,
        (Choice::Spec(winner), Some(Kind::Namespace)) if index < *winner => Verdict::PassedOver,
        _ => Verdict::Hidden,
    };
    let there = match there {
        There::Candidates(candidates) if candidates.is_empty() => There::Nothing,
        other => other,
    };
    Place { finder: turn.finder, entry: turn.entry, there, verdict }
}

impl Import {
    /// An answer without a search.
    pub(super) fn without(name: &BStr, kind: Kind, reason: BString) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            origin: None,
            locations: None,
            found_by: None,
            shadows: Vec::new(),
            loaded_at_startup: false,
            reason: Some(reason),
            search: Vec::new(),
        }
    }

    /// The same search, of which nobody knows what it leads to.
    pub(super) fn made_unknown(mut self, reason: BString) -> Self {
        let candidates = self.search.iter().flat_map(|place| match &place.there {
            There::Candidates(candidates) => candidates.clone(),
            _ => Vec::new(),
        });
        let mut seen = HashSet::new();
        self.shadows = candidates
            .filter(|candidate| {
                seen.insert((candidate.path.clone(), candidate.path.is_none().then_some(candidate.kind)))
            })
            .collect();
        for place in &mut self.search {
            if place.verdict != Verdict::Nothing {
                place.verdict = Verdict::Unknown;
            }
        }
        let reason = Some(reason);
        Self { kind: Kind::Unknown, origin: None, locations: None, found_by: None, reason, ..self }
    }
}
