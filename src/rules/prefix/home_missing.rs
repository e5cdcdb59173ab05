//! VD204: a `pyvenv.cfg` without `home`.

use bstr::{BString, ByteSlice};

use super::keys;
use super::support::base;
use super::support::cause::Cause;
use super::support::cfg;
use crate::environment::{Cfg, CfgLine, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::behaviors::Behavior;
use crate::startup::{Status, StepId};
use crate::text::sentence;

pub(in crate::rules) static HOME_MISSING: Rule = Rule {
    code: Code("VD204"),
    name: "home-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg has no home key, so it does not say where the base is.",
    why: "\
The site module still treats the directory as an environment. The path configuration of 3.11 to 3.13 does not, and uses \
the location of the executable; from 3.14 on, it treats it as an environment without a base. A symlinked interpreter \
usually starts, but sys._base_executable is the environment's own python, and environments created from it record this \
one as their home. A copy of a relocatable build fails to start. Some build systems leave the key out on purpose.",
    example: "\
$ cat .venv/pyvenv.cfg
include-system-site-packages = false",
    fix: "Add home with the directory of the base interpreter.",
    sources: &["python/cpython#135773", "CPython Modules/getpath.py: READ pyvenv.cfg"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&HOME_MISSING], judges: &[] };

/// Judges a file without `home`, or with an empty one. `is_on_purpose` is true where a build system leaves it out.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, cause: Option<&Cause>, is_on_purpose: bool) -> Option<Finding> {
    let fails = matches!(cause, Some(Cause::Home | Cause::Stdlib));
    let misspelled = keys::misspelled_home(survey, cfg);
    if misspelled.is_some() && !fails || !cfg.is_text() || survey.resolution.outcome.status == Status::FailsToExecute {
        return None;
    }
    let searches_from_home = survey.has(Behavior::GetpathInPython);
    let is_symlinked = !survey.resolution.identification.hops.is_empty();
    let severity = match () {
        () if fails => Severity::Error,
        () if is_on_purpose || !searches_from_home && is_symlinked => Severity::Info,
        () => Severity::Warning,
    };
    let effect = if fails {
        "Python finds no complete standard library without it, and fails with No module named 'encodings'"
    } else if searches_from_home {
        "Python searches from its executable, or from the end of its symlinks; sys._base_executable is the environment's own python, so environments created from this one use it as their base"
    } else {
        "up to 3.10, a symlinked interpreter still finds its standard library, but editors and other tools that need home do not"
    };
    let empty = cfg.last("home");
    let (state, evidence) = match empty {
        Some(line) => (" has an empty home", Evidence::line(cfg.path.clone(), line.number, line.text.clone())),
        None => (" has no home key", Evidence::about(cfg.path.clone(), "no line with the key home")),
    };
    let message = sentence!(cfg.path, state, ", so it does not say where the base is");
    Some(
        Finding::new(&HOME_MISSING, message)
            .severity(severity)
            .evidence(evidence)
            .effect(effect)
            .fix(fix(survey, cfg, empty, misspelled))
            .step(base::step(survey, StepId::VenvHome)),
    )
}

/// Corrects the misspelled key, or else writes the directory of the base.
fn fix(survey: &Survey<'_>, cfg: &Cfg, empty: Option<&CfgLine>, misspelled: Option<Finding>) -> Fix {
    let home: Option<BString> = base::home_for(survey, cfg);
    match (misspelled.and_then(|finding| finding.fix), home, empty) {
        (Some(fix), ..) => fix,
        (None, Some(home), Some(line)) => cfg::set(survey, cfg, line, home.as_bstr()),
        (None, Some(home), None) => cfg::append(survey, cfg, "home", home.as_bstr()),
        (None, None, _) => fixes::recreate(survey),
    }
}
