//! Every top-level module that one entry of `sys.path` provides.

use std::collections::BTreeSet;

use bstr::{BStr, BString, ByteSlice};

use super::finder::{Finder, Provided};
use super::offer::{Offer, Spec};
use crate::finders;

/// The names of an entry, each with what the entry has for it.
pub(super) fn by(finder: &Finder<'_>, entry: &BStr) -> Vec<Provided> {
    let Some(place) = finder.place(entry) else { return Vec::new() };
    let names = match finder.ask().list_dir(place.as_bstr()) {
        Ok(names) => names.iter().filter_map(|name| of_file(finder, name)).collect(),
        Err(_) => of_zip(finder, place.as_bstr()),
    };
    let provided = |name: BString| {
        let offer = Offer::from(finder.searched(entry, name.as_bstr()));
        let candidates: Vec<_> = offer.specs().iter().flat_map(Spec::candidates).collect();
        (!candidates.is_empty()).then_some(Provided { name, candidates })
    };
    names.into_iter().filter_map(provided).collect()
}

/// The module whose file or directory has this name.
fn of_file(finder: &Finder<'_>, name: &BString) -> Option<BString> {
    match name.find_byte(b'.') {
        None => is_name(name).then(|| name.clone()),
        Some(dot) => finder.code_of(&name[dot..]).filter(|_| is_name(&name[..dot])).map(|_| name[..dot].into()),
    }
}

/// Only what an import statement can name.
fn is_name(name: &[u8]) -> bool {
    let is_word = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c == '_' || c.is_alphanumeric())
            && !text.starts_with(|c: char| c.is_numeric())
    };
    name.to_str().is_ok_and(is_word) && name != b"__pycache__"
}

fn of_zip(finder: &Finder<'_>, place: &BStr) -> BTreeSet<BString> {
    let Some((file, prefix)) = finders::zip_parts(finder.ask(), place) else { return BTreeSet::new() };
    let Some(members) = finder.archives().members(finder.ask(), file, &finder.rules().zip) else {
        return BTreeSet::new();
    };
    let inside = members.iter().filter_map(|member| member.strip_prefix(prefix.as_str()));
    let first = inside.filter_map(|member| member.split('/').next());
    first.filter_map(|name| of_file(finder, &BString::from(name))).collect()
}
