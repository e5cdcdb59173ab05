//! What several environments take of the disk together, and what they have in common.

use std::collections::{HashMap, HashSet};

use bstr::BString;

use super::{Environment, Shared};

/// A distribution that several environments have in the same version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Its name, normalized.
    pub name: BString,
    /// Its version.
    pub version: BString,
    /// The environments that have it.
    pub environments: Vec<BString>,
    /// What the copies take beyond one: files that have other names elsewhere take nothing.
    pub bytes: u64,
}

/// A distribution in one environment.
#[derive(Clone, Debug)]
struct Copy {
    root: BString,
    /// What it takes.
    bytes: u64,
    /// What of that would be free without it.
    own: u64,
}

/// What environments take together.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// The bytes of their files; a file with several names counts once.
    pub bytes: u64,
    /// What would be free without all of them.
    pub reclaimable: u64,
    /// The bytes of files that more than one of them has.
    pub common: u64,
    known: HashSet<BString>,
    /// The files with names outside of the environment that they were found in.
    shared: HashMap<(u64, u64), Shared>,
    copies: HashMap<(BString, BString), Vec<Copy>>,
}

impl Totals {
    /// Counts an environment, and takes from it the list of files that it shares. One that was counted already, under another
    /// name or for another of its interpreters, adds nothing.
    pub fn add(&mut self, environment: &mut Environment) {
        let shared = std::mem::take(&mut environment.shared);
        let dir = environment.target.clone().unwrap_or_else(|| environment.root.clone());
        let Some(size) = environment.size.filter(|_| self.known.insert(dir)) else { return };
        self.bytes += size.reclaimable;
        self.reclaimable += size.reclaimable;
        for file in shared {
            self.share(file);
        }
        for package in &environment.packages {
            let Some(version) = &package.version else { continue };
            let copies = self.copies.entry((package.name.clone(), version.clone())).or_default();
            copies.push(Copy { root: environment.root.clone(), bytes: package.bytes, own: package.reclaimable });
        }
    }

    fn share(&mut self, file: Shared) {
        let Some(known) = self.shared.get_mut(&file.identity) else {
            self.bytes += file.bytes;
            self.shared.insert(file.identity, file);
            return;
        };
        let is_first = known.inside < known.names && known.names > 0;
        self.common += file.bytes;
        known.inside += file.inside;
        // Every name of it is in one of them.
        if is_first && known.inside >= known.names {
            self.reclaimable += known.bytes;
        }
    }

    /// The distributions that several of them have in the same version, those first whose copies cost most.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let several = self.copies.iter().filter(|(_, copies)| copies.len() > 1);
        let mut duplicates: Vec<Duplicate> = several
            .map(|((name, version), copies)| {
                let mut environments: Vec<BString> = copies.iter().map(|copy| copy.root.clone()).collect();
                environments.sort();
                Duplicate { name: name.clone(), version: version.clone(), environments, bytes: beyond_one(copies) }
            })
            .collect();
        duplicates.sort_by(|one, other| {
            (other.bytes, &one.name, &one.version).cmp(&(one.bytes, &other.name, &other.version))
        });
        duplicates
    }
}

/// What copies take beyond one. Of that one, what has other names elsewhere is there already.
fn beyond_one(copies: &[Copy]) -> u64 {
    let own: u64 = copies.iter().map(|copy| copy.own).sum();
    let largest = copies.iter().map(|copy| copy.bytes).max().unwrap_or(0);
    let elsewhere = copies.iter().map(|copy| copy.bytes - copy.own).max().unwrap_or(0);
    own.saturating_sub(largest.saturating_sub(elsewhere))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_copy_is_needed() {
        let copy = |bytes, own| Copy { root: BString::default(), bytes, own };
        assert_eq!(beyond_one(&[copy(10, 10), copy(10, 10), copy(8, 8)]), 18);
        // Two that are hard links to the cache, and one that is a copy.
        assert_eq!(beyond_one(&[copy(10, 0), copy(10, 0), copy(10, 10)]), 10);
        assert_eq!(beyond_one(&[copy(10, 0), copy(10, 0)]), 0);
        assert_eq!(beyond_one(&[copy(10, 2), copy(10, 2)]), 2);
    }
}
