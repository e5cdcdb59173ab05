//! What comes near to a module that is not found: each thing has a path, and says why it is not taken.
//!
//! Everything is looked for on this machine; that a name is that of a known project somewhere is not claimed.

mod distributions;
mod editable;
mod elsewhere;
mod environments;
mod hidden_parent;
mod ignored;
mod pth;
mod traps;

use bstr::{BStr, BString, ByteSlice};

use super::session::Session;
use crate::imports::{Import, Kind};

/// The most that is told about one name.
const MOST: usize = 12;

/// Something that looks right and is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// The file, the directory, or what else it is about.
    pub path: BString,
    /// Why it is not taken: what is said of the path, without a period.
    pub why: BString,
}

impl Near {
    fn new(path: impl Into<BString>, why: impl Into<BString>) -> Self {
        Self { path: path.into(), why: why.into() }
    }
}

/// What is not found: the whole name, and the part of it at which the search ends.
struct Wanted<'n> {
    /// Every part of the name.
    parts: Vec<&'n BStr>,
    /// The part that is not found.
    tail: &'n BStr,
    /// Where that is looked for.
    dirs: Vec<BString>,
    /// The last package that is found on the way; none where the first part is missing.
    parent: Option<Import>,
}

impl<'n> Wanted<'n> {
    fn of(session: &Session<'_>, name: &'n BStr) -> Option<Self> {
        let parts: Vec<&BStr> = name.split(|byte| *byte == b'.').map(BStr::new).collect();
        if parts.iter().any(|part| !is_sound(part)) {
            return None;
        }
        let mut parent: Option<Import> = None;
        let mut end = 0;
        for part in &parts {
            end += part.len();
            let whole = name.get(..end)?.as_bstr();
            end += 1;
            let import = if whole == name { None } else { Some(session.finder.find(whole)) };
            match import {
                Some(import) if import.kind.is_found() => parent = Some(import),
                Some(import) if import.kind == Kind::Unknown => return None,
                _ => return Some(Self { tail: part, dirs: dirs(session, parent.as_ref()), parts, parent }),
            }
        }
        None
    }

    /// The name of the first part.
    fn top(&self) -> &'n BStr {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// Whether a part of a name can be that of a file in a directory.
fn is_sound(part: &BStr) -> bool {
    !part.is_empty() && !part.iter().any(|byte| matches!(byte, b'/' | b'\\' | 0))
}

/// The directories that are searched for a part of a name.
fn dirs(session: &Session<'_>, parent: Option<&Import>) -> Vec<BString> {
    match parent {
        Some(parent) => parent.locations.iter().flatten().map(|dir| session.dir(dir.as_bstr())).collect(),
        None => session.path().iter().map(|entry| session.dir(entry.value.as_bstr())).collect(),
    }
}

/// What comes near, the most likely first.
pub(super) fn find(session: &Session<'_>, import: &Import) -> Vec<Near> {
    let Some(wanted) = Wanted::of(session, import.name.as_bstr()) else { return Vec::new() };
    let mut all = hidden_parent::find(session, &wanted);
    all.extend(traps::find(session, &wanted));
    if wanted.parent.is_none() {
        all.extend(editable::find(session, &wanted, import));
        all.extend(distributions::find(session, &wanted));
        all.extend(ignored::find(session, &wanted));
        all.extend(pth::find(session, &wanted));
    }
    all.extend(elsewhere::find(session, &wanted));
    if wanted.parent.is_none() && all.is_empty() {
        all.extend(distributions::requiring(session, &wanted));
    }
    let mut near: Vec<Near> = Vec::new();
    for one in all {
        if near.len() < MOST && near.iter().all(|known| known.path != one.path) {
            near.push(one);
        }
    }
    near
}
