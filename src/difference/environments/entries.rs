//! `sys.path` of both environments, entry by entry.

use std::collections::{HashMap, HashSet};

use super::changes::twins;
use super::items::{Item, ids};
use super::{Aspect, Side};
use crate::difference::align::{Aligned, align};
use crate::difference::{Fate, Numbered, Pair};
use crate::startup::PathEntry;

/// Every entry of both, aligned as the changes are: in the order of B, and those that only A has where they were.
pub fn entries<'s>(a: &'s Side<'_>, b: &'s Side<'_>) -> Vec<Pair<'s, PathEntry>> {
    let (before, after) = (of(a), of(b));
    let (before_ids, after_ids) = (ids(&before), ids(&after));
    let twins: HashMap<usize, usize> =
        twins(&before, &after, &before_ids, &after_ids).into_iter().map(|(before, after)| (after, before)).collect();
    let kept: HashSet<usize> = twins.values().copied().collect();
    let pair = |aligned| match aligned {
        Aligned::Before(at) if kept.contains(&at) => None,
        Aligned::Before(at) => Some(Pair { fate: Fate::Removed, before: Some(numbered(a, at)?), after: None }),
        Aligned::After(at) => Some(Pair {
            fate: if twins.contains_key(&at) { Fate::Kept } else { Fate::Added },
            before: twins.get(&at).and_then(|&before| numbered(a, before)),
            after: Some(numbered(b, at)?),
        }),
        Aligned::Both { before: one, after: other, moved } => {
            let fate = match (before.get(one)?.is_like(after.get(other)?), moved) {
                (true, false) => Fate::Kept,
                (true, true) => Fate::Moved,
                (false, _) => Fate::Altered,
            };
            Some(Pair { fate, before: Some(numbered(a, one)?), after: Some(numbered(b, other)?) })
        }
    };
    align(&before_ids, &after_ids).into_iter().filter_map(pair).collect()
}

/// The items of the entries: one for each, in their order.
fn of(side: &Side<'_>) -> Vec<Item> {
    side.items.iter().filter(|item| item.aspect == Aspect::Path).cloned().collect()
}

fn numbered<'s>(side: &'s Side<'_>, index: usize) -> Option<Numbered<'s, PathEntry>> {
    let item = side.explanation.resolution.sys.as_ref()?.path.get(index)?;
    Some(Numbered { index, item })
}
