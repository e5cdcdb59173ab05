//! VD317 to VD319: packages that are installed outside of the environment, and seen from within.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use super::support::settings;
use crate::environment::{Creator, Distribution, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::StepId;
use crate::startup::{Origin, Reader};
use crate::text::sentence;

pub(in crate::rules) static SYSTEM_SITE_ENABLED: Rule = Rule {
    code: Code("VD317"),
    name: "system-site-enabled",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The environment also sees the packages of its base.",
    why: "\
include-system-site-packages = true adds the base's site-packages behind the environment's own and allows the user \
site. That is wanted where packages come with the system (ROS, Jetson, bindings). It also means that requirements are \
met by packages that nobody installed here, and break when the system upgrades or removes them.",
    example: "\
$ cat .venv/pyvenv.cfg
home = /usr/bin
include-system-site-packages = true",
    fix: "Install what is needed into the environment, then set the key to false.",
    sources: &["CPython Lib/site.py: venv", "ros2/ros2#1094"],
};

pub(in crate::rules) static SYSTEM_SITE_CONFLICT: Rule = Rule {
    code: Code("VD318"),
    name: "system-site-conflict",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The environment and the base that it sees have different versions of the same distribution.",
    why: "\
The environment's own copy is imported, also by the base's packages, which were installed with the other one. Compiled \
packages of the base fail against another numpy, and pip in the environment does not know what it breaks. pip, \
setuptools and wheel are left out: every environment has its own.",
    example: "\
$ ls -d /usr/lib/python3/dist-packages/numpy-* .venv/lib/python3.12/site-packages/numpy-*
/usr/lib/python3/dist-packages/numpy-1.26.4.dist-info
.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info",
    fix: "Keep the environment to itself, or install the version that the base has.",
    sources: &["aspect-build/rules_py#594", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static USER_SITE_VISIBLE: Rule = Rule {
    code: Code("VD319"),
    name: "user-site-visible",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "What the user has installed for every Python of this release is visible, before the base's packages.",
    why: "\
~/.local/lib/pythonX.Y/site-packages is added unless an environment keeps it out, and it comes before the site-packages \
of the base. Environments of conda are no environments in that sense and see it always. What pip install --user left \
there wins over conda's numpy, its .pth files and usercustomize run at each start, and another user gets other results. \
It is a warning where a distribution is there in two versions.",
    example: "\
$ ls ~/.local/lib/python3.12/site-packages
numpy  numpy-1.24.0.dist-info
$ /opt/conda/bin/python -c 'import numpy; print(numpy.__version__)'
1.24.0",
    fix: "PYTHONNOUSERSITE=1; for conda, conda env config vars set PYTHONNOUSERSITE=1.",
    sources: &["conda/conda#7173", "conda-forge/python-feedstock#171", "CPython Lib/site.py: addusersitepackages"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&SYSTEM_SITE_ENABLED, &SYSTEM_SITE_CONFLICT, &USER_SITE_VISIBLE],
    judges: &[Judge { when: When::Environment(250), find }],
};

/// The most overlaps that are shown as evidence.
const MOST_SHOWN: usize = 8;

/// Every environment has its own of these, whatever the base has.
const TOOLS: [&[u8]; 3] = [b"pip", b"setuptools", b"wheel"];

/// Distributions by their normal name; of two the one whose directory comes first on `sys.path`.
type Installed<'d> = BTreeMap<BString, &'d Distribution>;

/// A distribution that is installed twice, in different versions: the one that is imported, and the other.
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

/// The line of `pyvenv.cfg` that lets the base's packages in.
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
    fix.advice = sentence!("install what is needed into the environment itself, then ", fix.advice);
    // What is imported from the base now would be missing.
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
    let message = sentence!(survey.root(), " also sees what is installed in ", bstr::join(" and ", dirs));
    let effect = format!(
        "{} of the base can satisfy requirements here, and what is removed or upgraded there changes this environment",
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
    let message = sentence!("the environment and its base both have, in different versions: ", names(&overlaps));
    let effect = sentence!(
        "what is installed in ",
        first.second.site,
        " and imported here meets ",
        shown(first.first),
        " instead of the ",
        shown(first.second),
        " that it was installed with"
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

/// What the user installed for every Python of this release comes before the base's packages.
fn user_site(survey: &Survey<'_>, own: &Installed<'_>, base: &Installed<'_>, users: &Installed<'_>) -> Option<Finding> {
    let site = survey.site_dirs().iter().find(|site| site.origin == Origin::UserSite)?;
    if users.is_empty() {
        return None;
    }
    let count = users.len();
    let mut overlaps = overlaps(users, base);
    if !survey.is_environment() || survey.creator() == &Creator::Conda {
        overlaps.extend(self::overlaps(users, own));
    }
    // Of an interpreter that is no environment, the user site is the ordinary place for what users install.
    let is_serious = survey.is_environment() || survey.creator() == &Creator::Conda;
    let severity = if overlaps.is_empty() || !is_serious { Severity::Info } else { Severity::Warning };
    let message = if overlaps.is_empty() {
        sentence!("the user's own packages in ", site.path, " are visible: ", counted(count))
    } else {
        sentence!("the user's own packages in ", site.path, " come before other versions of ", names(&overlaps))
    };
    let effect = "every Python of this minor release that the user starts imports them, also what they run at startup; \
                  another user sees other versions";
    Some(
        Finding::new(&USER_SITE_VISIBLE, message)
            .severity(severity)
            .evidence(Evidence::about(site.path.clone(), format!("holds {}", counted(count))))
            .all_evidence(all_evidence(survey, &overlaps))
            .effect(effect)
            .fix(settings::export(survey, "PYTHONNOUSERSITE", "1".into()))
            .step(settings::step(survey, StepId::SiteUser)),
    )
}
