//! What programs that synchronize directories leave behind where two machines disagreed.

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
    summary: "Names in the environment look like what a synchronized directory leaves where two machines disagreed.",
    why: "\
iCloud, Dropbox, OneDrive and Syncthing rename a file when two machines changed it (`six 2.py`, `... (conflicted \
copy)`, `.sync-conflict-`), and may replace its content by a placeholder. An environment is thousands of files that \
belong together, and links, which these programs do not keep. This goes by names alone: it probably is so where \
nothing lists such a file.",
    example: "\
$ ls .venv/lib/python3.12/site-packages
six.py  'six 2.py'  six-1.16.0.dist-info  'six-1.16.0 2.dist-info'",
    fix: "Make the environment anew in a directory that is not synchronized.",
    sources: &["astral-sh/uv#9902", "Bouke/docx-mailmerge#59"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SYNC_CONFLICT], judges: &[Judge { when: When::Environment(660), find }] };

/// How many names are shown as evidence.
const MOST_EVIDENCE: usize = 5;

/// Looks at the names in the environment's directory, its scripts and its packages.
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
    let more = if found.len() == 1 { String::new() } else { format!(" and {} more", found.len() - 1) };
    let message =
        sentence!(first, more, " look like what a synchronized directory leaves behind where two machines disagreed");
    findings.push(
        Finding::new(&SYNC_CONFLICT, message)
            .all_evidence(
                found.iter().take(MOST_EVIDENCE).map(|path| Evidence::about(path.clone(), "no RECORD names it")),
            )
            .effect("files may have been swapped, renamed or taken away among those that nothing compares")
            .fix(Fix::advice(
                "make the environment anew outside of the synchronized directory, or tell the program to leave it out",
            )),
    );
}

/// `six 2.py` beside `six.py`, `… (conflicted copy …)`, `….sync-conflict-…`, `.six.py.icloud`.
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

/// The names that distributions have in a site directory.
fn recorded<'s>(survey: &'s Survey<'_>, dir: &BString) -> HashSet<&'s BString> {
    let here = survey.distributions().iter().filter(|distribution| distribution.site == *dir);
    let contents = here.filter_map(|distribution| distribution.contents(survey).ok());
    contents.flat_map(|contents| contents.tops.iter().map(|top| &top.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_copy_is_one_beside_the_first() {
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
