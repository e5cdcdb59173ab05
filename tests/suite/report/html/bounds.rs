//! Pages stay of a size that a browser shows, however much was found.

use std::time::{Duration, Instant};

use super::markup::examine;
use super::pages;
use crate::report::sample;

/// The most that a page takes, in bytes.
const MOST: usize = 4 << 20;
/// So long it may take to write one, in a build for debugging on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);
const MANY: usize = 10_000;

fn judge(write: impl Fn() -> String) {
    let start = Instant::now();
    let page = write();
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    assert!(page.len() < MOST, "{} bytes", page.len());
    assert!(page.contains("more"), "nothing says that more was found");
    assert_eq!(examine(&page).faults, Vec::<String>::new());
}

#[test]
fn many_findings() {
    let mut explanation = sample::broken();
    let finding = explanation.findings.first().unwrap().clone();
    explanation.findings = vec![finding; MANY];
    judge(|| pages::explain(&explanation));
    judge(|| pages::check(vec![explanation.clone()], &[None]));
}

#[test]
fn many_entries_hooks_steps_and_lookups() {
    let mut explanation = sample::healthy();
    let resolution = &mut explanation.resolution;
    let path = &mut resolution.sys.as_mut().unwrap().path;
    let entry = path.last().unwrap().clone();
    path.extend(vec![entry; MANY]);
    let hook = resolution.startup.first().unwrap().clone();
    let file = |number: usize| format!("/e/{number}.pth").into();
    resolution.startup = (0..MANY).map(|number| venv_doctor::Hook { file: file(number), ..hook.clone() }).collect();
    let mut step = resolution.steps.iter().find(|step| !step.lookups.is_empty()).unwrap().clone();
    let lookup = step.lookups.first().unwrap().clone();
    step.lookups = (0..MANY).map(|number| venv_doctor::Lookup { path: file(number), ..lookup.clone() }).collect();
    resolution.steps = vec![step.clone(); 3];
    step.lookups.truncate(3);
    resolution.steps.extend(vec![step; MANY]);
    for (index, step) in resolution.steps.iter_mut().enumerate() {
        step.number = index + 1;
    }
    judge(|| pages::explain_around(&explanation));
}

#[test]
fn many_environments() {
    let environments = (0..MANY).map(|number| {
        let root = format!("/home/u/project{number}/.venv").into();
        pages::environment(&root, number % 3 > 0)
    });
    let environments: Vec<_> = environments.collect();
    judge(|| pages::scan(environments.clone(), &"/closed".into()));
}
