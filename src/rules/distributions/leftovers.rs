//! What an installer renamed before removing it, and then could not remove.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static LEFTOVER_TILDE: Rule = Rule {
    code: Code("VD601"),
    name: "leftover-tilde",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A name in site-packages begins with a tilde, left by an interrupted removal.",
    why: "\
Before pip deletes a package it renames it, so that it can be restored if something fails; the new name begins with a \
tilde. If the deletion fails as well, as it does on Windows while a file is in use or on a full disk, the renamed \
directory stays. From then on pip prints `WARNING: Ignoring invalid distribution ~ip` at every call (older versions: \
`-ip`), and importlib.metadata still lists the old version.",
    example: "\
$ ls .venv/lib/python3.12/site-packages
pip  pip-24.2.dist-info  ~ip  ~ip-24.0.dist-info",
    fix: "Remove what begins with a tilde, once the distribution exists under its own name.",
    sources: &["pypa/pip#9906", "pypa/pip#10452", "pip src/pip/_internal/utils/temp_dir.py: AdjacentTempDirectory"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&LEFTOVER_TILDE], judges: &[Judge { when: When::Environment(610), find }] };

/// The characters with which pip fills the beginning of the name (`AdjacentTempDirectory`).
const FILL: &[u8] = b"-~.=%0123456789";

/// Looks at the names in every site directory.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for site in survey.own_site_dirs() {
        let Some(names) = survey.names(site.path.as_bstr()) else { continue };
        let left: Vec<&BString> = names.iter().filter(|name| name.first() == Some(&b'~')).collect();
        if left.is_empty() {
            continue;
        }
        let list = bstr::join(", ", &left);
        let message = sentence!(site.path, " contains what an interrupted removal left: ", list);
        let paths: Vec<BString> = left.iter().map(|name| survey.join(&site.path, name.as_slice())).collect();
        let all_evidence =
            paths.iter().map(|path| Evidence::about(path.clone(), "was renamed by pip before deleting it"));
        let is_whole = left.iter().all(|name| names.iter().any(|other| restores(name.as_bstr(), other.as_bstr())));
        let fix = if is_whole {
            Fix::advice("remove the leftovers").command(fixes::remove(survey, &paths)).safe()
        } else {
            // Somebody's own directory may have such a name too.
            Fix::advice(
                "remove the leftovers unless they are your own, and reinstall the distribution if it is needed: \
                 nothing has its original name",
            )
        };
        findings.push(Finding::new(&LEFTOVER_TILDE, message).all_evidence(all_evidence).effect(effect(&left)).fix(fix));
    }
}

fn effect(left: &[&BString]) -> BString {
    let metadata = left.iter().find(|name| name.ends_with(b".dist-info") || name.ends_with(b".egg-info"));
    match metadata.map(|name| name.split_once_str("-").map_or(name.as_slice(), |(name, _)| name)) {
        Some(name) => sentence!("pip warns at every call: Ignoring invalid distribution ", name),
        None => "nothing imports them, and nothing removes them".into(),
    }
}

/// Whether `other` may be the original name of the leftover: of the same length, and equal after the characters that
/// pip filled in. The versions of metadata may differ, because a newer version may have replaced it.
fn restores(leftover: &BStr, other: &BStr) -> bool {
    let name = |text: &BStr| -> BString {
        let is_metadata = text.ends_with(b".dist-info") || text.ends_with(b".egg-info");
        let stem = if is_metadata { text.split_once_str("-").map_or(text.as_bytes(), |(stem, _)| stem) } else { text };
        stem.into()
    };
    // The fill of a leftover may contain the hyphen at which a name ends.
    let end = leftover.iter().position(|byte| !FILL.contains(byte)).unwrap_or(leftover.len());
    let (fill, rest) = leftover.split_at(end);
    let whole = name(rest.as_bstr());
    let other = name(other);
    let mut fills = fill.len().saturating_sub(1)..=fill.len();
    !other.starts_with(b"~")
        && !whole.is_empty()
        && other.ends_with(&whole)
        && fills.any(|length| other.len() == length + whole.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leftover_is_recognized_by_the_rest_of_its_name() {
        let cases = [
            ("~ip", "pip", true),
            ("~ip-24.0.dist-info", "pip-24.2.dist-info", true),
            ("~-p", "pip", true),
            ("~umpy", "numpy", true),
            ("~pip", "pip", true),
            ("~ip", "~ip", false),
            ("~ip", "grip", false),
            ("~umpy.libs", "numpy", false),
        ];
        for (leftover, other, expected) in cases {
            assert_eq!(restores(leftover.into(), other.into()), expected, "{leftover} {other}");
        }
    }
}
