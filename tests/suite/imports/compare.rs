//! Compares the document of `which` with what the interpreter showed.

use bstr::{BStr, BString};
use serde_json::Value;

use super::layout::Asked;
use super::observed::Answer;
use crate::differential::predicted::text;

/// What came of one name.
pub enum Outcome {
    /// All fields are equal.
    Equal,
    /// The answer is `unknown`, and code is in the way.
    Unknown,
    /// What differs, one line for each field.
    Different(Vec<String>),
}

/// The keys of an answer.
const KEYS: &[&str] = &[
    "name",
    "kind",
    "origin",
    "locations",
    "found_by",
    "shadows",
    "distribution",
    "loaded_at_startup",
    "near",
    "reason",
];

/// Compares one answer.
pub fn compare(asked: &Asked, unordered: bool, real: &Answer, said: &Value) -> Outcome {
    let mut lines: Vec<String> =
        KEYS.iter().filter(|key| said.get(**key).is_none()).map(|key| format!("the key {key} is missing")).collect();
    let kind = said["kind"].as_str().unwrap_or_default();
    if said["name"] != asked.name.as_str() {
        lines.push(format!("the answer is about {}", said["name"]));
    }
    if ["missing", "unknown"].contains(&kind) == said["reason"].is_null() {
        lines.push(format!("kind {kind} with reason {}", said["reason"]));
    }
    if kind == "unknown" {
        let is_bare = ["origin", "locations", "found_by"].iter().all(|key| said[*key].is_null());
        if !is_bare {
            lines.push(format!("unknown, and yet {said}"));
        }
        // A parent that raises, and an object in `sys.modules` without a spec, are matters of code.
        if !asked.code && !["raises", "no-spec"].contains(&real.kind.as_str()) {
            lines.push(format!("unknown without code in the way: {}; expected {}", said["reason"], real.kind));
        }
        return if lines.is_empty() { Outcome::Unknown } else { Outcome::Different(lines) };
    }
    fields(asked, unordered, real, said, &mut lines);
    if let Some((name, version)) = asked.owner.as_ref().filter(|_| real.kind != "missing") {
        let got = &said["distribution"];
        if got["name"] != name.as_str() || got["version"] != version.as_str() {
            lines.push(format!("distribution: expected {name} {version}, got {got}"));
        }
    }
    if let Some(near) = asked.near.as_ref().filter(|_| real.kind == "missing") {
        let all = said["near"].as_array().map_or(&[][..], Vec::as_slice);
        if !all.iter().any(|one| path(&one["path"]).as_ref() == Some(near) && one["why"].is_string()) {
            lines.push(format!("near: expected {near}, got {}", said["near"]));
        }
    }
    if lines.is_empty() { Outcome::Equal } else { Outcome::Different(lines) }
}

fn fields(asked: &Asked, unordered: bool, real: &Answer, said: &Value, lines: &mut Vec<String>) {
    let kind = said["kind"].as_str().unwrap_or_default();
    let mut field = |name: &str, expected: String, got: String| {
        if expected != got {
            lines.push(format!("{name}: expected {expected}, got {got}"));
        }
    };
    field("loaded_at_startup", real.loaded.to_string(), said["loaded_at_startup"].to_string());
    if real.kind == "no-spec" {
        return;
    }
    let mut expected = real.clone();
    if real.found_by.as_ref().is_some_and(|by| by.0 == "_distutils_hack") {
        as_replaced(&mut expected, kind);
    }
    let why = if ["raises", "probe-fails"].contains(&&*expected.kind) {
        format!(" ({})", expected.why)
    } else {
        String::new()
    };
    field("kind", format!("{}{why}", expected.kind), kind.to_owned());
    field("origin", show(expected.origin.as_ref()), show(path(&said["origin"]).as_ref()));
    let mut got = paths(&said["locations"]);
    if unordered {
        got.iter_mut().chain(&mut expected.locations).for_each(|all| all.sort());
    }
    field("locations", show_all(expected.locations.as_deref()), show_all(got.as_deref()));
    let by = &said["found_by"];
    let got = by.is_object().then(|| (by["finder"].as_str().unwrap_or_default().to_owned(), path(&by["entry"])));
    if expected.found_by.as_ref().is_none_or(|by| by.0 != "nowhere") {
        field("found_by", format!("{:?}", expected.found_by), format!("{got:?}"));
    }
    let shadows = said["shadows"].as_array().map_or(&[][..], Vec::as_slice);
    let got: Vec<(String, Option<BString>)> = shadows
        .iter()
        .map(|shadow| (shadow["kind"].as_str().unwrap_or_default().to_owned(), path(&shadow["path"])))
        .collect();
    // What is behind a loaded module is a matter of the path that startup code left.
    if !(asked.code && real.loaded) {
        field("shadows", format!("{:?}", expected.shadows), format!("{got:?}"));
    }
}

/// `_distutils_hack` answers with a spec that has no locations; the module it leads to is a package all the same.
fn as_replaced(expected: &mut Answer, kind: &str) {
    if kind == "package" && expected.kind == "source" {
        let dir = expected.origin.as_ref().map(|origin| BString::from(origin.trim_suffix(b"/__init__.py")));
        "package".clone_into(&mut expected.kind);
        expected.locations = dir.map(|dir| vec![dir]);
    }
}

/// What `slice::trim_suffix` will be.
trait TrimSuffix {
    fn trim_suffix(&self, suffix: &[u8]) -> &[u8];
}

impl TrimSuffix for BString {
    fn trim_suffix(&self, suffix: &[u8]) -> &[u8] {
        self.strip_suffix(suffix).unwrap_or(self)
    }
}

fn path(value: &Value) -> Option<BString> {
    if value.is_null() { None } else { Some(text(value).unwrap_or_else(BString::from)) }
}

fn paths(value: &Value) -> Option<Vec<BString>> {
    value.as_array().map(|items| items.iter().filter_map(path).collect())
}

fn show(path: Option<&BString>) -> String {
    format!("{:?}", path.map(BStr::new))
}

fn show_all(paths: Option<&[BString]>) -> String {
    format!("{paths:?}")
}
