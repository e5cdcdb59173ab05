//! Packages that are installed outside of the environment and can be imported in it.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use super::support::settings;
use crate::environment::{Distribution, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::{Origin, Reader, StepId};
use crate::text::sentence;

pub(in crate::rules) static SYSTEM_SITE_ENABLED: Rule = Rule {
    code: Code("VD317"),
    name: "system-site-enabled",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The environment also sees the packages of its base installation.",
    why: "\
include-system-site-packages = true adds the base's site-packages after the environment's own and enables the user's \
site-packages. That is intended where packages come with the system (ROS, Jetson, bindings). It also means that \
packages that nobody installed in the environment satisfy its requirements, and that the environment breaks when the \
system upgrades or removes them.",
    example: "\
$ cat .venv/pyvenv.cfg
home = /usr/bin
include-system-site-packages = true",
    fix: "Install the needed packages into the environment, then set the key to false.",
    sources: &["CPython Lib/site.py: venv", "ros2/ros2#1094"],
};

pub(in crate::rules) static SYSTEM_SITE_CONFLICT: Rule = Rule {
    code: Code("VD318"),
    name: "system-site-conflict",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The environment and the base installation that it sees have different versions of the same distribution.",
    why: "\
The environment's copy is imported, also by packages of the base that were installed with the other version. Compiled \
packages of the base fail with another numpy, and pip in the environment does not know what it breaks. pip, setuptools \
and wheel are not compared: every environment has its own.",
    example: "\
$ ls -d /usr/lib/python3/dist-packages/numpy-* .venv/lib/python3.12/site-packages/numpy-*
/usr/lib/python3/dist-packages/numpy-1.26.4.dist-info
.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info",
    fix: "Isolate the environment from its base, or install the version that the base has.",
    sources: &["aspect-build/rules_py#594", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static USER_SITE_VISIBLE: Rule = Rule {
    code: Code("VD319"),
    name: "user-site-visible",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "\
Packages that the user installed for every Python of this minor version are visible and precede those of the base.",
    why: "\
Python adds ~/.local/lib/pythonX.Y/site-packages to sys.path unless an environment excludes it, and searches it before \
the site-packages of the base. Conda environments are not virtual environments in this sense and always see it. What \
pip install --user installed there takes precedence over conda's numpy, its .pth files and usercustomize run at every \
start, and other users get other results. In an environment, the finding is a warning if a distribution is present in \
two versions.",
    example: "\
$ ls ~/.local/lib/python3.12/site-packages
numpy  numpy-1.24.0.dist-info
$ /opt/conda/bin/python -c 'import numpy; print(numpy.__version__)'
1.24.0",
    fix: "Set PYTHONNOUSERSITE=1; for conda, run conda env config vars set PYTHONNOUSERSITE=1.",
    sources: &["conda/conda#7173", "conda-forge/python-feedstock#171", "CPython Lib/site.py: addusersitepackages"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&SYSTEM_SITE_ENABLED, &SYSTEM_SITE_CONFLICT, &USER_SITE_VISIBLE],
    judges: &[Judge { when: When::Environment(250), find }],
};

/// The most overlaps that are shown as evidence.
const MOST_SHOWN: usize = 8;

/// Every environment has its own copy of these, whatever the base has.
const TOOLS: [&[u8]; 3] = [b"pip", b"setuptools", b"wheel"];

/// Distributions by their normalized name; of two, the one whose directory comes first on `sys.path`.
type Installed<'d> = BTreeMap<BString, &'d Distribution>;

/// A distribution that is installed twice, in different versions: `first` is imported, `second` is not.
struct Overlap<'d> {
    first: &'d Distribution,
    second: &'d Distribution,
}

/// Judges the base's site-packages and the user's.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let foreign: Vec<(Origin, Vec<Distribution>)> = survey
        .site_dirs()
        .iter()
        .filter(|site| !site.own)
        .map(|site| (site.origin, survey.distributions_in(site.path.as_bstr())))
        .collect();
    if foreign.is_empty() {
        return;
    }
    let of = |wanted: Origin| foreign.iter().filter(move |(origin, _)| *origin == wanted).flat_map(|(_, found)| found);
    let own = installed(survey.distributions().iter());
    let base = installed(of(Origin::SitePackages));
    let users = installed(of(Origin::UserSite));
    if survey.is_environment() {
        findings.extend(system_conflicts(survey, &own, &base));
        findings.extend(system_enabled(survey, &base));
    }
    findings.extend(user_site(survey, &own, &base, &users));
}

fn installed<'d>(found: impl Iterator<Item = &'d Distribution>) -> Installed<'d> {
    let mut known = Installed::new();
    for distribution in found {
        known.entry(distribution.normalized()).or_insert(distribution);
    }
    known
}

fn overlaps<'d>(first: &Installed<'d>, second: &Installed<'d>) -> Vec<Overlap<'d>> {
    let shared = first.iter().filter_map(|(name, first)| Some((name, *first, *second.get(name)?)));
    shared
        .filter(|(name, first, second)| {
            let is_known = first.version.is_some() && second.version.is_some();
            is_known && first.version != second.version && !TOOLS.contains(&name.as_slice())
        })
        .map(|(_, first, second)| Overlap { first, second })
        .collect()
}

fn counted(count: usize) -> String {
    if count == 1 { "one distribution".to_owned() } else { format!("{count} distributions") }
}

fn shown(distribution: &Distribution) -> BString {
    let version = distribution.version.clone().unwrap_or_default();
    sentence!(distribution.name, " ", version)
}

fn all_evidence(survey: &Survey<'_>, overlaps: &[Overlap<'_>]) -> Vec<Evidence> {
    let both = overlaps.iter().take(MOST_SHOWN);
    both.flat_map(|overlap| {
        let first = Evidence::about(overlap.first.path(survey), sentence!(shown(overlap.first), ", which is imported"));
        [first, Evidence::about(overlap.second.path(survey), sentence!(shown(overlap.second), ", which is not"))]
    })
    .collect()
}

fn names(overlaps: &[Overlap<'_>]) -> BString {
    let mut names: Vec<&[u8]> = overlaps.iter().map(|overlap| overlap.first.name.as_slice()).collect();
    let more = names.len().saturating_sub(MOST_SHOWN);
    names.truncate(MOST_SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    sentence!(bstr::join(", ", names), rest)
}

/// The line of `pyvenv.cfg` that enables the base's packages.
fn enabling_line(survey: &Survey<'_>) -> Option<Evidence> {
    let cfg = survey.resolution.pyvenv_cfg.as_ref()?;
    let entry = cfg.entries.iter().rev().find(|entry| {
        entry.used_by.contains(&Reader::Site)
            && entry.key.eq_ignore_ascii_case(b"include-system-site-packages")
            && entry.value.eq_ignore_ascii_case(b"true")
    })?;
    Some(Evidence::line(survey.cfg()?, entry.line, entry.text.clone()).marking(&entry.value))
}

fn isolate(survey: &Survey<'_>) -> Option<Fix> {
    let key = "include-system-site-packages";
    let mut fix = fixes::set_key(survey, survey.cfg()?, key, "false".into());
    fix.advice = sentence!("install the needed packages into the environment itself, then ", fix.advice);
    // The packages that are imported from the base now would be missing.
    fix.safe = false;
    Some(fix)
}

fn system_enabled(survey: &Survey<'_>, base: &Installed<'_>) -> Option<Finding> {
    let line = enabling_line(survey)?;
    let sites = survey.site_dirs().iter().filter(|site| !site.own && site.origin == Origin::SitePackages);
    let dirs: Vec<&[u8]> = sites.map(|site| site.path.as_slice()).collect();
    if dirs.is_empty() {
        return None;
    }
    let count = base.len();
    let message = sentence!(survey.root(), " also sees the packages in ", bstr::join(" and ", dirs));
    let effect = format!(
        "{} of the base can satisfy requirements here, and every removal or upgrade there changes this environment",
        counted(count)
    );
    Some(
        Finding::new(&SYSTEM_SITE_ENABLED, message)
            .evidence(line)
            .effect(effect)
            .fix(isolate(survey)?)
            .step(settings::step(survey, StepId::SiteVenvSystem)),
    )
}

fn system_conflicts(survey: &Survey<'_>, own: &Installed<'_>, base: &Installed<'_>) -> Option<Finding> {
    let overlaps = overlaps(own, base);
    let first = overlaps.first()?;
    let message = sentence!("the environment and its base have different versions of ", names(&overlaps));
    let effect = sentence!(
        "packages of ",
        first.second.site,
        " that are imported here get ",
        shown(first.first),
        " instead of ",
        shown(first.second),
        ", with which they were installed"
    );
    Some(
        Finding::new(&SYSTEM_SITE_CONFLICT, message)
            .all_evidence(all_evidence(survey, &overlaps))
            .all_evidence(enabling_line(survey))
            .effect(effect)
            .fix(isolate(survey).unwrap_or_else(|| Fix::advice("install the same version in both")))
            .step(settings::step(survey, StepId::SiteVenvSystem)),
    )
}

/// What the user installed for every Python of this minor version precedes the base's packages.
fn user_site(survey: &Survey<'_>, own: &Installed<'_>, base: &Installed<'_>, users: &Installed<'_>) -> Option<Finding> {
    let site = survey.site_dirs().iter().find(|site| site.origin == Origin::UserSite)?;
    if users.is_empty() {
        return None;
    }
    let count = users.len();
    let mut overlaps = overlaps(users, base);
    if !survey.is_environment() || survey.creator().is_conda() {
        overlaps.extend(self::overlaps(users, own));
    }
    // For an interpreter outside of any environment, the user's site-packages is the usual place for what users
    // install.
    let is_serious = survey.is_environment() || survey.creator().is_conda();
    let severity = if overlaps.is_empty() || !is_serious { Severity::Info } else { Severity::Warning };
    let message = if overlaps.is_empty() {
        sentence!("the user's packages in ", site.path, " are visible: ", counted(count))
    } else {
        sentence!("the user's packages in ", site.path, " precede other versions of ", names(&overlaps))
    };
    let effect = "every Python of this minor version that the user starts imports them and runs their startup hooks; \
                  other users get other versions";
    Some(
        Finding::new(&USER_SITE_VISIBLE, message)
            .severity(severity)
            .evidence(Evidence::about(site.path.clone(), format!("contains {}", counted(count))))
            .all_evidence(all_evidence(survey, &overlaps))
            .effect(effect)
            .fix(settings::export(survey, "PYTHONNOUSERSITE", "1".into()))
            .step(settings::step(survey, StepId::SiteUser)),
    )
}
