//! Several faults at once: one plan mends them, and never makes anything worse. The interpreter itself is the judge.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::faults::{Fault, all};
use super::vital_signs::{STARTS, VitalSigns};
use super::ward::Ward;
use crate::healthy::make::Creator;
use crate::support::interpreters;
use crate::support::program::{json, stderr};
use crate::support::rng::Rng;
use crate::support::tree::{differences, tree};

/// So many combinations are tried; `VENV_DOCTOR_COMBINATIONS` sets another number.
const COMBINATIONS: usize = 8;
/// With more than this, every creator takes part, also those that have to be installed first.
const FEW: usize = 50;
/// So often other faults are chosen where some of them are not possible together.
const ATTEMPTS: usize = 40;

/// How many findings of each rule and severity there are.
type Findings = BTreeMap<(String, String), usize>;

fn findings(report: &Value) -> Findings {
    let mut counts = Findings::new();
    for one in report["environments"][0]["findings"].as_array().into_iter().flatten() {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        *counts.entry((text("code"), text("severity"))).or_default() += 1;
    }
    counts
}

/// What these findings have more than the others.
fn beyond(more: &Findings, others: &Findings) -> Vec<String> {
    let is_more = |(rule, count): &(&(String, String), &usize)| *count > others.get(*rule).unwrap_or(&0);
    more.iter().filter(is_more).map(|((code, severity), count)| format!("{count} {code} ({severity})")).collect()
}

/// A fault may hide another one that is less severe: where nothing starts, nobody reads `.pth` files. Or it hides how severe
/// that one is.
fn is_uncovered(more: &str, gone: &[String]) -> bool {
    let rank = |found: &str| SEVERITIES.iter().position(|severity| found.ends_with(severity));
    let code = |found: &str| found.split(' ').nth(1).map(str::to_owned);
    let is_milder = gone.iter().any(|gone| code(gone) == code(more));
    gone.iter().any(|gone| rank(gone) > rank(more) || is_milder && rank(gone) == rank(more))
}

const SEVERITIES: [&str; 3] = ["(info)", "(warning)", "(error)"];

/// Where an environment ran as another Python than its own, what it found there is not missed.
fn is_missed(lost: &str, signs: &VitalSigns, sound: &VitalSigns) -> bool {
    let is_place = ["its ", "it finds modules"].iter().any(|begin| lost.starts_with(begin));
    let is_itself = sound.works.iter().filter(|sign| sign.starts_with("its ")).all(|sign| signs.works.contains(sign));
    !is_place || is_itself && sound.works.contains(lost)
}

/// Whether a path is not in the environment, which a symlink may lead to.
fn is_outside(path: &Path, ward: &Ward) -> bool {
    !["env", "real-env"].iter().any(|name| path.starts_with(ward.stage.at(name)))
}

/// What was done about what.
fn told(report: &Value) -> Vec<String> {
    let fixes = report["environments"][0]["fixes"].as_array().into_iter().flatten();
    fixes.map(|fix| format!("{} {} {} {}", fix["codes"], fix["state"], fix["title"], fix["reason"])).collect()
}

/// What came of one combination.
#[derive(Default)]
struct Outcome {
    wrong: Vec<String>,
    is_changed: bool,
    is_healed: bool,
    left: Vec<String>,
}

/// Mends the environment, mends it again, and takes it back.
fn mend(ward: &Ward, new: &Findings, is_thorough: bool) -> Outcome {
    let mut outcome = Outcome::default();
    let run = |arguments: &[&str]| {
        let more: &[&str] = if is_thorough { &["--files"] } else { &[] };
        ward.run(&[arguments, more].concat())
    };
    let check = || findings(&json(&run(&["check", "./env", "--json", "--severity", "info"])));
    let (before, signs, old) = (check(), VitalSigns::of(&ward.stage), tree(ward.stage.path()));
    let predicted = run(&["fix", "./env", "--dry-run", "--json"]);
    let fixed = run(&["fix", "./env", "--yes", "--json"]);
    if fixed.stdout.is_empty() {
        outcome.wrong.push(format!("`fix` says {}", stderr(&fixed)));
        return outcome;
    }
    let state = json(&fixed)["state"].clone();
    if state == "failed" || state == "refused" {
        outcome.wrong.push(format!("`fix` says {}{}", json(&fixed), stderr(&fixed)));
    }
    outcome.is_changed = state == "applied";
    let standing = |document: &Value| document["environments"][0]["after"].clone();
    if standing(&json(&predicted)) != standing(&json(&fixed)) {
        outcome.wrong.push(format!("predicted {}, came {}", standing(&json(&predicted)), standing(&json(&fixed))));
    }
    let (after, now) = (check(), VitalSigns::of(&ward.stage));
    let gone = beyond(&before, &after);
    let more = beyond(&after, &before).into_iter().filter(|more| !is_uncovered(more, &gone));
    outcome.wrong.extend(more.map(|more| format!("after `fix`, there are {more}")));
    let lost = signs.beyond(&now).into_iter().filter(|lost| is_missed(lost, &signs, &ward.sound));
    outcome.wrong.extend(lost.map(|lost| format!("no longer: {lost}")));
    if now.complaints > signs.complaints && signs.works.contains(STARTS) {
        outcome.wrong.push(format!("{} lines of complaint instead of {}", now.complaints, signs.complaints));
    }
    let touched = differences(&old, &tree(ward.stage.path())).into_iter().filter(|path| is_outside(path, ward));
    outcome.wrong.extend(touched.map(|path| format!("outside of the environment, it changed {}", path.display())));
    outcome.left = beyond(&after, new);
    outcome.left.extend(ward.sound.beyond(&now));
    outcome.is_healed = outcome.left.is_empty();
    if !outcome.wrong.is_empty() {
        outcome.wrong.push(format!("before: {before:?}"));
        outcome.wrong.extend(told(&json(&fixed)));
    }
    let mended = tree(ward.stage.path());
    let again = run(&["fix", "./env", "--yes", "--json"]);
    if !differences(&mended, &tree(ward.stage.path())).is_empty() || json(&again)["state"] == "applied" {
        outcome.wrong.push(format!("a second `fix` finds {}", json(&again)));
    }
    if outcome.is_changed {
        let undone = ward.run(&["undo"]);
        if !undone.status.success() {
            outcome.wrong.push(format!("`undo` says {}", stderr(&undone)));
        }
    }
    let differ = differences(&old, &tree(ward.stage.path()));
    if !differ.is_empty() {
        outcome.wrong.push(format!("after `undo`, these differ: {differ:?}"));
    }
    outcome
}

/// An environment, with what a check and a thorough check find while it is new.
type Admitted = (Ward, [Findings; 2]);

/// The environments of all interpreters and creators, made when they are needed.
struct Wards {
    made: BTreeMap<(usize, usize), Option<Admitted>>,
    creators: &'static [Creator],
}

const CREATORS: [Creator; 6] = [
    Creator::VenvWithoutPip,
    Creator::Copies,
    Creator::SystemSite,
    Creator::Virtualenv,
    Creator::Uv,
    Creator::UvRelocatable,
];

impl Wards {
    fn choose(&mut self, rng: &mut Rng) -> Option<&Admitted> {
        let pythons = &interpreters::found_all().interpreters;
        let (python, creator) = (rng.below(pythons.len()), rng.below(self.creators.len()));
        let make = || {
            let ward = Ward::new(&pythons[python], self.creators[creator]).ok()?;
            ward.reset().ok()?;
            let check = |more: &[&str]| {
                findings(&json(&ward.run(&[&["check", "./env", "--json", "--severity", "info"], more].concat())))
            };
            let new = [check(&[]), check(&["--files"])];
            Some((ward, new))
        };
        self.made.entry((python, creator)).or_insert_with(make).as_ref()
    }
}

/// Puts faults into an environment that are possible together.
fn choose_faults<'f>(rng: &mut Rng, ward: &Ward, faults: &[&'f Fault]) -> Option<Vec<&'f Fault>> {
    (0..ATTEMPTS).find_map(|_| {
        let size = 2 + rng.below(4);
        let mut chosen = rng.shuffled(faults.len());
        chosen.truncate(size);
        chosen.sort_unstable();
        let chosen: Vec<&Fault> = chosen.into_iter().map(|index| faults[index]).collect();
        // Where nothing of an environment is left, the program refuses to look for one.
        let is_recognized = || !ward.run(&["check", "./env", "--json"]).stdout.is_empty();
        (ward.suffer(&chosen).is_ok() && is_recognized()).then_some(chosen)
    })
}

fn setting<T: std::str::FromStr>(name: &str, usual: T) -> T {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

#[test]
fn combined_faults_are_mended_together() {
    let number: usize = setting("VENV_DOCTOR_COMBINATIONS", COMBINATIONS);
    let seed: u64 = setting("VENV_DOCTOR_SEED", 12);
    let faults: Vec<&Fault> = all().collect();
    let creators = if number > FEW { &CREATORS[..] } else { &CREATORS[..3] };
    let mut wards = Wards { made: BTreeMap::new(), creators };
    let (mut tried, mut changed, mut healed, mut wrong, mut index) = (0, 0, 0, Vec::new(), 0);
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    while tried < number && index < 20 * number {
        let mut rng = Rng::new(seed, index);
        index += 1;
        let Some((ward, new)) = wards.choose(&mut rng) else { continue };
        let Some(chosen) = choose_faults(&mut rng, ward, &faults) else { continue };
        let is_thorough = rng.below(2) == 0;
        let outcome = mend(ward, &new[usize::from(is_thorough)], is_thorough);
        tried += 1;
        changed += usize::from(outcome.is_changed);
        healed += usize::from(outcome.is_healed);
        for one in &outcome.left {
            *left.entry(one.split(" in /").next().unwrap_or_default().to_owned()).or_default() += 1;
        }
        if !outcome.wrong.is_empty() {
            let names: Vec<&str> = chosen.iter().map(|fault| fault.0).collect();
            let told = format!("{index}: {}, thorough {is_thorough}: {names:#?}\n{:#?}", ward.name, outcome.wrong);
            println!("WRONG {told}");
            wrong.push(told);
        }
        if tried % 50 == 0 {
            println!("{tried} combinations: {changed} changed, {healed} healed completely, {} wrong", wrong.len());
        }
    }
    println!(
        "{tried} combinations of 2 to 5 of {} faults in {} kinds of environments: {changed} were changed, {healed} \
         healed completely, {} made worse or not undone",
        faults.len(),
        wards.made.values().flatten().count(),
        wrong.len()
    );
    if number <= FEW {
        println!("VENV_DOCTOR_COMBINATIONS=1000 tries more, with all creators");
    }
    for (what, count) in left {
        println!("  left {count} times: {what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
