//! VD222: all packages are installed for another minor version.

use bstr::{BStr, ByteSlice};

use super::support::base;
use crate::environment::{Launcher, LibraryDir, Survey, Wanted, is_package};
use crate::host::path::Flavor;
use crate::interpreter::Version;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes, only_where};
use crate::startup::{Origin, StepId};
use crate::text::sentence;

pub(in crate::rules) static SITE_PACKAGES_ORPHANED: Rule = Rule {
    code: Code("VD222"),
    name: "site-packages-orphaned",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "All packages in the environment are installed for a different minor version of Python than the one that runs.",
    why: "\
The environment was created from a name without a version, such as /usr/bin/python3, and the system has been upgraded. \
Python starts and searches lib/pythonX.Y of its own version, where nothing is installed: every import fails, that of pip \
first. `venv --upgrade` adds an empty directory and repairs nothing.",
    example: "\
$ ls .venv/lib
python3.11
$ .venv/bin/python -m pip
/home/ada/.venv/bin/python: No module named pip
$ .venv/bin/python --version
Python 3.12.3",
    fix: "Change the environment's symlinks to the old version if that is still installed, or recreate the environment.",
    sources: &["pypa/pipx#278", "pre-commit/pre-commit#1869", "python-poetry/poetry#5196"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&SITE_PACKAGES_ORPHANED],
    // In an explanation, only where startup makes one suspicious are directories listed that Python does not list.
    judges: &[
        Judge { when: When::Startup(310), find: only_where!(is_suspicious => find) },
        Judge { when: When::Environment(310), find: only_where!(!is_suspicious => find) },
    ],
};

/// Whether Python found no package of the environment, or the environment was made for another minor version. Everything
/// that is asked here, startup has asked before.
fn is_suspicious(survey: &Survey<'_>) -> bool {
    let (Some(version), Some(sys)) = (survey.version(), &survey.resolution.sys) else { return false };
    let imported_site = base::step(survey, StepId::SiteVenvPackages).is_some();
    if !survey.is_environment() || !imported_site || survey.flavor() == Flavor::Windows {
        return false;
    }
    let mut sites = sys.path.iter().filter(|entry| entry.origin == Origin::SitePackages && entry.exists);
    let own = sites.find(|entry| survey.is_below(entry.value.as_bstr(), survey.root()));
    own.is_none_or(|own| is_bare(survey, own.value.as_bstr())) || was_made_for_another(survey, version)
}

/// Whether nothing is installed in a directory that startup has listed for its `.pth` files.
pub(super) fn is_bare(survey: &Survey<'_>, site: &BStr) -> bool {
    let names = survey.ask.known_listing(survey.absolute(site).as_bstr());
    names.is_some_and(|names| !names.iter().any(|name| is_package(name.as_bstr())))
}

/// Whether `pyvenv.cfg` names another minor version than the one that runs.
pub(super) fn was_made_for_another(survey: &Survey<'_>, version: Version) -> bool {
    let line = survey.cfg_line("version").or_else(|| survey.cfg_line("version_info"));
    let minor = line.and_then(|line| line.value.split_str(".").nth(1)?.to_str().ok()?.trim().parse::<u8>().ok());
    minor.is_some_and(|minor| minor != version.minor)
}

/// Judges the directories below `lib`.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some(version), true) = (survey.version(), survey.is_environment()) else { return };
    let dirs = survey.library_dirs();
    // A directory of the same minor version that differs only in its `t` is for another build, which VD705 reports.
    let (own, others): (Vec<&LibraryDir>, Vec<&LibraryDir>) =
        dirs.iter().filter(|it| it.wanted.stem == "python").partition(|it| it.wanted.minor == version.minor);
    if own.iter().any(|dir| dir.holds != Some(false)) {
        return;
    }
    let full: Vec<&LibraryDir> = others.into_iter().filter(|dir| dir.holds == Some(true)).collect();
    let Some(newest) = full.iter().max_by_key(|dir| dir.wanted.minor) else { return };
    let message = sentence!(
        "all packages in ",
        survey.root(),
        " are installed for ",
        newest.wanted.name(),
        ", but its interpreter is now Python ",
        version.to_string()
    );
    let mut finding = Finding::new(&SITE_PACKAGES_ORPHANED, message)
        .subject(survey.root())
        .effect(sentence!(
            "sys.path depends on the version that runs, so Python does not search ",
            newest.path,
            ": every import of an installed package fails"
        ))
        .fix(fix(survey, &newest.wanted));
    if let Some(hop) = survey.resolution.identification.hops.last() {
        finding = finding.evidence(Evidence::about(hop.path.clone(), sentence!("a symlink to ", hop.target)));
    }
    finding = finding.all_evidence(full.iter().map(|dir| Evidence::about(dir.path.clone(), "contains packages")));
    findings.push(finding.step(base::step(survey, StepId::SiteVenvPackages)));
}

/// Changes the symlinks back to the old version where it is still installed, which keeps all packages; otherwise
/// recreates the environment.
fn fix(survey: &Survey<'_>, held: &Wanted) -> Fix {
    let is_kept = !survey.creator().is_conda();
    let Some(python) = survey.substitute_for(held).filter(|_| is_kept) else { return fixes::recreate(survey) };
    let symlinks: Vec<Launcher> = survey.launchers().into_iter().filter(|launcher| launcher.target.is_some()).collect();
    let advice = sentence!(
        "change the symlinks of the environment to ",
        python,
        ", which keeps the installed packages; or recreate it for the new version"
    );
    let relinked = fixes::relink_names(survey, python.as_bstr(), &symlinks);
    Fix { advice, safe: false, ..relinked }
}
