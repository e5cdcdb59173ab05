//! A family: the rules whose codes share their first digit, and the files in which they stand.

use super::finding::Finding;
use super::rule::Rule;
use crate::environment::Survey;

/// A family of rules.
#[derive(Debug)]
#[non_exhaustive]
pub struct Family {
    /// What its codes begin with, such as `VD2`.
    pub prefix: &'static str,
    /// What its rules look at, in a few words.
    pub title: &'static str,
    /// Its files.
    pub(super) topics: &'static [&'static Topic],
}

impl Family {
    /// Its rules, in the order of their codes.
    pub fn rules(&self) -> Vec<&'static Rule> {
        let mut rules: Vec<_> = self.topics.iter().flat_map(|topic| topic.rules).copied().collect();
        rules.sort_unstable_by_key(|rule| rule.code);
        rules
    }
}

/// What one file of a family adds to it: rules, and the code that finds them.
#[derive(Debug)]
pub(super) struct Topic {
    /// The rules that are documented in the file.
    pub rules: &'static [&'static Rule],
    /// The functions of the file that find what these rules describe.
    pub judges: &'static [Judge],
}

/// A function that finds what rules describe.
#[derive(Debug)]
pub(super) struct Judge {
    /// When it is called.
    pub when: When,
    /// Looks at the environment and adds what it finds.
    pub find: fn(&Survey<'_>, &mut Vec<Finding>),
}

/// When a judge is called. Of one stage, the lower numbers come first: findings of equal severity are shown in the
/// order in which they were found, and that is the order in which startup meets what they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// In every explanation: it looks at what startup has established and asks the machine next to nothing.
    Startup(u16),
    /// In checks: it reads on in the environment.
    Environment(u16),
}

/// What a judge does only where a condition holds, or only where it does not.
///
/// A judge that asks the machine more than an explanation may is called twice: in every explanation where startup shows
/// that it is worth it, and else in checks alone.
macro_rules! only_where {
    (!$holds:ident => $find:ident) => {
        |survey, findings| {
            if !$holds(survey) {
                $find(survey, findings);
            }
        }
    };
    ($holds:ident => $find:ident) => {
        |survey, findings| {
            if $holds(survey) {
                $find(survey, findings);
            }
        }
    };
}
pub(super) use only_where;
