//! What installed distributions require, compared with what this interpreter sees on `sys.path`.

use std::collections::{BTreeMap, BTreeSet};

use bstr::{BStr, BString};

use super::support::requirement::{self, Requirement};
use super::support::visible::{self, Found, Visible};
use super::support::{Values, settings};
use crate::environment::{Distribution, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::{Doubt, Origin, StepId};
use crate::text::sentence;

pub(in crate::rules) static REQUIREMENT_MISSING: Rule = Rule {
    code: Code("VD341"),
    name: "requirement-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An installed distribution requires another one that is installed nowhere on sys.path.",
    why: "\
Installers compare requirements when they install something, and nothing compares them later. What was installed with \
--no-deps, was uninstalled because nobody seemed to need it, or lay in the user's or the base's site-packages that \
this start does not see, is missing when the code imports it: ModuleNotFoundError, perhaps only in a function that is \
rarely called. Only requirements whose markers hold for this interpreter count, and none that belong to an extra, as \
in `pip check`.",
    example: "\
$ grep Requires-Dist .venv/lib/python3.12/site-packages/jobrunner-1.0.dist-info/METADATA
Requires-Dist: gridmath>=1.0
$ .venv/bin/python -m pip check
jobrunner 1.0 requires gridmath, which is not installed.",
    fix: "Install the required distribution into the environment.",
    sources: &["PEP 508", "pip docs: pip check", "flux-framework/flux-core#1924"],
};

pub(in crate::rules) static REQUIREMENT_VERSION: Rule = Rule {
    code: Code("VD342"),
    name: "requirement-version",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An installed distribution requires another version of a distribution than the one that is imported.",
    why: "\
pip upgrades and downgrades what one distribution needs, and leaves others that need something else with what they \
cannot use; a directory of PYTHONPATH that comes first has the same effect. The code then fails with an ImportError or \
an AttributeError far from the cause, and programs that check requirements at their start refuse to run: \
ContextualVersionConflict. Only requirements whose markers hold for this interpreter count, and none that belong to an \
extra, as in `pip check`.",
    example: "\
$ .venv/bin/python -m pip check
jobrunner 1.0 has requirement gridmath>=2.0, but you have gridmath 1.4.",
    fix: "Install a version that satisfies every requirement.",
    sources: &["PEP 440", "PEP 508", "pip docs: pip check"],
};

pub(in crate::rules) static REQUIREMENT_ELSEWHERE: Rule = Rule {
    code: Code("VD343"),
    name: "requirement-elsewhere",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "\
A distribution in the environment requires one that is installed only outside of it: in the user's or the base's \
site-packages, or on PYTHONPATH.",
    why: "\
pip takes a requirement for satisfied if the distribution is visible anywhere, and does not install it into the \
environment. The environment then works for this user, on this machine, with these variables, and fails with \
ModuleNotFoundError elsewhere: in a batch job with another HOME, as a service, under another user, with \
PYTHONNOUSERSITE or -s, or after the system has upgraded the package.",
    example: "\
$ .venv/bin/python -c 'import gridmath; print(gridmath.__file__)'
/home/ada/.local/lib/python3.12/site-packages/gridmath/__init__.py
$ .venv/bin/python -s -c 'import gridmath'
ModuleNotFoundError: No module named 'gridmath'",
    fix: "Install the distribution into the environment, too.",
    sources: &["ARCHER2-HPC/archer2-docs#525", "flux-framework/flux-core#1924", "CPython Lib/site.py: venv"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&REQUIREMENT_MISSING, &REQUIREMENT_VERSION, &REQUIREMENT_ELSEWHERE],
    judges: &[Judge { when: When::Environment(256), find }],
};

/// The most requirements of which each is a finding of its own.
const MOST: usize = 64;
/// The most names that a message lists.
const MOST_SHOWN: usize = 8;

/// A requirement, and the distribution that has it.
struct Need<'d> {
    requirement: Requirement,
    evidence: Evidence,
    by: &'d Distribution,
}

/// Compares the requirements of what is installed in the environment's own site directories.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let needs = needs(survey);
    if needs.is_empty() {
        return;
    }
    let Some(visible) = Visible::read(survey) else { return };
    let known = visible.by_name(survey);
    // Code that is not known may add directories to sys.path.
    let may_be_more =
        visible.is_partial || survey.resolution.doubts.iter().any(|doubt| matches!(doubt, Doubt::Code { .. }));
    let mut elsewhere: BTreeMap<&BStr, Vec<(&Need<'_>, Found<'_>)>> = BTreeMap::new();
    let mut count = 0;
    for (name, needs) in &needs {
        let finding = match known.get(name) {
            None => (!may_be_more).then(|| missing(survey, needs)),
            Some(found) => {
                let wrong = wrong(survey, needs, *found);
                let is_outside = wrong.is_none() && !found.is_own && survey.is_environment();
                if let Some(need) = needs.first().filter(|_| is_outside) {
                    elsewhere.entry(found.entry).or_default().push((need, *found));
                }
                wrong
            }
        };
        count += usize::from(finding.is_some());
        findings.extend(finding.filter(|_| count <= MOST));
    }
    findings.extend(elsewhere.values().filter_map(|outside| satisfied_outside(survey, outside)));
}

/// Every requirement, by its normalized name. What the system's package manager has installed is its own affair: its
/// packages leave out metadata, and split what one distribution was.
fn needs<'s>(survey: &'s Survey<'_>) -> BTreeMap<BString, Vec<Need<'s>>> {
    let values = Values::of(survey);
    let mut needs: BTreeMap<BString, Vec<Need<'s>>> = BTreeMap::new();
    let mut judged = BTreeSet::new();
    for by in survey.distributions() {
        if !judged.insert(by.normalized()) || by.is_managed(survey) {
            continue;
        }
        for (requirement, evidence) in requirement::all(survey, by, &values) {
            needs.entry(requirement.normalized.clone()).or_default().push(Need { requirement, evidence, by });
        }
    }
    needs
}

/// The distributions that require something, in one line.
fn requirers(needs: &[&Need<'_>]) -> BString {
    let mut titles: Vec<BString> = needs.iter().map(|need| need.by.title()).collect();
    titles.dedup();
    listed(titles)
}

fn listed(mut names: Vec<BString>) -> BString {
    let more = names.len().saturating_sub(MOST_SHOWN);
    names.truncate(MOST_SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    sentence!(bstr::join(", ", names), rest)
}

fn verb(needs: &[&Need<'_>]) -> &'static str {
    let first = needs.first().map(|need| &need.by.directory);
    if needs.iter().all(|need| Some(&need.by.directory) == first) { " requires " } else { " require " }
}

fn missing(survey: &Survey<'_>, needs: &[Need<'_>]) -> Finding {
    let needs: Vec<&Need<'_>> = needs.iter().collect();
    let name = needs.first().map(|need| need.requirement.name.clone()).unwrap_or_default();
    let message = sentence!(requirers(&needs), verb(&needs), name, ", which is not installed on sys.path");
    let effect = "an import of what it provides fails with ModuleNotFoundError as soon as the code that needs it runs";
    Finding::new(&REQUIREMENT_MISSING, message)
        .all_evidence(needs.iter().map(|need| need.evidence.clone()))
        .effect(effect)
        .fix(install(survey, &name, &needs))
}

/// Installs what is required. An installation of Python that is no environment may be managed by something else.
fn install(survey: &Survey<'_>, name: &str, needs: &[&Need<'_>]) -> Fix {
    let advice = sentence!("install ", name, " in a version that satisfies every requirement");
    if !survey.is_environment() {
        return Fix::advice(sentence!(advice, ", with the installer that installed the rest"));
    }
    let texts: BTreeSet<&str> = needs.iter().map(|need| need.requirement.text.as_str()).collect();
    Fix::advice(advice).command(fixes::install(survey).words(texts))
}

/// Requirements that the distribution which is found does not satisfy.
fn wrong(survey: &Survey<'_>, needs: &[Need<'_>], found: Found<'_>) -> Option<Finding> {
    let distribution = found.distribution?;
    let refuses = |need: &&Need<'_>| {
        let version = visible::version(survey, distribution);
        version.and_then(|version| need.requirement.admits(version)) == Some(false)
    };
    let refused: Vec<&Need<'_>> = needs.iter().filter(refuses).collect();
    let first = refused.first()?;
    let version = visible::version(survey, distribution)?;
    let texts: BTreeSet<&str> = refused.iter().map(|need| need.requirement.text.as_str()).collect();
    let texts = listed(texts.into_iter().map(BString::from).collect());
    let message = sentence!(
        requirers(&refused),
        verb(&refused),
        texts,
        ", but ",
        found.entry,
        ", which is searched first, has ",
        distribution.name,
        " ",
        version
    );
    let own = sentence!("is version ", version);
    let all: Vec<&Need<'_>> = needs.iter().collect();
    let fix = match found.origin {
        Origin::PythonPath => Fix::advice(sentence!("remove ", found.entry, " from PYTHONPATH")),
        _ => install(survey, &first.requirement.name, &all),
    };
    let finding = Finding::new(&REQUIREMENT_VERSION, message)
        .all_evidence(refused.iter().map(|need| need.evidence.clone()))
        .evidence(Evidence::about(distribution.path(survey), own))
        .effect("code that uses what only the required versions have fails, or does something else than it was tested to do");
    Some(finding.fix(fix))
}

/// Requirements that only one directory outside of the environment satisfies.
fn satisfied_outside(survey: &Survey<'_>, outside: &[(&Need<'_>, Found<'_>)]) -> Option<Finding> {
    let (first, found) = outside.first()?;
    let name = |need: &Need<'_>| sentence!(need.requirement.name, " (required by ", need.by.name, ")");
    let names = listed(outside.iter().map(|(need, _)| name(need)).collect());
    let (whose, effect, step) = match found.origin {
        Origin::UserSite => (
            "the user's site-packages",
            "with another HOME, for another user, with -s or PYTHONNOUSERSITE it is missing, and imports of it fail with \
             ModuleNotFoundError",
            StepId::SiteUser,
        ),
        Origin::PythonPath => (
            "PYTHONPATH",
            "without the variable it is missing, and imports of it fail with ModuleNotFoundError",
            StepId::Path,
        ),
        _ => (
            "a directory outside of the environment",
            "another base, or an upgrade of this one, removes or changes it, and nothing in the environment notices",
            StepId::SiteVenvSystem,
        ),
    };
    let message =
        sentence!("only ", found.entry, " (", whose, ") satisfies requirements of ", survey.root(), ": ", names);
    let evidence = outside.iter().flat_map(|(need, found)| {
        let place = found.distribution.map_or_else(|| found.entry.to_owned(), |one| one.path(survey));
        [need.evidence.clone(), Evidence::about(place, sentence!("satisfies ", need.requirement.text))]
    });
    let is_one = outside.len() == 1;
    let what = if is_one { first.requirement.name.as_str() } else { "them" };
    // pip takes what is visible for installed, unless it is told otherwise; uv looks only into the environment.
    let option: &[&str] = if fixes::is_by_uv(survey) { &[] } else { &["--ignore-installed"] };
    let texts: BTreeSet<&str> = outside.iter().map(|(need, _)| need.requirement.text.as_str()).collect();
    let fix = Fix::advice(sentence!("install ", what, " into the environment, too"))
        .command(fixes::install(survey).words(option).words(texts));
    Some(
        Finding::new(&REQUIREMENT_ELSEWHERE, message)
            .all_evidence(evidence)
            .effect(effect)
            .fix(fix)
            .step(settings::step(survey, step)),
    )
}
