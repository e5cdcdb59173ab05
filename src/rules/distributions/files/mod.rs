//! Every file that a `RECORD` names, compared with what was recorded of it. Only on demand: it reads them all.

use bstr::{BStr, BString, ByteSlice};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::environment::{Distribution, Entry, Survey};
use crate::host::HostError;
use crate::rules::all_evidence::record_line;
use crate::rules::distributions::missing::FILES_MISSING;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static FILES_MODIFIED: Rule = Rule {
    code: Code("VD606"),
    name: "files-modified",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Files of a distribution are not as they were installed.",
    why: "\
RECORD holds a SHA-256 of every file, and nothing compares it after the installation. An edit made to debug \
something, a file cut short by a full disk, or worse, stays unseen. Scripts, whose first line changes with the \
environment, and compiled modules are not compared. Only `check --files` looks, for it has to read everything.",
    example: "\
$ echo 'print(1)' >> .venv/lib/python3.12/site-packages/six.py
$ venv-doctor check --files .venv",
    fix: "Install the distribution again, after saving what was changed on purpose.",
    sources: &["pypa/pip#1463", "pypa/pip#13816", "PEP 376"],
};

pub(in crate::rules) static CACHE_LINK_DANGLING: Rule = Rule {
    code: Code("VD607"),
    name: "cache-link-dangling",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Installed files are links that lead nowhere.",
    why: "\
With UV_LINK_MODE=symlink, `virtualenv --symlink-app-data` and PDM's cache, site-packages holds links and the cache \
of the installer owns the content. When the cache is cleaned, directories stay and their files are gone: a package turns \
into an empty namespace (module 'six' has no attribute ...), a module is not found at all, and pip and uv still list \
the distribution.",
    example: "\
$ ls -l .venv/lib/python3.12/site-packages/six.py
six.py -> /home/ada/.cache/uv/archive-v0/mPqr/six.py
$ cat .venv/lib/python3.12/site-packages/six.py
cat: .venv/lib/python3.12/site-packages/six.py: No such file or directory",
    fix: "Install the distribution again, as files of its own (`--link-mode copy` for uv).",
    sources: &["astral-sh/uv#12003", "astral-sh/uv#13270", "pdm-project/pdm#623"],
};

pub(in crate::rules) static HARD_LINKED_EDIT: Rule = Rule {
    code: Code("VD609"),
    name: "hard-linked-edit",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file was edited that other environments share by a hard link.",
    why: "\
On Linux uv installs by hard links from its cache: one file with many names. An edit in site-packages changes it in \
the cache and in every other environment, and installing again brings the edited file back, under the hash of the \
original. Clones (reflinks) are not affected. Only `check --files` looks.",
    example: "\
$ stat -c %h .venv/lib/python3.12/site-packages/six.py
3
$ echo 'print(1)' >> .venv/lib/python3.12/site-packages/six.py",
    fix: "Remove the distribution from the cache (`uv cache clean NAME`), then install it again.",
    sources: &["astral-sh/uv#15700", "astral-sh/uv#10579"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&FILES_MODIFIED, &CACHE_LINK_DANGLING, &HARD_LINKED_EDIT, &bytecode::STALE_BYTECODE],
    judges: &[],
};

mod bytecode;

/// The largest file that is read.
const LARGEST: u64 = 1 << 30;
/// How much of it is held at once.
const PIECE: usize = 1 << 20;
/// How many files are shown as evidence.
const MOST_EVIDENCE: usize = 8;

/// How a file compares with what was recorded.
pub(super) enum Compared {
    /// It has the hash.
    Same,
    /// It has another, and this many names.
    Differs(u64),
    /// It is not there.
    Missing,
    /// Nothing can be said.
    Unknown,
}

/// The files of one distribution that are not as they were recorded, by what became of them.
#[derive(Default)]
struct Found<'r> {
    modified: Vec<Entry<'r>>,
    shared: Vec<Entry<'r>>,
    missing: Vec<Entry<'r>>,
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
    found.tell(survey, distribution, findings);
    bytecode::find(survey, distribution, findings);
}

/// Scripts get a new first line when an environment moves, and compiled modules are made anew: neither is compared.
fn counts(entry: &Entry<'_>) -> bool {
    let path = entry.path.as_bytes();
    !path.starts_with(b"..") && !path.starts_with(b"/") && !path.ends_with(b".pyc") && sha256(entry.hash).is_some()
}

/// The recorded hash, if it is a SHA-256.
pub(super) fn sha256(hash: &BStr) -> Option<[u8; 32]> {
    let text = hash.strip_prefix(b"sha256=")?;
    let text = text.trim_end_with(|character| character == '=');
    BASE64URL_NOPAD.decode(text).ok()?.try_into().ok()
}

/// Compares one file.
pub(super) fn compare(survey: &Survey<'_>, distribution: &Distribution, entry: &Entry<'_>, largest: u64) -> Compared {
    let Some(wanted) = sha256(entry.hash) else { return Compared::Unknown };
    let path = survey.join(&distribution.site, entry.path.as_bytes());
    match digest(survey, path.as_bstr(), largest) {
        Ok(Some(found)) if found == wanted => Compared::Same,
        Ok(Some(_)) => {
            let access = survey.metadata(path.as_bstr()).ok().and_then(|metadata| metadata.access);
            Compared::Differs(access.map_or(1, |access| access.links))
        }
        Err(HostError::NotFound | HostError::NotADirectory) => Compared::Missing,
        Ok(None) | Err(_) => Compared::Unknown,
    }
}

fn digest(survey: &Survey<'_>, path: &BStr, largest: u64) -> Result<Option<[u8; 32]>, HostError> {
    let file = survey.ask.open(path)?;
    if file.size() > largest {
        return Ok(None);
    }
    let mut digest = Sha256::new();
    let mut at = 0;
    while at < file.size() {
        let length = usize::try_from(file.size() - at).unwrap_or(PIECE).min(PIECE);
        digest.update(file.read_at(at, length)?);
        at += length as u64;
    }
    Ok(Some(digest.finalize().into()))
}

impl Found<'_> {
    fn tell(&self, survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
        let all_evidence = |entries: &[Entry<'_>]| -> Vec<Evidence> {
            let shown = entries.iter().take(MOST_EVIDENCE);
            shown.map(|entry| record_line(survey, distribution, entry.line, entry.path.as_bytes())).collect()
        };
        let finding = |code, entries: &[Entry<'_>], one: &str, many: &str| {
            let message = sentence!(names(survey, distribution, entries), if entries.len() == 1 { one } else { many });
            Finding::new(code, message).all_evidence(all_evidence(entries)).fix(fixes::reinstall(survey, distribution))
        };
        let top_is_there = |entry: &Entry<'_>| {
            let first = entry.path.split_str("/").next().unwrap_or_default();
            survey.holds(distribution.site.as_bstr(), first.as_bstr()) == Some(true)
        };
        // What is gone with its whole package has been told already.
        let missing: Vec<Entry<'_>> = self.missing.iter().filter(|entry| top_is_there(entry)).cloned().collect();
        if !missing.is_empty() {
            findings.push(
                finding(&FILES_MISSING, &missing, " is missing", " are missing")
                    .effect("what imports or reads them fails, while pip calls the requirement already satisfied"),
            );
        }
        if let Some((first, target)) = self.dangling.first() {
            let path = survey.join(&distribution.site, first.path.as_bytes());
            let count = self.dangling.len();
            let message = sentence!(
                "files of ",
                distribution.title(),
                " are links that lead nowhere: ",
                path,
                " names ",
                target,
                if count == 1 { String::new() } else { format!(", and {} more", count - 1) }
            );
            findings.push(
                Finding::new(&CACHE_LINK_DANGLING, message)
                    .evidence(Evidence::about(path, sentence!("a link to ", target)))
                    .effect("what they held cannot be imported, while pip and uv go on listing the distribution")
                    .fix(fixes::reinstall(survey, distribution)),
            );
        }
        if !self.shared.is_empty() {
            let mut finding = finding(
                &HARD_LINKED_EDIT,
                &self.shared,
                " was changed and is shared with other places by hard links",
                " were changed and are shared with other places by hard links",
            )
            .effect("every environment with the same link has the changed file too, and so has the installer's cache");
            finding.fix = finding.fix.map(|fix| shared_fix(survey, distribution, fix));
            findings.push(finding);
        }
        if !self.modified.is_empty() {
            findings.push(
                finding(
                    &FILES_MODIFIED,
                    &self.modified,
                    " is not as it was installed",
                    " are not as they were installed",
                )
                .effect("Python runs what stands there now; no tool looks at the recorded hashes again"),
            );
        }
    }
}

/// uv installs from its cache by hard links, so that the cache has the change too.
fn shared_fix(survey: &Survey<'_>, distribution: &Distribution, fix: Fix) -> Fix {
    if !fixes::is_by_uv(survey) {
        return fix;
    }
    let clean = fixes::line(survey, "uv").words(["cache", "clean"]).word(&distribution.name);
    let mut commands = vec![clean.into()];
    commands.extend(fix.commands);
    Fix { advice: "empty the cache of it, and install it again".into(), commands, ..fix }
}

/// The first file with its path, and how many more there are.
fn names(survey: &Survey<'_>, distribution: &Distribution, entries: &[Entry<'_>]) -> BString {
    let Some(first) = entries.first() else { return BString::default() };
    let path = survey.join(&distribution.site, first.path.as_bytes());
    match entries.len() {
        1 => sentence!(path, " of ", distribution.title()),
        count => sentence!(path, format!(" and {} more of ", count - 1), distribution.title()),
    }
}
