//! Which of the differences that can be tried out explains what: one alone, or several together.

use std::collections::{BTreeMap, HashSet};

use super::causes::weight_of;
use super::changes::Found;
use super::items::ids;
use super::roots::Root;
use super::trials::{Reach, reaches};
use super::{Aspect, Side, Weight};
use crate::environment::Depth;

/// So many groups of differences that have an effect only together are looked for where none has it alone.
const MOST_GROUPS: usize = 4;
/// So many roots are tried out with a check, each by two checks, in environments with so many distributions at most.
const MOST_CHECKS: usize = 8;
const MOST_CHECKED: usize = 400;

/// What several roots explain and none of them alone.
pub struct Shared {
    /// Which roots.
    pub roots: Vec<usize>,
    /// The changes.
    pub changes: Vec<usize>,
    /// Whether each of them is enough to make A as B in this; otherwise all of them are needed.
    pub is_each_enough: bool,
}

/// What explains what. A change that a trial does not explain is nowhere.
pub struct Shares {
    /// For each root, the changes that it explains alone.
    pub own: Vec<Vec<usize>>,
    /// The rest.
    pub shared: Vec<Shared>,
}

struct Trials<'t, 's, 'h> {
    a: &'t Side<'s>,
    b: &'t Side<'h>,
    found: &'t [Found],
    roots: &'t [Root],
}

/// Tries each root alone, and together what does not have an effect alone.
///
/// Of a root that alone makes A as B, and B as A, all is known. If it does only one of the two, something else counts, too:
/// with -E in A and PYTHONPATH in B, each of them makes B as A, and A becomes as B only with both.
pub fn find(a: &Side<'_>, b: &Side<'_>, found: &[Found], roots: &[Root]) -> Shares {
    let trials = Trials { a, b, found, roots };
    let alone: Vec<Vec<Reach>> = roots.iter().map(|root| reaches(a, b, found, &[root], Depth::Startup)).collect();
    let is_asked: Vec<bool> = roots.iter().map(|root| is_asked(a, b, root)).collect();
    let mut own = vec![Vec::new(); roots.len()];
    let mut partial: BTreeMap<(Vec<usize>, bool), Vec<usize>> = BTreeMap::new();
    let mut open = Vec::new();
    for (index, one) in found.iter().enumerate() {
        let of = |root: usize| alone[root][index];
        let mut helping: Vec<usize> = (0..roots.len()).filter(|&root| of(root).is_any()).collect();
        let full = helping.iter().find(|&&root| of(root).is_full());
        if let Some(&root) = full {
            own[root].push(index);
            continue;
        }
        if helping.iter().any(|&root| is_asked[root]) {
            helping.retain(|&root| is_asked[root]);
        }
        let all = |is_meant: fn(Reach) -> bool| helping.iter().all(|&root| is_meant(of(root)));
        let is_each_enough = all(|reach| reach.a == Some(true));
        match helping.as_slice() {
            [] => open.extend((one.change.cause.is_none() && is_computed(one.change.aspect)).then_some(index)),
            [_, _, ..] if is_each_enough || all(|reach| reach.b == Some(true)) => {
                partial.entry((helping, is_each_enough)).or_default().push(index);
            }
            [root, ..] => own[*root].push(index),
        }
    }
    let shared = |((roots, is_each_enough), changes)| Shared { roots, changes, is_each_enough };
    let mut shared: Vec<Shared> = partial.into_iter().map(shared).collect();
    shared.extend(trials.together(open));
    trials.judged(&mut own);
    Shares { own, shared }
}

/// Whether startup asks for it in both. What only one of the two looks at can be in the other as well.
fn is_asked(a: &Side<'_>, b: &Side<'_>, root: &Root) -> bool {
    let Root::File(file) = root else { return true };
    [a, b].into_iter().all(|side| {
        let Some(path) = side.places.absolute(file) else { return false };
        let mut lookups = side.explanation.resolution.steps.iter().flat_map(|step| &step.lookups);
        lookups.any(|lookup| lookup.path == path)
    })
}

/// Whether a trial computes it, and it is no root itself.
fn is_computed(aspect: Aspect) -> bool {
    matches!(
        aspect,
        Aspect::Outcome | Aspect::Values | Aspect::Path | Aspect::Hooks | Aspect::Messages | Aspect::Findings
    )
}

impl Trials<'_, '_, '_> {
    /// The changes that these roots together explain, and those that they do not.
    fn divide(&self, roots: &[usize], changes: Vec<usize>) -> (Vec<usize>, Vec<usize>) {
        let chosen: Vec<&Root> = roots.iter().map(|&root| &self.roots[root]).collect();
        let all = reaches(self.a, self.b, self.found, &chosen, Depth::Startup);
        changes.into_iter().partition(|&index| all[index].is_full())
    }

    /// The findings that only a check shows, by checks of what each root makes.
    fn judged(&self, own: &mut [Vec<usize>]) {
        let is_wide = |side: &Side<'_>| side.manifest.as_ref().is_some_and(|it| it.packages.len() > MOST_CHECKED);
        if self.a.depth == Depth::Startup || is_wide(self.a) || is_wide(self.b) {
            return;
        }
        let shown: HashSet<_> = [self.a, self.b].into_iter().flat_map(|side| ids(&side.startup)).collect();
        let is_open = |one: &Found| {
            let is_finding = one.change.aspect == Aspect::Findings && one.change.cause.is_none();
            is_finding && weight_of(&one.change) > Weight::Little && !shown.contains(&one.id)
        };
        let mut open: Vec<usize> = (0..self.found.len()).filter(|&index| is_open(&self.found[index])).collect();
        for (number, root) in self.roots.iter().enumerate().take(MOST_CHECKS) {
            if open.is_empty() {
                break;
            }
            let reached = reaches(self.a, self.b, self.found, &[root], Depth::Environment);
            let (explained, rest) = open.into_iter().partition(|&index| reached[index].is_any());
            own[number].extend::<Vec<usize>>(explained);
            open = rest;
        }
    }

    /// What no root explains, not even in part, and all of them do: the fewest of them that explain it.
    fn together(&self, mut open: Vec<usize>) -> Vec<Shared> {
        let all: Vec<usize> = (0..self.roots.len()).collect();
        let mut shared = Vec::new();
        if all.len() < 2 || open.is_empty() {
            return shared;
        }
        open = self.divide(&all, open).0;
        while let Some(&first) = open.first().filter(|_| shared.len() < MOST_GROUPS) {
            let mut roots = all.clone();
            for root in &all {
                let without: Vec<usize> = roots.iter().copied().filter(|other| other != root).collect();
                if !self.divide(&without, vec![first]).0.is_empty() {
                    roots = without;
                }
            }
            let (changes, rest) = self.divide(&roots, open);
            open = rest;
            if changes.is_empty() {
                break;
            }
            shared.push(Shared { roots, changes, is_each_enough: false });
        }
        shared
    }
}
