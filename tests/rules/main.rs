//! Every rule has a pair: an environment in which it finds what it describes, and a twin in which it finds nothing.
//!
//! Where a real interpreter can be broken in that way here, both are made on the disk, examined, and for situations of
//! the failure catalogue the printed fix is followed and the interpreter started. The same two are kept as snapshots
//! in `fixtures/rules/`, and examined wherever the tests run; those of other systems are kept only there.
//! `VENV_DOCTOR_UPDATE=1` records them anew.
#![allow(clippy::disallowed_methods, reason = "makes environments, breaks them, and follows the fixes")]
#![allow(clippy::print_stdout, reason = "the table of what was reproduced, named and fixed is part of the answer")]

mod cast;
mod certainty;
mod distributions;
mod executable;
mod extensions;
mod judge;
mod keep;
mod pair;
mod places;
mod prefix;
mod scripts;
mod stage;
mod startup_code;
mod variables;

#[path = "../differential/interpreters.rs"]
#[allow(dead_code, reason = "another test program uses the rest")]
mod interpreters;
#[path = "../differential/world.rs"]
#[allow(dead_code, reason = "another test program uses the rest")]
mod world;

use std::collections::BTreeSet;

use pair::Pair;
use venv_doctor::rules::{Confidence, Rule, Severity, all_rules};

/// The pairs of all families.
fn pairs() -> impl Iterator<Item = &'static Pair> {
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
    assert_eq!(pairs().map(|pair| pair.code).collect::<Vec<_>>(), codes, "every code has one pair, in their order");
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

#[test]
fn certainty() {
    judge::judge(certainty::PAIRS);
}

#[test]
fn executable() {
    judge::judge(executable::PAIRS);
}

#[test]
fn prefix() {
    judge::judge(prefix::PAIRS);
}

#[test]
fn variables() {
    judge::judge(variables::PAIRS);
}

#[test]
fn startup_code() {
    judge::judge(startup_code::PAIRS);
}

#[test]
fn scripts() {
    judge::judge(scripts::PAIRS);
}

#[test]
fn distributions() {
    judge::judge(distributions::PAIRS);
}

#[test]
fn extensions() {
    judge::judge(extensions::PAIRS);
}

#[test]
fn places() {
    judge::judge(places::PAIRS);
}
