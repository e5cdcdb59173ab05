//! The answer about one name.

use bstr::{BStr, BString, ByteSlice};

use super::installed::{self, Installed};
use super::loads;
use super::near::{self, Near};
use super::session::Session;
use crate::imports::{Candidate, Import, Kind};
use crate::startup::{Origin, PathEntry};

/// What is known about an import.
#[derive(Clone, Debug)]
pub struct Located {
    /// What it gets, and the search for it.
    pub import: Import,
    /// The distribution whose `RECORD` names the file.
    pub distribution: Option<Installed>,
    /// The distribution that is installed in editable mode and leads to the file.
    pub editable: Option<Installed>,
    /// The entry of `sys.path` that provides the module or its top-level package.
    pub entry: Option<PathEntry>,
    /// What it hides: the next candidate that is a module, but for the copy that the standard library has of what is built
    /// in or frozen.
    pub hides: Option<Candidate>,
    /// Why the file that is found cannot be loaded, where that is known.
    pub problem: Option<BString>,
    /// For what is not found: what looks right and is not taken, the most likely first.
    pub near: Vec<Near>,
    /// For what is not found or not known: why.
    pub reason: Option<BString>,
}

impl Located {
    /// The answer of a Python that imports nothing, or is not known.
    pub(super) fn unanswered(name: &BString, reason: &BString) -> Self {
        let import = Import {
            name: name.clone(),
            kind: Kind::Unknown,
            origin: None,
            locations: None,
            found_by: None,
            shadows: Vec::new(),
            loaded_at_startup: false,
            reason: Some(reason.clone()),
            search: Vec::new(),
        };
        Self::plain(import, Some(reason.clone()))
    }

    fn plain(import: Import, reason: Option<BString>) -> Self {
        Self {
            import,
            distribution: None,
            editable: None,
            entry: None,
            hides: None,
            problem: None,
            near: Vec::new(),
            reason,
        }
    }
}

/// Follows the import of a name, and finds out what is to be told about it.
pub(super) fn locate(session: &Session<'_>, name: &BString) -> Located {
    let import = session.finder.find(name.as_bstr());
    if import.kind == Kind::Missing {
        let near = near::find(session, &import);
        let reason = import.reason.clone().or_else(|| Some(missing(name.as_bstr())));
        return Located { near, ..Located::plain(import, reason) };
    }
    if import.kind == Kind::Unknown {
        // What code could find, nobody knows; where nothing else is there, what comes near may still be the answer.
        let near = if import.shadows.is_empty() { near::find(session, &import) } else { Vec::new() };
        let reason = import.reason.clone();
        return Located { hides: hidden(session, &import), near, ..Located::plain(import, reason) };
    }
    let entry = session.entry_of(&import);
    let file = import.origin.as_ref().map(|origin| session.dir(origin.as_bstr()));
    let distribution = file.as_ref().and_then(|file| installed::owner(session, file.as_bstr()));
    let editable = if distribution.is_none() { installed::editable(session, &import, entry) } else { None };
    let problem = loads::problem(session, &import);
    let hides = hidden(session, &import);
    Located { distribution, editable, entry: entry.cloned(), hides, problem, ..Located::plain(import, None) }
}

/// The first candidate that is more than a portion of a namespace, and no file of what is in the interpreter itself.
fn hidden(session: &Session<'_>, import: &Import) -> Option<Candidate> {
    let is_inside = import.origin.is_none() && import.locations.is_none() && import.kind != Kind::Unknown;
    let is_library = |path: &BString| {
        session.path().iter().any(|entry| {
            matches!(entry.origin, Origin::Stdlib | Origin::PlatStdlib | Origin::Zip)
                && session
                    .below(path.as_bstr(), entry.value.as_bstr())
                    .is_some_and(|rest| !rest.starts_with(b"site-packages"))
        })
    };
    let is_hidden = |shadow: &&Candidate| {
        let path = shadow.path.as_ref();
        shadow.kind != Kind::Namespace && path.is_some_and(|path| !(is_inside && is_library(path)))
    };
    import.shadows.iter().find(is_hidden).cloned()
}

fn missing(name: &BStr) -> BString {
    let what = if name.contains(&b'.') { "no location of its package" } else { "no entry of sys.path" };
    let is_path = name.contains(&b'/') || name.is_empty() || name.starts_with(b".");
    if is_path && !name.is_empty() {
        return "a path or a relative name is not the name of a module".into();
    }
    crate::text::sentence!(what, " holds a module of that name")
}
