//! The names that more than one entry of `sys.path` provides.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use super::session::Session;
use crate::imports::{Candidate, Kind};
use crate::invocation::Launch;
use crate::startup::{Origin, PathEntry};

/// A name that more than one place provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// What is over what, such as `the environment over the base`.
    pub group: String,
    /// The name.
    pub name: BString,
    /// What an import gets.
    pub winner: Candidate,
    /// What it hides, in the order of the search.
    pub hidden: Vec<Candidate>,
}

/// Lists each directory once, and follows the import of each name that more than one of them provides. Portions of
/// namespace packages hide nothing and are left out.
pub(super) fn list(session: &Session<'_>) -> Vec<Shadowed> {
    let entries = entries(session);
    let mut providers: BTreeMap<BString, usize> = BTreeMap::new();
    for entry in &entries {
        for provided in session.finder.provided(entry.value.as_bstr()) {
            let modules = provided.candidates.iter().filter(|candidate| candidate.kind != Kind::Namespace).count();
            if modules > 0 {
                *providers.entry(provided.name).or_default() += modules;
            }
        }
    }
    let several = providers.into_iter().filter(|(_, count)| *count > 1);
    let mut found: Vec<(usize, usize, Shadowed)> =
        several.filter_map(|(name, _)| shadowed(session, &entries, &name)).collect();
    // The names are in their order already.
    found.sort_by_key(|(winner, hidden, _)| (*winner, *hidden));
    found.into_iter().map(|(_, _, shadowed)| shadowed).collect()
}

/// The entries of `sys.path` without those that lead to the directory of an earlier one.
fn entries<'a>(session: &Session<'a>) -> Vec<&'a PathEntry> {
    let mut entries: Vec<&PathEntry> = Vec::new();
    for entry in session.path().iter().filter(|entry| entry.exists) {
        let dir = session.dir(entry.value.as_bstr());
        let is_known = entries.iter().any(|known| {
            let known = session.dir(known.value.as_bstr());
            known == dir || session.survey.same_file(known.as_bstr(), dir.as_bstr())
        });
        if !is_known {
            entries.push(entry);
        }
    }
    entries
}

/// A name with the places of the winner and of the first that it hides.
fn shadowed(session: &Session<'_>, entries: &[&PathEntry], name: &BString) -> Option<(usize, usize, Shadowed)> {
    let import = session.finder.find(name.as_bstr());
    let winner = Candidate { kind: import.kind, path: import.origin.clone() };
    let hidden = others(session, &winner, import.shadows);
    // Where code decides what is found, the first candidate is over the others as far as is known.
    let (first, second) = match winner.kind {
        Kind::Unknown => (hidden.first()?, hidden.get(1)?),
        _ => (&winner, hidden.first()?),
    };
    let over = place(session, entries, first);
    let under = place(session, entries, second);
    let title_of = |at: usize| match at.checked_sub(1).and_then(|at| entries.get(at)) {
        Some(entry) => title(session, entry),
        None => "the interpreter",
    };
    let group = if over == under && over > 0 {
        format!("within {}", title_of(over))
    } else {
        format!("{} over {}", title_of(over), title_of(under))
    };
    Some((over, under, Shadowed { group, name: name.clone(), winner, hidden }))
}

/// The modules that are other files than the winner, each once.
fn others(session: &Session<'_>, winner: &Candidate, shadows: Vec<Candidate>) -> Vec<Candidate> {
    let is_same = |one: &BString, other: &BString| {
        let (one, other) = (session.dir(one.as_bstr()), session.dir(other.as_bstr()));
        one == other || session.survey.same_file(one.as_bstr(), other.as_bstr())
    };
    let mut hidden: Vec<Candidate> = Vec::new();
    for shadow in shadows.into_iter().filter(|shadow| shadow.kind != Kind::Namespace) {
        let Some(path) = &shadow.path else { continue };
        let is_it = |known: &Candidate| known.path.as_ref().is_some_and(|known| is_same(known, path));
        if !is_it(winner) && !hidden.iter().any(is_it) {
            hidden.push(shadow);
        }
    }
    hidden
}

/// The entry that holds a module, counted from 1; 0 where it is in the interpreter, or nowhere on `sys.path`. Of entries
/// within each other it is the inner one.
fn place(session: &Session<'_>, entries: &[&PathEntry], candidate: &Candidate) -> usize {
    let Some(path) = candidate.path.as_ref().map(|path| session.dir(path.as_bstr())) else { return 0 };
    let holds = |entry: &PathEntry| {
        let below = session.below(path.as_bstr(), session.dir(entry.value.as_bstr()).as_bstr());
        // A module, or the `__init__` of a package.
        below.is_some_and(|below| below.split_str("/").count() <= 2)
    };
    let holding = entries.iter().enumerate().filter(|(_, entry)| holds(entry));
    holding.max_by_key(|(_, entry)| entry.value.len()).map_or(0, |(at, _)| at + 1)
}

/// What an entry of `sys.path` is, in two or three words.
pub(super) fn title(session: &Session<'_>, entry: &PathEntry) -> &'static str {
    let survey = &session.survey;
    match entry.origin {
        Origin::Launch => match session.resolution().invocation.launch {
            Launch::Script(_) => "the directory of the script",
            _ => "the working directory",
        },
        Origin::PythonPath => "PYTHONPATH",
        Origin::Zip | Origin::Stdlib | Origin::PlatStdlib => "the standard library",
        Origin::CompiledPythonPath => "a directory of this build",
        Origin::Registry => "the registry",
        Origin::ExecutableDir => "the directory of the executable",
        Origin::UnderPth => "a ._pth file",
        Origin::UserSite => "the user site",
        Origin::PthFile => "a .pth file",
        Origin::SitePackages => {
            let dir = session.dir(entry.value.as_bstr());
            let is_own = survey.own_site_dirs().any(|site| site.path == dir);
            match (survey.is_environment(), is_own) {
                (true, true) => "the environment",
                (true, false) => "the base",
                (false, _) => "site-packages",
            }
        }
    }
}
