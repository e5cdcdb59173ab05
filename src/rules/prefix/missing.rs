//! VD203: an environment without `pyvenv.cfg`.

use bstr::{BString, ByteSlice};

use super::passed_over;
use super::support::base;
use super::support::cfg;
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::{Status, StepId};
use crate::text::sentence;

pub(in crate::rules) static CFG_MISSING: Rule = Rule {
    code: Code("VD203"),
    name: "cfg-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An environment has lost its pyvenv.cfg, so Python no longer recognizes it as an environment.",
    why: "\
Python recognizes an environment by its pyvenv.cfg alone, not by its activate scripts or its site-packages. Without the \
file, a symlinked interpreter runs as the base: sys.prefix is that of the base, packages installed here cannot be \
imported, and pip changes the base. A copied interpreter finds no standard library unless its compiled-in prefix has \
one. On Windows, the redirector does not start without the file. The usual cause is a copy that leaves out *.cfg files.",
    example: "\
$ ls -A .venv
bin  include  lib
$ .venv/bin/python -c 'import sys; print(sys.prefix)'
/usr",
    fix: "Write the file with home set to the directory of the base interpreter, or recreate the environment.",
    sources: &["python/cpython#85537", "CPython Lib/site.py: venv", "CPython PC/venvlauncher.c"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&CFG_MISSING], judges: &[] };

/// Judges a directory that does not hold the installation that runs.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if is_installation(survey) {
        return;
    }
    match find(survey) {
        Some(finding) => findings.push(finding),
        None if passed_over::is_likely(survey) => passed_over::find(survey, findings),
        None => {}
    }
}

/// A directory that does not look like an environment, but has a file that almost makes it one.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !is_installation(survey) && find(survey).is_none() && !passed_over::is_likely(survey) {
        passed_over::find(survey, findings);
    }
}

/// Whether the prefix of the Python that runs is this directory, so that it needs no `pyvenv.cfg`.
fn is_installation(survey: &Survey<'_>) -> bool {
    let starts = survey.resolution.outcome.status == Status::Starts;
    starts && survey.resolution.sys.as_ref().is_some_and(|sys| sys.prefix == survey.root())
}

fn fails_to_initialize(survey: &Survey<'_>) -> bool {
    survey.resolution.outcome.status == Status::FailsToInitialize
}

/// A directory that has everything of an environment but `pyvenv.cfg`.
fn find(survey: &Survey<'_>) -> Option<Finding> {
    let resolution = survey.resolution;
    let fails_to_execute = resolution.outcome.status == Status::FailsToExecute;
    if survey.cfg().is_some() || resolution.identification.file.is_none() || fails_to_execute {
        return None;
    }
    let activate = survey.join(survey.bin(), "activate");
    let is_base = || base::landmark(survey, survey.root()).is_some();
    let is_conda = || survey.exists(survey.join(survey.root(), "conda-meta").as_bstr());
    let site = own_site(survey).filter(|site| survey.is_dir(site.as_bstr()))?;
    if is_base() || is_conda() {
        return None;
    }
    // One that Python passes over says more than that there is none.
    if let Some(cfg) = passed_over::similar(survey, survey.root()) {
        return Some(passed_over::misnamed(survey, &cfg));
    }
    if !survey.is_file(activate.as_bstr()) {
        return None;
    }
    let cfg = survey.join(survey.root(), "pyvenv.cfg");
    let (effect, severity) = if fails_to_initialize(survey) {
        ("Python does not know where the base is, and finds no standard library", Severity::Error)
    } else {
        (
            "Python runs as the base interpreter: packages installed here are not visible, and pip would change the base",
            Severity::Warning,
        )
    };
    let message = sentence!(survey.root(), " was an environment, but its pyvenv.cfg is missing");
    Some(
        Finding::new(&CFG_MISSING, message)
            .severity(severity)
            .evidence(Evidence::about(activate, "part of an environment"))
            .evidence(Evidence::about(site, "part of an environment"))
            .evidence(Evidence::about(cfg.clone(), "missing"))
            .effect(effect)
            .fix(fix(survey, &cfg))
            .step(base::step(survey, StepId::VenvSearch)),
    )
}

fn fix(survey: &Survey<'_>, cfg: &BString) -> Fix {
    match (base::real_home(survey), survey.flavor()) {
        (Some(home), Flavor::Posix) => {
            let advice = sentence!("write ", cfg, " with home set to ", home);
            Fix::advice(advice).command(cfg::write_minimal(survey, cfg, &home)).safe()
        }
        _ => fixes::recreate(survey),
    }
}

/// Where an environment of this version would have its packages.
fn own_site(survey: &Survey<'_>) -> Option<BString> {
    if survey.flavor() == Flavor::Windows {
        return Some(survey.join(survey.join(survey.root(), "Lib"), "site-packages"));
    }
    let lib = survey.join(survey.join(survey.root(), "lib"), base::version_dir(survey)?);
    Some(survey.join(lib, "site-packages"))
}
