//! The tables in the binaries: built-in and frozen names are exactly those that each interpreter reports.

use std::collections::BTreeSet;

use bstr::BString;
use serde_json::Value;

use super::facts::Facts;
use crate::differential::draft::join;
use crate::support::interpreters::{self, Interpreter};
use crate::support::world::{Cwd, Start};

#[test]
fn tables_equal_those_of_the_interpreters() {
    let found = interpreters::found_all();
    let facts: Vec<Facts> = found.interpreters.iter().map(|python| Facts::ask(python).unwrap()).collect();
    let frozen = facts.iter().flat_map(|facts| facts.frozen.iter().flatten());
    let all: BTreeSet<&String> = facts.iter().flat_map(|facts| &facts.builtin).chain(frozen).collect();
    let mut different = Vec::new();
    for (python, facts) in found.interpreters.iter().zip(&facts) {
        let kinds = kinds(python, &all);
        for (name, kind) in all.iter().zip(kinds) {
            let is_builtin = facts.builtin.contains(name);
            let is_frozen = facts.frozen.as_ref().is_some_and(|names| names.contains(name));
            // A child is asked for only below a package, and a module of another name can be in `sys.modules` for it.
            // A PyPy takes hardly anything from its table of frozen modules.
            if name.contains('.') && (is_builtin || !is_frozen) || python.pypy && !is_builtin {
                continue;
            }
            let expected = match &facts.frozen {
                _ if is_builtin => Some("builtin"),
                Some(_) => is_frozen.then_some("frozen"),
                None => continue,
            };
            let got = ["builtin", "frozen"].into_iter().find(|start| kind.starts_with(start));
            if got != expected {
                different.push(format!("{}: {name}: expected {expected:?}, got {kind}", python.label));
            }
        }
        println!(
            "{}: {} built in, {:?} frozen",
            python.label,
            facts.builtin.len(),
            facts.frozen.as_ref().map(Vec::len)
        );
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The kinds of all names, in a start without site and with an empty working directory.
fn kinds(python: &Interpreter, names: &BTreeSet<&String>) -> Vec<String> {
    let tool = join(python.world.work(), "venv-doctor");
    let mut args: Vec<BString> = ["which", "--json", "--clean-env", "-I", "-S"].map(BString::from).into();
    args.extend([python.exe.clone(), BString::from("--")]);
    args.extend(names.iter().map(|name| BString::from(name.as_str())));
    let ended = python
        .world
        .run(&Start {
            file: tool.clone(),
            arg0: tool,
            args,
            env: Vec::new(),
            cwd: &Cwd::At(BString::from("/")),
            unprivileged: false,
            stdin: None,
            capture: python.world.work_outside().join("tables"),
        })
        .unwrap();
    let document: Value = serde_json::from_slice(&ended.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {}", python.label, String::from_utf8_lossy(&ended.stderr)));
    let names = document["names"].as_array().unwrap();
    names.iter().map(|name| name["kind"].as_str().unwrap().to_owned()).collect()
}
