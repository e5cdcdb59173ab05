//! Aligns two lists: which elements are in both in the same order, which were moved, and which are in only one.

use std::collections::HashMap;
use std::hash::Hash;

/// The position of an element in the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aligned {
    /// In both, at these indices.
    Both {
        /// In the first list.
        before: usize,
        /// In the second list.
        after: usize,
        /// Whether it passed another element on the way.
        moved: bool,
    },
    /// Only in the first list.
    Before(usize),
    /// Only in the second list.
    After(usize),
}

/// Aligns two lists by their keys. Of several elements with the same key, the first is aligned with the first, the second
/// with the second, and so on.
///
/// Every element then has at most one counterpart, and the longest common subsequence is the longest increasing subsequence
/// of the positions of the counterparts. It takes `n log n` steps, so that no list on a hostile machine is too long.
pub fn align<K: Eq + Hash>(before: &[K], after: &[K]) -> Vec<Aligned> {
    let counterparts = counterparts(before, after);
    let kept = longest_increasing(&counterparts);
    // An element that was moved is shown only at its new position.
    let mut gone = vec![true; before.len()];
    for &at in counterparts.iter().flatten() {
        gone[at] = false;
    }
    let mut aligned = Vec::with_capacity(before.len().max(after.len()));
    let mut new = Vec::new();
    let mut next = 0;
    for (index, counterpart) in counterparts.iter().enumerate() {
        match *counterpart {
            Some(at) if kept[index] => {
                aligned.extend((next..at).filter(|&at| gone[at]).map(Aligned::Before));
                aligned.append(&mut new);
                aligned.push(Aligned::Both { before: at, after: index, moved: false });
                next = at + 1;
            }
            Some(at) => new.push(Aligned::Both { before: at, after: index, moved: true }),
            None => new.push(Aligned::After(index)),
        }
    }
    aligned.extend((next..before.len()).filter(|&at| gone[at]).map(Aligned::Before));
    aligned.append(&mut new);
    aligned
}

/// For each element of `after`, the index of its counterpart in `before`.
fn counterparts<K: Eq + Hash>(before: &[K], after: &[K]) -> Vec<Option<usize>> {
    let mut places: HashMap<&K, Vec<usize>> = HashMap::new();
    for (index, key) in before.iter().enumerate().rev() {
        places.entry(key).or_default().push(index);
    }
    after.iter().map(|key| places.get_mut(key)?.pop()).collect()
}

/// Marks the elements of a longest strictly increasing subsequence, by patience sorting.
fn longest_increasing(numbers: &[Option<usize>]) -> Vec<bool> {
    // The last element of the best subsequence of each length, and for each element the one before it.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut previous = vec![None; numbers.len()];
    for (index, number) in numbers.iter().enumerate() {
        let Some(number) = *number else { continue };
        let length = ends.partition_point(|&(end, _)| end < number);
        previous[index] = length.checked_sub(1).map(|shorter| ends[shorter].1);
        ends.truncate(ends.len().max(length));
        match ends.get_mut(length) {
            Some(end) => *end = (number, index),
            None => ends.push((number, index)),
        }
    }
    let mut marked = vec![false; numbers.len()];
    let mut next = ends.last().map(|&(_, index)| index);
    while let Some(index) = next {
        marked[index] = true;
        next = previous[index];
    }
    marked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `=` kept, `>` moved, `-` and `+`.
    fn shown(before: &str, after: &str) -> String {
        let (before, after): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
        let one = |aligned: Aligned| match aligned {
            Aligned::Both { after: at, moved, .. } => [if moved { '>' } else { '=' }, after[at]],
            Aligned::Before(at) => ['-', before[at]],
            Aligned::After(at) => ['+', after[at]],
        };
        align(&before, &after).into_iter().flat_map(one).collect()
    }

    #[test]
    fn elements_are_kept_added_removed_and_moved() {
        for (before, after, expected) in [
            ("", "", ""),
            ("abc", "abc", "=a=b=c"),
            ("abc", "axc", "=a-b+x=c"),
            ("abc", "", "-a-b-c"),
            ("", "ab", "+a+b"),
            ("abcd", "dabc", ">d=a=b=c"),
            ("aba", "aab", "=a>a=b"),
            ("xay", "yab", "-x>y=a+b"),
        ] {
            assert_eq!(shown(before, after), expected, "{before} {after}");
        }
    }

    proptest! {
        #[test]
        fn every_element_is_accounted_for_once(before in "[a-e]{0,12}", after in "[a-e]{0,12}") {
            let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
            let aligned = align(&old, &new);
            let mut seen_old = vec![0; old.len()];
            let mut seen_new = vec![0; new.len()];
            let mut last_kept = None;
            for one in aligned {
                match one {
                    Aligned::Both { before, after, moved } => {
                        prop_assert_eq!(old[before], new[after]);
                        seen_old[before] += 1;
                        seen_new[after] += 1;
                        if !moved {
                            prop_assert!(last_kept < Some((before, after)));
                            last_kept = Some((before, after));
                        }
                    }
                    Aligned::Before(before) => seen_old[before] += 1,
                    Aligned::After(after) => seen_new[after] += 1,
                }
            }
            prop_assert!(seen_old.iter().chain(&seen_new).all(|&times| times == 1));
        }
    }
}
