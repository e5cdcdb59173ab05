//! Files that two distributions have installed in the same place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Distribution, Survey};
use crate::rules::record_evidence::record_line;
use crate::rules::{Code, Confidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static FILES_OWNED_TWICE: Rule = Rule {
    code: Code("VD346"),
    name: "files-owned-twice",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Two distributions have installed different files in the same place, and only one of each pair is there.",
    why: "\
Installers overwrite without a word: whichever distribution was installed last has its files there, and the other is \
incomplete or mixed with it, although both are shown as installed. Uninstalling either removes files that the other \
needs, and import then fails or finds an empty namespace package. Variants of one library (opencv-python and \
opencv-python-headless, tensorflow and tensorflow-cpu), forks, and distributions that install a package tests by mistake \
do this. Files whose recorded hashes are equal are not reported. The severity is info if only __init__ files and names \
that nobody imports differ, such as tests.",
    example: "\
$ pip install opencv-python opencv-python-headless
$ grep -l '^cv2/__init__.py,' .venv/lib/python3.12/site-packages/*/RECORD
.venv/lib/python3.12/site-packages/opencv_python-4.10.0.dist-info/RECORD
.venv/lib/python3.12/site-packages/opencv_python_headless-4.9.0.dist-info/RECORD",
    fix: "Uninstall both, and install the one that is needed.",
    sources: &["pypa/pip#4625", "opencv/opencv-python#388", "PEP 376"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&FILES_OWNED_TWICE], judges: &[Judge { when: When::Environment(262), find }] };

/// The most files that are shown for one pair.
const MOST_SHOWN: usize = 4;
/// The most pairs that are reported.
const MOST_PAIRS: usize = 16;
/// What distributions install at the top by mistake, and nobody imports by that name.
const UNIMPORTED: [&[u8]; 8] = [b"benchmarks", b"doc", b"docs", b"example", b"examples", b"scripts", b"test", b"tests"];

/// A file in the records of two distributions.
struct Twice {
    path: BString,
    lines: (usize, usize),
}

/// The files of which each pair of distributions, by their places in the list, has recorded different hashes.
type Pairs = BTreeMap<(usize, usize), Vec<Twice>>;

/// Compares the records of those distributions that have a name at the top in common.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for (pair, files) in pairs(survey).iter().take(MOST_PAIRS) {
        let (Some(one), Some(other)) = (survey.distributions().get(pair.0), survey.distributions().get(pair.1)) else {
            continue;
        };
        findings.extend(finding(survey, one, other, files));
    }
}

fn pairs(survey: &Survey<'_>) -> Pairs {
    let shared = shared_tops(survey);
    let involved: BTreeSet<usize> = shared.values().flatten().copied().collect();
    let mut known: HashMap<(&BStr, BString), (usize, BString, usize)> = HashMap::new();
    let mut pairs = Pairs::new();
    for index in involved {
        let Some(distribution) = survey.distributions().get(index) else { continue };
        let Ok(record) = distribution.record(survey) else { continue };
        let site = distribution.site.as_bstr();
        for entry in record.entries() {
            let top = entry.path.split(|byte| *byte == b'/').next().unwrap_or_default().as_bstr();
            if entry.hash.is_empty() || !shared.contains_key(&(site, top)) || entry.path.contains_str("__pycache__") {
                continue;
            }
            let key = (site, entry.path.clone().into_owned());
            match known.get(&key) {
                Some((other, hash, line)) if *other != index && differs(hash, entry.hash) => {
                    let file = Twice { path: key.1, lines: (*line, entry.line) };
                    pairs.entry((*other, index)).or_default().push(file);
                }
                Some(_) => {}
                None => drop(known.insert(key, (index, entry.hash.to_owned(), entry.line))),
            }
        }
    }
    pairs
}

/// Whether two hashes of the same kind are different.
fn differs(one: &BString, other: &BStr) -> bool {
    let kind = |hash: &BStr| hash.find_byte(b'=').map(|at| hash[..at].to_owned());
    one != other && one.len() == other.len() && kind(one.as_bstr()) == kind(other)
}

/// The names at the top of a site directory that several distributions have, each with these.
fn shared_tops<'s>(survey: &'s Survey<'_>) -> BTreeMap<(&'s BStr, &'s BStr), Vec<usize>> {
    let mut owners: BTreeMap<(&BStr, &BStr), Vec<usize>> = BTreeMap::new();
    for (index, distribution) in survey.distributions().iter().enumerate() {
        let Ok(contents) = distribution.contents(survey) else { continue };
        for top in contents.tops.iter().filter(|top| !top.name.ends_with(b"-info")) {
            owners.entry((distribution.site.as_bstr(), top.name.as_bstr())).or_default().push(index);
        }
    }
    owners.retain(|_, owners| owners.len() > 1);
    owners
}

fn finding(survey: &Survey<'_>, one: &Distribution, other: &Distribution, files: &[Twice]) -> Option<Finding> {
    // Two sets of metadata of one distribution, and what a package manager keeps apart, are other matters.
    if one.normalized() == other.normalized() || one.is_managed(survey) || other.is_managed(survey) {
        return None;
    }
    let is_minor = |file: &&Twice| {
        let top = file.path.split(|byte| *byte == b'/').next().unwrap_or_default();
        !is_code(&file.path) || file.path.ends_with(b"__init__.py") || UNIMPORTED.contains(&top)
    };
    let severity = if files.iter().all(|file| is_minor(&file)) { Severity::Info } else { Severity::Warning };
    let mut shown: Vec<&Twice> = files.iter().collect();
    shown.sort_by_key(|file| is_minor(file));
    let first = shown.first()?;
    let more = match files.len() - 1 {
        0 => String::new(),
        1 => " and 1 more file".to_owned(),
        more => format!(" and {more} more files"),
    };
    let message = sentence!(
        one.title(),
        " and ",
        other.title(),
        " have both installed ",
        first.path,
        more,
        " in ",
        one.site,
        ", with different content"
    );
    let evidence = shown.iter().take(MOST_SHOWN).flat_map(|file| {
        [(one, file.lines.0), (other, file.lines.1)].map(|(owner, line)| record_line(survey, owner, line, &file.path))
    });
    let advice = sentence!("uninstall ", one.name, " and ", other.name, ", and reinstall the one that is needed");
    let fix = Fix::advice(advice).command(fixes::uninstall(survey).word(&one.name).word(&other.name));
    Some(
        Finding::new(&FILES_OWNED_TWICE, message)
            .severity(severity)
            .all_evidence(evidence)
            .effect(
                "the files of only one of them are there, so that the other does not work as it was tested; uninstalling \
                 either removes files of both",
            )
            .fix(fix),
    )
}

/// Whether a file is a module.
fn is_code(path: &BString) -> bool {
    [".py", ".pyc", ".so", ".pyd"].iter().any(|suffix| path.ends_with(suffix.as_bytes()))
}
