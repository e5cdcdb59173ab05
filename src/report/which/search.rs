//! The places of a search: their names in the document, and what is said of them.

use bstr::{BString, ByteSlice};

use super::words;
use crate::imports::{Candidate, Place, There, Verdict};
use crate::text::sentence;

/// The name in JSON.
pub(in crate::report) fn there(there: &There) -> &'static str {
    match there {
        There::NoEntry => "no-entry",
        There::NoFinder => "no-finder",
        There::Unlistable(_) => "unlistable",
        There::Nothing => "nothing",
        There::Candidates(_) => "candidates",
    }
}

/// The name in JSON.
pub(in crate::report) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Nothing => "nothing",
        Verdict::Taken => "taken",
        Verdict::Portion => "portion",
        Verdict::PassedOver => "passed-over",
        Verdict::Hidden => "hidden",
        Verdict::TooLate => "too-late",
        Verdict::Unknown => "unknown",
    }
}

/// What is at a place.
pub(in crate::report) fn candidates(place: &Place) -> &[Candidate] {
    match &place.there {
        There::Candidates(candidates) => candidates,
        _ => &[],
    }
}

/// Where was looked.
pub(in crate::report) fn place(place: &Place) -> BString {
    match (&place.entry, place.finder.as_bytes()) {
        (Some(entry), _) if entry.is_empty() => "''".into(),
        (Some(entry), _) => entry.clone(),
        (None, b"builtin") => "built-in modules".into(),
        (None, b"frozen") => "frozen modules".into(),
        (None, b"path") => "sys.path".into(),
        (None, _) => sentence!("the finder of ", place.finder),
    }
}

/// What was there, and what became of it.
pub(in crate::report) fn found(place: &Place) -> BString {
    match &place.there {
        There::NoEntry => "does not exist".into(),
        There::NoFinder => "is neither a directory nor a zip file".into(),
        There::Unlistable(error) => sentence!("cannot be listed: ", error.to_string()),
        There::Nothing => "nothing".into(),
        There::Candidates(candidates) => {
            let shown = candidates.iter().map(|candidate| what(place, candidate));
            sentence!(bstr::join(", then ", shown), ending(place.verdict))
        }
    }
}

/// A candidate by its kind, and its path below the place.
fn what(place: &Place, candidate: &Candidate) -> BString {
    let kind = words::kind(candidate.kind);
    let Some(path) = &candidate.path else { return kind.into() };
    let entry = place.entry.as_ref().filter(|entry| !entry.is_empty());
    let below = entry.and_then(|entry| path.strip_prefix(entry.trim_end_with(|c| matches!(c, '/' | '\\'))));
    let below = below.map(|rest| rest.trim_start_with(|c| matches!(c, '/' | '\\')));
    sentence!(kind, " ", below.unwrap_or(path))
}

fn ending(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Nothing => "",
        Verdict::Taken => ": taken",
        Verdict::Portion => ": one portion of the namespace package",
        Verdict::PassedOver => ": passed over, because a module is found later",
        Verdict::Hidden => ": hidden by what is found before",
        Verdict::TooLate => ": too late, the module is loaded at startup",
        Verdict::Unknown => ": unknown, because code comes first",
    }
}
