//! Environments damaged at random, read to the last file: each examination ends soon, in a report without control characters.
//!
//! `VENV_DOCTOR_MUTATIONS` is the number of damaged documents, and `VENV_DOCTOR_SEED` another choice of them.

pub mod bytes;
pub mod judge;
pub mod mutate;
mod numbers;

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use venv_doctor::{Invocation, Options, Version};

use crate::support::machine;
use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;
use judge::Told;

/// The number of damaged documents, unless `VENV_DOCTOR_MUTATIONS` is set.
const MUTATIONS: usize = 680;

/// The recorded machines of all rules, by name.
fn documents() -> Vec<(String, Value)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut documents = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let dir = entry.unwrap().path();
        for twin in ["fails", "passes"] {
            let Ok(text) = fs::read(dir.join(twin).with_extension("json")) else { continue };
            let code = dir.file_name().unwrap().to_str().unwrap();
            documents.push((format!("{code} {twin}"), serde_json::from_slice(&text).unwrap()));
        }
    }
    documents.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(documents.len() > 300, "only {} documents", documents.len());
    documents
}

/// What came of one damaged document.
struct Outcome {
    told: Option<Told>,
    wrong: Option<String>,
}

fn one(documents: &[(String, Value)], seed: u64, index: usize) -> Outcome {
    let (name, document) = &documents[index % documents.len()];
    let mut rng = Rng::new(seed, index);
    let mut damaged = document.clone();
    let mut done = Vec::new();
    for _ in 0..=rng.below(4) {
        done.push(mutate::damage(&mut rng, &mut damaged));
    }
    let text = serde_json::to_vec(&damaged).unwrap();
    let judged = panic::catch_unwind(AssertUnwindSafe(|| judge::examine(&text)));
    let (told, complaint) = match judged {
        Ok(Ok(told)) => (told, None),
        Ok(Err(complaint)) => (None, Some(complaint)),
        Err(_) => (None, Some("panicked".to_owned())),
    };
    let wrong = complaint.map(|complaint| format!("seed {seed}, {index} ({name}; {}): {complaint}", done.join(", ")));
    if let (Some(wrong), Ok(dir)) = (&wrong, std::env::var("VENV_DOCTOR_KEEP")) {
        fs::write(Path::new(&dir).join(format!("{seed}-{index}.json")), &text).unwrap();
        println!("{wrong}");
    }
    Outcome { told, wrong }
}

#[test]
fn damaged_environments_end_in_a_harmless_report() {
    let documents = documents();
    let count = number("VENV_DOCTOR_MUTATIONS", MUTATIONS);
    let seed = seed(11);
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        indices.take_while(|index| *index < count).map(|index| one(&documents, seed, index)).collect::<Vec<_>>()
    };
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let told: Vec<&Told> = outcomes.iter().filter_map(|outcome| outcome.told.as_ref()).collect();
    let findings: usize = told.iter().map(|told| told.findings).sum();
    let slowest = told.iter().map(|told| told.took).max().unwrap_or(Duration::ZERO);
    println!("{} of {count} damaged documents were examined: {findings} findings, {slowest:?} at most", told.len());
    let wrong: Vec<&str> = outcomes.iter().filter_map(|outcome| outcome.wrong.as_deref()).collect();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(told.len() > count / 2, "only {}: too few get past the reader to try anything else", told.len());
}

/// A tree is freed level by level, so that a line of a hundred thousand links must not become a tree of as many levels.
#[test]
fn a_long_chain_of_code_is_no_deep_tree() {
    for link in [".a", "()", "+'a'", "(a).a", " if a else a"] {
        let code = format!("import os; x = a{}\n", link.repeat(240_000 / link.len()));
        let host = machine::ada().file("/home/ada/app/.venv/lib/python3.12/site-packages/long.pth", code.as_str());
        let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
        let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
        let explanation = venv_doctor::explain(&host, &invocation, &options);
        let mut hooks = explanation.resolution.startup.iter();
        assert!(hooks.any(|hook| hook.file.ends_with(b"long.pth") && hook.known.is_none()), "{link}");
    }
}

#[test]
fn lines_that_add_each_other_s_directories_end() {
    let site = "/home/ada/app/.venv/lib/python3.12/site-packages";
    let call = |dir: &str| format!("import site; site.addsitedir('{dir}')\n");
    let mut host =
        machine::ada().file(format!("{site}/own.pth"), call(site)).file(format!("{site}/many.pth"), call("/a0"));
    // Each directory adds the next one twice.
    for number in 0..40 {
        let next = call(&format!("/a{}", number + 1));
        host = host.file(format!("/a{number}/one.pth"), next.as_str()).file(format!("/a{number}/two.pth"), next);
    }
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let resolution = venv_doctor::explain(&host, &invocation, &options).resolution;
    assert_eq!(resolution.outcome.status.name(), "starts");
    assert!(!resolution.doubts.is_empty());
}
