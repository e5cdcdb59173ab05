//! Distributions with more than one set of metadata.

use bstr::BString;

use super::files::{self, Compared};
use crate::environment::{Distribution, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static DISTRIBUTION_TWICE: Rule = Rule {
    code: Code("VD604"),
    name: "distribution-twice",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A distribution has more than one set of metadata in the same directory.",
    why: "\
importlib.metadata takes the first match in a directory listing that is not sorted, so chance decides which version \
it reports; pip shows one, uv both. The modules can be those of only one version. Uninstalling one of the two removes \
files that the other still lists. This is left by an interrupted upgrade, by pip in a directory that conda manages, \
or by trees copied over each other.",
    example: "\
$ ls -d .venv/lib/python3.12/site-packages/requests-*
requests-2.30.0.dist-info  requests-2.31.0.dist-info",
    fix: "\
Keep the one whose recorded hashes match the files, and remove the other; if neither matches, remove both and \
reinstall the distribution.",
    sources: &["python/importlib_metadata#457", "python/cpython#100666"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&DISTRIBUTION_TWICE], judges: &[Judge { when: When::Environment(620), find }] };

/// How many files are compared to find out which version they are.
const MOST_COMPARED: usize = 8;
/// The largest file that is compared.
const LARGEST: u64 = 1 << 20;

/// Looks for names that occur twice in one site directory.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut named: Vec<(BString, &Distribution)> =
        survey.distributions().iter().map(|distribution| (distribution.normalized(), distribution)).collect();
    // The sort is stable: those of one name stay in the order of their directories.
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    for same in named.chunk_by(|(one, first), (other, next)| one == other && first.site == next.site) {
        // Packages of an operating system may have both forms of metadata, and its package manager removes them.
        let is_managed = same.iter().any(|(_, distribution)| distribution.is_managed(survey));
        if same.len() > 1 && !is_managed {
            let same: Vec<&Distribution> = same.iter().map(|(_, distribution)| *distribution).collect();
            findings.extend(twice(survey, &same));
        }
    }
}

fn twice(survey: &Survey<'_>, same: &[&Distribution]) -> Option<Finding> {
    let first = same.first()?;
    let directories = bstr::join(" and ", same.iter().map(|distribution| &distribution.directory));
    let message = sentence!(first.name, " has more than one set of metadata in ", first.site, ": ", directories);
    let present = present(survey, same);
    let finding = Finding::new(&DISTRIBUTION_TWICE, message)
        .all_evidence(same.iter().map(|one| {
            let version = one.version.as_ref();
            let text =
                version.map_or_else(|| "names no version".into(), |version| sentence!("names version ", version));
            Evidence::about(one.path(survey), text)
        }))
        .effect(
            "which version is reported depends on the order in which the directory is listed, and uninstalling one \
             removes files of the other",
        );
    Some(finding.fix(fix(survey, same, present)))
}

fn fix(survey: &Survey<'_>, same: &[&Distribution], present: Option<&Distribution>) -> Fix {
    let keep = present.or_else(|| same.last().copied());
    let others = same.iter().filter(|one| keep.is_none_or(|keep| !std::ptr::eq(**one, keep)));
    let remove = fixes::remove(survey, others.map(|one| one.path(survey)));
    match (present, keep) {
        (Some(present), _) => {
            let advice = sentence!("keep ", present.directory, ", whose hashes match the files, and remove the rest");
            Fix::advice(advice).command(remove).safe()
        }
        (None, Some(keep)) => {
            let reinstall = fixes::reinstall(survey, keep).preceded_by(remove);
            Fix { advice: "remove all but one, and reinstall that one".into(), ..reinstall }
        }
        (None, None) => Fix::advice("remove all but one"),
    }
}

/// The one whose recorded hashes match the files, if no other does.
fn present<'d>(survey: &Survey<'_>, same: &[&'d Distribution]) -> Option<&'d Distribution> {
    let mut matching = same.iter().filter(|distribution| matches_files(survey, distribution) == Some(true));
    let first = matching.next()?;
    matching.next().is_none().then_some(first)
}

/// Whether the first few modules that a `RECORD` lists match its hashes.
fn matches_files(survey: &Survey<'_>, distribution: &Distribution) -> Option<bool> {
    let record = distribution.record(survey).ok()?;
    let own = |path: &[u8]| path.starts_with(&distribution.directory);
    let entries = record.entries().filter(|entry| !own(&entry.path) && !entry.path.starts_with(b"."));
    let mut compared = 0;
    for entry in entries.filter(|entry| files::has_checksum(entry)).take(MOST_COMPARED) {
        match files::compare(survey, distribution, &entry, LARGEST) {
            Compared::Same => compared += 1,
            Compared::Differs(_) | Compared::Missing => return Some(false),
            Compared::Unknown => {}
        }
    }
    (compared > 0).then_some(true)
}
