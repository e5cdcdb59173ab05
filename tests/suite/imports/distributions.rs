//! Real distributions, installed into real environments: every top-level name is found where Python finds it.
//!
//! `VENV_DOCTOR_DISTRIBUTIONS` names a file with a requirement on each line, which are installed one by one without
//! their dependencies; what cannot be installed is told. Nothing is installed where the variable is not set.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use bstr::BString;

use super::compare::{Outcome, compare};
use super::facts::{Facts, is_file_of_module};
use super::layout::Layout;
use super::observed;
use crate::differential::generate;
use crate::support::interpreters::{self, Interpreter};
use crate::support::rng::Rng;

/// The minor versions that distributions are installed for.
const VERSIONS: &[u32] = &[8, 10, 12];

#[test]
fn names_of_real_distributions() {
    let Some(list) = std::env::var_os("VENV_DOCTOR_DISTRIBUTIONS") else {
        println!("skipped: VENV_DOCTOR_DISTRIBUTIONS names no list of distributions");
        return;
    };
    let list = fs::read_to_string(list).unwrap();
    let requirements: Vec<&str> = list.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut different = Vec::new();
    for python in interpreters::installed().filter(|python| VERSIONS.contains(&python.minor)) {
        different.extend(examine(python, &requirements));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// Installs the distributions into an environment and compares every name. What differs.
fn examine(python: &Interpreter, requirements: &[&str]) -> Vec<String> {
    let facts = Facts::ask(python).unwrap();
    let draft = generate::build(python, &format!("dists-{}", python.minor), &generate::plan(&[])).unwrap();
    let mut l = Layout::new(draft, &facts, Rng::new(1, 0));
    let site = l.draft.outside(l.draft.site());
    let installed = install(python, &site, requirements);
    let all: Vec<String> = names(&site).into_iter().collect();
    let (mut unknown, mut raising, mut different) = (Vec::new(), Vec::new(), Vec::new());
    // Each name is asked in a process of its own, which imports its parent.
    for some in all.chunks(40) {
        l.names.clear();
        l.code = true;
        for name in some {
            l.ask(name.as_str());
        }
        let doctor = l.start_doctor("dists").unwrap();
        let observed = observed::read(&l.start_real("dists").unwrap()).expect("it starts");
        let document: serde_json::Value = serde_json::from_slice(&doctor.stdout).expect("a document");
        for (index, (asked, answer)) in l.names.iter().zip(&observed.answers).enumerate() {
            // Without its requirements, a parent may fail somewhere deep, which is not what is judged here.
            if answer.kind == "raises" {
                raising.push(asked.name.as_str().to_owned());
                continue;
            }
            match compare(asked, false, answer, &document["names"][index]) {
                Outcome::Equal => {}
                Outcome::Unknown => unknown.push(format!("{} ({})", asked.name, document["names"][index]["reason"])),
                Outcome::Different(why) => {
                    different.push(format!("{} {}: {}", python.label, asked.name, why.join("; ")));
                }
            }
        }
    }
    println!(
        "{}: {} of {} distributions, {} names, {} unknown: {unknown:?}, parents that fail: {raising:?}, {} different",
        python.label,
        installed.len(),
        requirements.len(),
        all.len(),
        unknown.len(),
        different.len()
    );
    different
}

/// Installs into a directory what of the requirements can be installed: many at a time, and one by one where that fails.
fn install<'r>(python: &Interpreter, site: &Path, requirements: &[&'r str]) -> Vec<&'r str> {
    let mut installed = Vec::new();
    for some in requirements.chunks(12) {
        if pip(python, site, some) {
            installed.extend(some);
            continue;
        }
        for one in some {
            if pip(python, site, &[one]) {
                installed.push(*one);
            } else {
                println!("{}: {one} cannot be installed", python.label);
            }
        }
    }
    installed
}

fn pip(python: &Interpreter, site: &Path, requirements: &[&str]) -> bool {
    let mut command = Command::new(Path::new(&python.exe.to_string()));
    command.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:"]);
    command
        .args(["--timeout", "20", "--disable-pip-version-check", "--upgrade", "--target"])
        .arg(site)
        .args(requirements);
    command.output().is_ok_and(|output| output.status.success())
}

/// Every top-level name, and the names one level below.
fn names(site: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for top in modules(site) {
        for child in modules(&site.join(&top)).into_iter().take(3) {
            names.insert(format!("{top}.{child}"));
        }
        names.insert(top);
    }
    names
}

fn modules(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = BString::from(entry.file_name().into_encoded_bytes()).to_string();
            let is_module = entry.path().is_dir() || is_file_of_module(&name);
            let stem = name.split('.').next()?.to_owned();
            let is_name =
                !stem.is_empty() && stem.chars().all(|character| character.is_alphanumeric() || character == '_');
            (is_module && is_name && !stem.starts_with("__") && !name.ends_with("-info")).then_some(stem)
        })
        .collect();
    names.sort();
    names.dedup();
    names
}
