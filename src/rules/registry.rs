//! Every rule there is: the one table of families.

use super::family::{Family, Judge};
use super::rule::Rule;
use super::{certainty, distributions, executable, extensions, places, prefix, scripts, startup_code, variables};

/// The families, in the order of their codes.
pub static FAMILIES: [&Family; 9] = [
    &executable::FAMILY,
    &prefix::FAMILY,
    &variables::FAMILY,
    &startup_code::FAMILY,
    &scripts::FAMILY,
    &distributions::FAMILY,
    &extensions::FAMILY,
    &places::FAMILY,
    &certainty::FAMILY,
];

/// All rules, in the order of their codes.
pub fn all_rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.into_iter().flat_map(Family::rules)
}

/// The rule with this code or name; letters of either case. None where there is none.
pub fn rule(text: &str) -> Option<&'static Rule> {
    all_rules().find(|rule| [rule.code.text(), rule.name].iter().any(|own| own.eq_ignore_ascii_case(text)))
}

/// Every judge, in the order in which they are called.
pub(super) fn judges() -> Vec<&'static Judge> {
    let topics = FAMILIES.iter().flat_map(|family| family.topics);
    let mut judges: Vec<_> = topics.flat_map(|topic| topic.judges).collect();
    judges.sort_by_key(|judge| judge.when);
    judges
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_begin_with_their_family() {
        let codes: Vec<_> = all_rules().map(|rule| rule.code).collect();
        let is_code = |code: &str| code.len() == 5 && code[2..].bytes().all(|digit| digit.is_ascii_digit());
        assert!(codes.iter().all(|code| is_code(code.text())));
        assert!(codes.is_sorted() && codes.iter().collect::<BTreeSet<_>>().len() == codes.len());
        assert_eq!(all_rules().map(|rule| rule.name).collect::<BTreeSet<_>>().len(), codes.len());
        for family in FAMILIES {
            assert!(family.rules().iter().all(|rule| rule.code.text().starts_with(family.prefix)), "{}", family.title);
        }
    }

    #[test]
    fn no_two_judges_are_called_at_the_same_time() {
        let times: Vec<_> = judges().iter().map(|judge| judge.when).collect();
        assert!(times.array_windows().all(|[one, next]| one < next), "{times:?}");
    }
}
