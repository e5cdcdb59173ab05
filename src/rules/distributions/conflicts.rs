//! Conflict copies and placeholders of file synchronization services.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static SYNC_CONFLICT: Rule = Rule {
    code: Code("VD614"),
    name: "sync-conflict",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "Names in the environment look like conflict copies or placeholders of a file synchronization service.",
    why: "\
iCloud, Dropbox, OneDrive and Syncthing rename a file if two machines changed it (`six 2.py`, `... (conflicted \
copy)`, `.sync-conflict-`), and may replace its content with a placeholder. An environment consists of thousands of \
files that must match one another, and of symlinks, which these services do not preserve. This rule is heuristic, \
because it goes by names only; it is probably right about files that no RECORD lists.",
    example: "\
$ ls .venv/lib/python3.12/site-packages
six.py  'six 2.py'  six-1.16.0.dist-info  'six-1.16.0 2.dist-info'",
    fix: "Recreate the environment in a directory that is not synchronized.",
    sources: &["astral-sh/uv#9902", "Bouke/docx-mailmerge#59"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SYNC_CONFLICT], judges: &[Judge { when: When::Environment(660), find }] };

/// How many names are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// Looks at the names in the environment's directory, the directory of its scripts and its site directories.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() {
        return;
    }
    let sites: Vec<BString> = survey.own_site_dirs().map(|site| site.path.clone()).collect();
    let own = [survey.root().to_owned(), survey.bin().to_owned()];
    let mut found = Vec::new();
    for dir in own.iter().chain(&sites) {
        let Some(names) = survey.names(dir.as_bstr()) else { continue };
        let is_there = |name: &[u8]| names.binary_search_by(|known| known.as_slice().cmp(name)).is_ok();
        let suspects: Vec<&BString> = names.iter().filter(|name| is_conflict(name.as_bstr(), is_there)).collect();
        let recorded = if suspects.is_empty() { HashSet::new() } else { recorded(survey, dir) };
        let suspects = suspects.into_iter().filter(|name| !recorded.contains(name));
        found.extend(suspects.map(|name| survey.join(dir, name)));
    }
    let Some(first) = found.first() else { return };
    let what = match found.len() {
        1 => " looks like a conflict copy or placeholder of a file synchronization service".to_owned(),
        count => {
            format!(
                " and {} more look like conflict copies or placeholders of a file synchronization service",
                count - 1
            )
        }
    };
    let message = sentence!(first, what);
    findings.push(
        Finding::new(&SYNC_CONFLICT, message)
            .all_evidence(
                found.iter().take(MOST_EVIDENCE).map(|path| Evidence::about(path.clone(), "is listed in no RECORD")),
            )
            .effect("the service may have replaced, renamed or removed other files, which nothing compares")
            .fix(Fix::advice(
                "recreate the environment outside of the synchronized directory, or exclude it from synchronization",
            )),
    );
}

/// `six 2.py` next to `six.py`, `… (conflicted copy …)`, `….sync-conflict-…`, `.six.py.icloud`.
fn is_conflict(name: &BStr, is_there: impl Fn(&[u8]) -> bool) -> bool {
    if name.contains_str("conflicted copy") || name.contains_str(".sync-conflict-") {
        return true;
    }
    if name.starts_with(b".") && name.ends_with(b".icloud") {
        return true;
    }
    let Some((stem, rest)) = name.split_once_str(" 2") else { return false };
    (rest.is_empty() || rest.starts_with(b".")) && !stem.is_empty() && is_there(&[stem, rest].concat())
}

/// The names in a site directory that distributions list in their `RECORD`.
fn recorded<'s>(survey: &'s Survey<'_>, dir: &BString) -> HashSet<&'s BString> {
    let here = survey.distributions().iter().filter(|distribution| distribution.site == *dir);
    let contents = here.filter_map(|distribution| distribution.contents(survey).ok());
    contents.flat_map(|contents| contents.tops.iter().map(|top| &top.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_copy_is_next_to_its_original() {
        let names = ["six.py", "requests"];
        let is_there = |name: &[u8]| names.iter().any(|known| known.as_bytes() == name);
        for name in ["six 2.py", "requests 2", "a (Ada's conflicted copy 2026-01-01).py", ".six.py.icloud"] {
            assert!(is_conflict(name.into(), is_there), "{name}");
        }
        for name in ["version 2.py", "requests 2x", " 2", "python 3"] {
            assert!(!is_conflict(name.into(), is_there), "{name}");
        }
    }
}
