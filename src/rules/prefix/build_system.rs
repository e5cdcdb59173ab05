//! VD230: an environment that a build system created for its sandbox.

use bstr::BString;

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic};
use crate::text::sentence;

pub(in crate::rules) static BUILD_SYSTEM_ENVIRONMENT: Rule = Rule {
    code: Code("VD230"),
    name: "build-system-environment",
    severity: Severity::Info,
    confidence: Confidence::Heuristic,
    summary: "The environment was probably created by a build system, and is valid only in the sandbox of the build.",
    why: "\
Bazel's rules create environments from relative symlinks, a wrapper, and a pyvenv.cfg that is empty or has a relative \
home. They are meant to be started by the build. Elsewhere, 3.11 and 3.12 follow only some of the symlinks and fail \
with No module named 'encodings'; editors reject the file.",
    example: "bazel-out/k8-fastbuild/bin/app.runfiles/_main/.venv/bin/python",
    fix: "Start it through the build system, and upgrade the build system's rules for Python.",
    sources: &["bazel-contrib/rules_python#3320", "aspect-build/rules_py#668", "python/cpython#135773"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&BUILD_SYSTEM_ENVIRONMENT], judges: &[] };

/// Judges the directories above the environment. Returns whether a build system created it.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) -> bool {
    let Some(name) = survey.cfg().and_then(|_| build_dir(survey)) else { return false };
    let message = sentence!(survey.root(), " was probably created by a build system: it is below ", name);
    findings.push(
        Finding::new(&BUILD_SYSTEM_ENVIRONMENT, message)
            .evidence(Evidence::about(survey.root(), sentence!("below ", name)))
            .effect("its symlinks, and home if it is set, are valid in the sandbox of the build; elsewhere Python may use another base or fail to start")
            .fix(Fix::advice("start it through the build system, and correct the build rules that created it instead of its files")),
    );
    true
}

/// The name of the first directory on the path of the environment that is named as build systems name theirs.
fn build_dir(survey: &Survey<'_>) -> Option<BString> {
    let separators: &[u8] = if survey.flavor() == Flavor::Windows { b"/\\" } else { b"/" };
    let names = survey.root().split(|byte| separators.contains(byte));
    let mut found = names.filter(|name| *name == b"bazel-out" || name.ends_with(b".runfiles"));
    found.next().map(BString::from)
}
