//! Every rule has a pair: an environment in which it finds what it describes, and a twin in which it finds nothing.
//!
//! Where both can be made with an interpreter of this machine, they are made on the disk and examined; where a command
//! fixes the problem, the printed fix is followed and the interpreter is started. Both are also kept as snapshots in
//! `fixtures/rules/`, which are examined on every machine; those of other systems exist only there.
//! `VENV_DOCTOR_UPDATE=1` records the snapshots.

/// Pairs of rules. Each is a test of its own, named after the rule: `cargo test vd205` runs one.
macro_rules! pairs {
    ($($name:ident => $pair:expr;)+) => {
        pub const PAIRS: &[(&str, $crate::rules::pair::Pair)] = &[$((stringify!($name), $pair)),+];

        $(#[test]
        fn $name() {
            $crate::rules::judge::judge(&$pair);
        })+
    };
}
pub(crate) use pairs;

mod alike;
pub(crate) mod cast;
mod certainty;
mod distributions;
mod executable;
pub(crate) mod extensions;
mod judge;
mod keep;
mod layouts;
mod mend;
mod one_cause;
mod pair;
mod places;
mod prefix;
mod scripts;
mod startup_code;
mod variables;

use std::collections::BTreeSet;

use pair::Pair;
use venv_doctor::internals::rules::{Confidence, Rule, Severity, all_rules};

/// The pairs of all families, each with the name of its test.
fn all_pairs() -> impl Iterator<Item = &'static (&'static str, Pair)> {
    let families = [
        executable::PAIRS,
        prefix::PAIRS,
        variables::PAIRS,
        startup_code::PAIRS,
        scripts::PAIRS,
        distributions::PAIRS,
        extensions::PAIRS,
        places::PAIRS,
        certainty::PAIRS,
    ];
    families.into_iter().flatten()
}

#[test]
fn every_rule_is_documented_and_has_its_pair() {
    let rules: Vec<&Rule> = all_rules().collect();
    let codes: Vec<&'static str> = rules.iter().map(|rule| rule.code.text()).collect();
    assert_eq!(all_pairs().map(|(_, pair)| pair.code).collect::<Vec<_>>(), codes, "every code has one pair, in order");
    for ((test, _), rule) in all_pairs().zip(&rules) {
        let own = format!("{}_{}", rule.code.text().to_lowercase(), rule.name.replace('-', "_"));
        assert_eq!(*test, own, "a test is named after its rule");
    }
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), rules.len(), "two rules have one name");
    for rule in rules {
        let texts = [rule.summary, rule.why, rule.example, rule.fix];
        let is_name = rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(is_name && texts.iter().all(|text| text.len() > 9) && !rule.sources.is_empty(), "{}", rule.code);
        let is_sentence = |text: &str| text.starts_with(|c: char| !c.is_lowercase()) && text.ends_with('.');
        assert!(is_sentence(rule.summary) || rule.summary.ends_with('.'), "{}: {}", rule.code, rule.summary);
        let shown = [rule.why, rule.example].concat();
        let is_real = |dir: &&str| shown.split('/').any(|part| part.split_whitespace().next() == Some(dir));
        let machines = ["root", "tmp", ".pyenv"].iter().find(|dir| is_real(dir) && shown.contains(&format!("/{dir}")));
        assert_eq!(machines, None, "{} shows a directory of some machine", rule.code);
        assert!(
            !(rule.confidence == Confidence::Heuristic && rule.severity == Severity::Error),
            "{}: at most a warning",
            rule.code
        );
    }
}
