//! What differs between the library and the judge.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::judge::Reply;
use super::ours::Ours;

/// How the script's warnings begin; whatever else is printed comes from elsewhere.
const WARNINGS: [&str; 5] = ["Could not find", "Consider setting", "Failed to find", "WARN: ", "unsupported 'import'"];

/// A description of every difference, or none.
pub fn differences(ours: &Ours, theirs: &Reply) -> Option<String> {
    let mut text = String::new();
    if ours.dies != theirs.error.is_some() {
        let _ = writeln!(text, "  fails: ours {}, theirs {:?}", ours.dies, theirs.error);
    }
    if theirs.error.is_none() {
        for (name, ours) in &ours.values {
            let theirs = &theirs.values[*name];
            if ours != theirs && !(theirs.is_null() && *ours == "") {
                let _ = writeln!(text, "  {name}: ours {ours}, theirs {theirs}");
            }
        }
    }
    lookups(ours, theirs, &mut text);
    warnings(ours, theirs, &mut text);
    (!text.is_empty()).then_some(text)
}

/// The first lookup that is not the same.
fn lookups(ours: &Ours, theirs: &Reply, text: &mut String) {
    let same = |index: usize| match (ours.asked.get(index), theirs.asked.get(index)) {
        (Some((op, path, answer)), Some((their_op, their_path, their_answer))) => {
            op == their_op && path == their_path && answer == their_answer
        }
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    };
    let most = ours.asked.len().max(theirs.asked.len());
    if let Some(index) = (0..most).find(|&index| !same(index)) {
        let (ours, theirs) = (ours.asked.get(index), theirs.asked.get(index));
        let _ = writeln!(text, "  lookup {index}: ours {ours:?}\n    theirs {theirs:?}");
    }
}

fn warnings(ours: &Ours, theirs: &Reply, text: &mut String) {
    let own = ours.messages.iter().take_while(|line| WARNINGS.iter().any(|start| line.starts_with(start)));
    if !own.clone().eq(&theirs.warnings) {
        let _ = writeln!(text, "  warnings: ours {:?}, theirs {:?}", own.collect::<Vec<_>>(), theirs.warnings);
    }
}

/// Where the judge itself does not say what an upstream case expects.
pub fn unexpected(theirs: &Reply, expected: &BTreeMap<String, Value>) -> Option<String> {
    let mut text = String::new();
    for (name, expected) in expected {
        match theirs.values.get(name) {
            Some(value) if value != expected => {
                let _ = writeln!(text, "  {name}: expected {expected}, judged {value}");
            }
            _ => {}
        }
    }
    (!text.is_empty()).then_some(text)
}
