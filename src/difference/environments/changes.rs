//! What differs, item by item.

use std::collections::{HashMap, HashSet};

use bstr::{BStr, BString, ByteSlice};

use super::items::{Id, Item, ids};
use super::versions::Versionless;
use super::{Aspect, Change, Kind, Letter, Side};
use crate::difference::align::{Aligned, align};

/// A change, and what is known of it before causes are looked for.
pub struct Found {
    /// The change.
    pub change: Change,
    /// By what the item is found again after a trial.
    pub id: Id,
    /// Whether the two are the same but for the versions of the interpreters in them.
    pub is_of_version: bool,
    /// The files that it comes from, told by where they lie.
    pub files: Vec<BString>,
}

/// Everything that differs, in the order of the aspects.
pub fn find(a: &Side<'_>, b: &Side<'_>) -> Vec<Found> {
    let versionless = Versionless::of(a, b);
    let mut found = Vec::new();
    for aspect in Aspect::ALL {
        let is_recorded = a.manifest.is_some() && b.manifest.is_some();
        if matches!(aspect, Aspect::Distributions | Aspect::Scripts) && !is_recorded {
            continue;
        }
        let of = |items: &[Item]| items.iter().filter(|item| item.aspect == aspect).cloned().collect::<Vec<_>>();
        let (before, after) = (of(&a.items), of(&b.items));
        compare(aspect, &before, &after, &versionless, &mut found);
    }
    mark_versions(&mut found, &versionless);
    found
}

fn compare(aspect: Aspect, before: &[Item], after: &[Item], versionless: &Versionless, found: &mut Vec<Found>) {
    let is_ordered = matches!(aspect, Aspect::Path | Aspect::Hooks);
    let (before_ids, after_ids) = (ids(before), ids(after));
    let twins = twins(before, after, &before_ids, &after_ids);
    let (old, new): (HashSet<usize>, HashSet<usize>) = twins.into_iter().unzip();
    for aligned in align(&before_ids, &after_ids) {
        let (kind, one, other) = match aligned {
            Aligned::Before(at) if old.contains(&at) => continue,
            Aligned::After(at) if new.contains(&at) => continue,
            Aligned::Before(at) => (Kind::Only(Letter::A), Some(at), None),
            Aligned::After(at) => (Kind::Only(Letter::B), None, Some(at)),
            Aligned::Both { before: one, after: other, moved } => {
                let same = before[one].is_like(&after[other]);
                match (same, moved && is_ordered) {
                    (true, false) => continue,
                    (true, true) => (Kind::Moved, Some(one), Some(other)),
                    (false, _) => (Kind::Different, Some(one), Some(other)),
                }
            }
        };
        let (one, other) = (one.map(|at| &before[at]), other.map(|at| &after[at]));
        let Some(item) = one.or(other) else { continue };
        let id = match aligned {
            Aligned::Before(at) => before_ids[at].clone(),
            Aligned::After(at) | Aligned::Both { after: at, .. } => after_ids[at].clone(),
        };
        let value = |item: Option<&Item>| item.and_then(|item| item.value.clone());
        let is_of_version = kind == Kind::Different && versionless.are_same(value(one), value(other));
        let shown = |item: Option<&Item>| item.map(|item| item.shown.clone());
        let change = Change { aspect, name: item.name.clone(), kind, a: shown(one), b: shown(other), cause: None };
        let files = [one, other].into_iter().flatten().flat_map(|item| item.files.clone()).collect();
        found.push(Found { change, id, is_of_version, files });
    }
}

/// The elements that lie elsewhere in the two environments, as seen from each, and are one and the same place.
pub(super) fn twins(before: &[Item], after: &[Item], before_ids: &[Id], after_ids: &[Id]) -> Vec<(usize, usize)> {
    let (old, new): (HashSet<&Id>, HashSet<&Id>) = (before_ids.iter().collect(), after_ids.iter().collect());
    let mut by_name: HashMap<&BStr, Vec<usize>> = HashMap::new();
    for (at, item) in after.iter().enumerate().filter(|(at, _)| !old.contains(&after_ids[*at])) {
        by_name.entry(item.name.as_bstr()).or_default().push(at);
    }
    let lonely = before.iter().enumerate().filter(|(at, _)| !new.contains(&before_ids[*at]));
    let twin = |(at, item): (usize, &Item)| {
        let other = by_name.get_mut(item.name.as_bstr())?.pop()?;
        (item.is_spelled_like(&after[other]) && item.is_like(&after[other])).then_some((at, other))
    };
    lonely.filter_map(twin).collect()
}

/// An element that only A has and one that only B has may be the same but for a version: `lib/python3.11` and
/// `lib/python3.12`.
fn mark_versions(found: &mut [Found], versionless: &Versionless) {
    let mut waiting: HashMap<(Aspect, Vec<u8>), Vec<usize>> = HashMap::new();
    for (index, one) in found.iter().enumerate() {
        if one.change.kind == Kind::Only(Letter::A) {
            let key = versionless.a(&one.id.1);
            waiting.entry((one.change.aspect, key.into())).or_default().push(index);
        }
    }
    let mut pairs = Vec::new();
    for (index, one) in found.iter().enumerate() {
        if one.change.kind == Kind::Only(Letter::B) {
            let key = versionless.b(&one.id.1);
            let other = waiting.get_mut(&(one.change.aspect, key.into())).and_then(Vec::pop);
            pairs.extend(other.map(|other| [other, index]));
        }
    }
    for index in pairs.into_iter().flatten() {
        found[index].is_of_version = true;
    }
}
