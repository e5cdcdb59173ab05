//! Distributions in the directories that Debian uses for system-wide packages.

use bstr::{BString, ByteSlice};

use crate::environment::Survey;
use crate::host::Platform;
use crate::rules::{Code, Confidence, Evidence, Finding, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static POSIX_LOCAL_MISPLACED: Rule = Rule {
    code: Code("VD616"),
    name: "posix-local-misplaced",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Packages were installed into the environment with the installation scheme for system-wide packages.",
    why: "\
Debian and Ubuntu changed the default installation scheme of sysconfig to posix_local. If a tool uses it inside an \
environment, packages go to local/lib/pythonX.Y/dist-packages and scripts to local/bin: nothing is in bin, and only a \
Python whose site module Debian changed searches that directory.",
    example: "\
$ ls .venv/local/lib/python3.10/dist-packages
pip  pip-22.0.dist-info
$ .venv/bin/python -m pip
.venv/bin/python: No module named pip",
    fix: "Recreate the environment with a current virtualenv or venv.",
    sources: &["pypa/virtualenv#2350", "pypa/setuptools#3278"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&POSIX_LOCAL_MISPLACED], judges: &[Judge { when: When::Environment(650), find }] };

/// Looks for `dist-packages` in the environment.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.platform() != Platform::Linux || !survey.is_environment() {
        return;
    }
    let root = survey.root();
    let lib = survey.join(root, "lib");
    let local = survey.join(survey.join(root, "local"), "lib");
    let below = |dir: BString| survey.join(dir, "dist-packages");
    let mut dirs = Vec::new();
    if survey.holds(lib.as_bstr(), b"python3".into()) == Some(true) {
        dirs.push(below(survey.join(&lib, "python3")));
    }
    if survey.holds(root, b"local".into()) == Some(true) {
        let versions = survey.names(local.as_bstr()).unwrap_or_default();
        let versions = versions.iter().filter(|name| name.starts_with(b"python"));
        dirs.extend(versions.map(|name| below(survey.join(&local, name))));
    }
    for dir in dirs {
        let names = survey.names(dir.as_bstr()).unwrap_or_default();
        let is_metadata = |name: &&BString| name.ends_with(b".dist-info") || name.ends_with(b".egg-info");
        let Some(first) = names.iter().find(is_metadata) else { continue };
        findings.push(finding(survey, &dir, first));
    }
}

fn finding(survey: &Survey<'_>, dir: &BString, first: &BString) -> Finding {
    let sys = survey.resolution.sys.as_ref();
    let is_seen = sys.is_some_and(|sys| sys.path.iter().any(|entry| entry.value == *dir));
    let effect = if is_seen {
        "this Python searches it only because Debian changed its site module; no other Python does"
    } else {
        "this Python does not search it: what was installed there cannot be imported"
    };
    let message = sentence!(
        dir,
        " contains distributions that should be in site-packages: an installer used the scheme for system-wide packages"
    );
    Finding::new(&POSIX_LOCAL_MISPLACED, message)
        .evidence(Evidence::about(survey.join(dir, first), "is the metadata of an installed distribution"))
        .effect(effect)
        .fix(fixes::recreate(survey))
}
