//! Every file that a `RECORD` lists, compared with its hash. Only `check --files` does this: it reads all files.

use bstr::{BStr, BString, ByteSlice};

use super::missing::FILES_MISSING;
use super::symlinks::CACHE_SYMLINK_DANGLING;
use crate::environment::{Checksum, Distribution, Entry, Survey};
use crate::host::HostError;
use crate::rules::record_evidence::record_line;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static FILES_MODIFIED: Rule = Rule {
    code: Code("VD606"),
    name: "files-modified",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Files of a distribution have changed since they were installed.",
    why: "\
RECORD contains a hash of every file, and nothing compares it after the installation. A change made while debugging, \
a file truncated by a full disk, or something worse goes unnoticed. If only data has changed, such as the certificates \
that an administrator extends, the finding is an info. Scripts, whose first line changes with \
the environment, and bytecode files are not compared. Only `check --files` looks for this, because it has to read \
every file.",
    example: "\
$ echo 'print(1)' >> .venv/lib/python3.12/site-packages/six.py
$ venv-doctor check --files .venv",
    fix: "Save the changes that were made on purpose, then reinstall the distribution.",
    sources: &["pypa/pip#1463", "pypa/pip#13816", "PEP 376"],
};

pub(in crate::rules) static HARD_LINKED_EDIT: Rule = Rule {
    code: Code("VD609"),
    name: "hard-linked-edit",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file that other environments share by a hard link was changed.",
    why: "\
On Linux uv installs by hard links from its cache: one file with many names. An edit in site-packages changes the \
file in the cache and in every other environment, and reinstalling restores the edited file, recorded with the hash \
of the original. Clones (reflinks) are not affected. Only `check --files` looks for this.",
    example: "\
$ stat -c %h .venv/lib/python3.12/site-packages/six.py
3
$ echo 'print(1)' >> .venv/lib/python3.12/site-packages/six.py",
    fix: "Remove the distribution from the cache (`uv cache clean NAME`), then reinstall it.",
    sources: &["astral-sh/uv#15700", "astral-sh/uv#10579"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&FILES_MODIFIED, &HARD_LINKED_EDIT], judges: &[] };

/// The largest file that is read.
const LARGEST: u64 = 1 << 30;
/// How much of a file is read at once.
const BLOCK: usize = 1 << 20;
/// How many files are shown as evidence.
const MOST_EVIDENCE: usize = 8;

/// How a file compares with what was recorded.
pub(super) enum Compared {
    /// It has the recorded hash.
    Same,
    /// It has another hash, and this many hard links.
    Differs(u64),
    /// It does not exist.
    Missing,
    /// It could not be compared.
    Unknown,
}

/// The files of one distribution that are not as they were recorded.
#[derive(Default)]
struct Found<'r> {
    modified: Vec<Entry<'r>>,
    /// Those that were changed and have several hard links.
    shared: Vec<Entry<'r>>,
    missing: Vec<Entry<'r>>,
    /// Dangling symlinks, with their targets.
    dangling: Vec<(Entry<'r>, BString)>,
}

/// Compares all files of a distribution.
pub fn find(survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
    let Ok(record) = distribution.record(survey) else { return };
    let mut found = Found::default();
    for entry in record.entries().filter(|entry| counts(entry)) {
        match compare(survey, distribution, &entry, LARGEST) {
            Compared::Differs(links) if links > 1 => found.shared.push(entry),
            Compared::Differs(_) => found.modified.push(entry),
            Compared::Missing => {
                let path = survey.join(&distribution.site, entry.path.as_bytes());
                match survey.ask.read_link(path.as_bstr()) {
                    Ok(target) => found.dangling.push((entry, target)),
                    Err(_) => found.missing.push(entry),
                }
            }
            Compared::Same | Compared::Unknown => {}
        }
    }
    findings.extend(missing(survey, distribution, &found.missing));
    findings.extend(dangling(survey, distribution, &found.dangling));
    findings.extend(shared(survey, distribution, &found.shared));
    findings.extend(modified(survey, distribution, &found.modified));
}

/// Scripts get a new first line when an environment moves, and Python rewrites bytecode: neither is compared.
fn counts(entry: &Entry<'_>) -> bool {
    let path = entry.path.as_bytes();
    !path.starts_with(b"..") && !path.starts_with(b"/") && !path.ends_with(b".pyc") && has_checksum(entry)
}

/// Whether a hash was recorded that can be compared.
pub(super) fn has_checksum(entry: &Entry<'_>) -> bool {
    Checksum::parse(entry.hash).is_some()
}

/// Compares one file.
pub(super) fn compare(survey: &Survey<'_>, distribution: &Distribution, entry: &Entry<'_>, largest: u64) -> Compared {
    let Some(wanted) = Checksum::parse(entry.hash) else { return Compared::Unknown };
    let path = survey.join(&distribution.site, entry.path.as_bytes());
    match has_content(survey, path.as_bstr(), &wanted, largest) {
        Ok(Some(true)) => Compared::Same,
        Ok(Some(false)) => {
            let access = survey.metadata(path.as_bstr()).ok().and_then(|metadata| metadata.access);
            Compared::Differs(access.map_or(1, |access| access.links))
        }
        Err(HostError::NotFound | HostError::NotADirectory) => Compared::Missing,
        Ok(None) | Err(_) => Compared::Unknown,
    }
}

/// Whether a file has a hash; none where it is too large.
fn has_content(survey: &Survey<'_>, path: &BStr, wanted: &Checksum, largest: u64) -> Result<Option<bool>, HostError> {
    let file = survey.ask.open(path)?;
    if file.size() > largest {
        return Ok(None);
    }
    let mut hasher = wanted.hasher();
    let mut at = 0;
    while at < file.size() {
        let length = usize::try_from(file.size() - at).unwrap_or(BLOCK).min(BLOCK);
        hasher.update(&file.read_at(at, length)?);
        at += length as u64;
    }
    Ok(Some(wanted.is(hasher)))
}

/// Reports missing files, but not those whose whole package is missing: [`super::missing`] reports these.
fn missing(survey: &Survey<'_>, distribution: &Distribution, entries: &[Entry<'_>]) -> Option<Finding> {
    let top_exists = |entry: &&Entry<'_>| {
        let first = entry.path.split_str("/").next().unwrap_or_default();
        survey.holds(distribution.site.as_bstr(), first.as_bstr()) == Some(true)
    };
    let entries: Vec<Entry<'_>> = entries.iter().filter(top_exists).cloned().collect();
    let finding = finding(survey, distribution, &FILES_MISSING, &entries, [" is missing", " are missing"])?;
    Some(finding.effect("what imports or reads them fails, while pip reports Requirement already satisfied"))
}

fn dangling(survey: &Survey<'_>, distribution: &Distribution, symlinks: &[(Entry<'_>, BString)]) -> Option<Finding> {
    let (first, target) = symlinks.first()?;
    let path = survey.join(&distribution.site, first.path.as_bytes());
    let more = if symlinks.len() == 1 { String::new() } else { format!(", and {} more", symlinks.len() - 1) };
    let title = distribution.title();
    let message = sentence!("files of ", title, " are dangling symlinks: ", path, " points to ", target, more);
    let finding = Finding::new(&CACHE_SYMLINK_DANGLING, message)
        .evidence(Evidence::about(path, sentence!("is a symlink to ", target)))
        .effect("these files cannot be imported or read, while pip and uv still list the distribution")
        .fix(fixes::reinstall(survey, distribution));
    Some(finding)
}

fn shared(survey: &Survey<'_>, distribution: &Distribution, entries: &[Entry<'_>]) -> Option<Finding> {
    let verbs = [
        " was changed and is shared with other places by hard links",
        " were changed and are shared with other places by hard links",
    ];
    let mut finding = finding(survey, distribution, &HARD_LINKED_EDIT, entries, verbs)?
        .effect("every environment that shares the file has the change too, and so does the installer's cache");
    finding.fix = finding.fix.map(|fix| shared_fix(survey, distribution, fix));
    Some(finding)
}

fn modified(survey: &Survey<'_>, distribution: &Distribution, entries: &[Entry<'_>]) -> Option<Finding> {
    let verbs = [" has changed since it was installed", " have changed since they were installed"];
    let (code, data): (Vec<Entry<'_>>, Vec<Entry<'_>>) =
        entries.iter().cloned().partition(|entry| is_code(entry) || is_emptied(survey, distribution, entry));
    if code.is_empty() {
        let finding = finding(survey, distribution, &FILES_MODIFIED, &data, verbs)?.severity(Severity::Info);
        return Some(finding.effect("only data has changed, which people and programs may do on purpose"));
    }
    // The code comes first, and what else has changed is shown with it.
    let finding = finding(survey, distribution, &FILES_MODIFIED, &[code, data].concat(), verbs)?;
    Some(finding.effect("Python uses the changed content; no tool compares the recorded hashes after the installation"))
}

/// Whether Python or the system runs a file.
fn is_code(entry: &Entry<'_>) -> bool {
    const CODE: [&[u8]; 9] = [b".py", b".so", b".pyd", b".pth", b".start", b".dll", b".dylib", b".exe", b".sh"];
    let path = entry.path.as_bytes();
    CODE.iter().any(|suffix| path.ends_with(suffix)) || path.contains_str(".so.")
}

/// Whether a file had content when it was recorded, and has none: a full disk does that, and nobody on purpose.
fn is_emptied(survey: &Survey<'_>, distribution: &Distribution, entry: &Entry<'_>) -> bool {
    let path = survey.join(&distribution.site, entry.path.as_bytes());
    let is_empty = || survey.ask.open(path.as_bstr()).is_ok_and(|file| file.size() == 0);
    entry.size.is_none_or(|size| size > 0) && is_empty()
}

/// A finding about files that RECORD lists, with the verb for one of them or for several; none if there are none.
fn finding(
    survey: &Survey<'_>,
    distribution: &Distribution,
    rule: &'static Rule,
    entries: &[Entry<'_>],
    verbs: [&str; 2],
) -> Option<Finding> {
    let names = names(survey, distribution, entries)?;
    let [one, many] = verbs;
    let shown = entries.iter().take(MOST_EVIDENCE);
    let evidence = shown.map(|entry| record_line(survey, distribution, entry.line, entry.path.as_bytes()));
    let finding = Finding::new(rule, sentence!(names, if entries.len() == 1 { one } else { many }))
        .all_evidence(evidence)
        .fix(fixes::reinstall(survey, distribution));
    Some(finding)
}

/// uv installs by hard links from its cache, so the cache has the change too.
fn shared_fix(survey: &Survey<'_>, distribution: &Distribution, fix: Fix) -> Fix {
    if !fixes::is_by_uv(survey) {
        return fix;
    }
    let clean = fixes::line(survey, "uv").words(["cache", "clean"]).word(&distribution.name);
    let fix = fix.preceded_by(clean);
    Fix { advice: "remove the distribution from the cache, and reinstall it".into(), ..fix }
}

/// The first file with its path, and how many more there are.
fn names(survey: &Survey<'_>, distribution: &Distribution, entries: &[Entry<'_>]) -> Option<BString> {
    let path = survey.join(&distribution.site, entries.first()?.path.as_bytes());
    Some(match entries.len() {
        1 => sentence!(path, " of ", distribution.title()),
        count => sentence!(path, format!(" and {} more of ", count - 1), distribution.title()),
    })
}
