//! Whether distributions are made for this release of Python.

use bstr::ByteSlice;

use super::support::specifier;
use crate::environment::{Distribution, Form, Survey};
use crate::interpreter::Version;
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static REQUIRES_PYTHON_VIOLATED: Rule = Rule {
    code: Code("VD617"),
    name: "requires-python-violated",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A distribution says that it is not made for this release of Python.",
    why: "\
Requires-Python is looked at when something is installed, and never again. After the base was upgraded, or after an \
installation with --ignore-requires-python, the code may use syntax or modules that this Python does not have; `uv \
pip check` says so, `pip check` does not.",
    example: "\
$ grep Requires-Python .venv/lib/python3.8/site-packages/numpy-2.1.0.dist-info/METADATA
Requires-Python: >=3.10",
    fix: "Install the distribution again without a fixed version, so that one is chosen that fits.",
    sources: &["PEP 345", "packaging docs: Requires-Python"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&REQUIRES_PYTHON_VIOLATED], judges: &[] };

/// Compares `Requires-Python` with the version of the interpreter.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let version = survey.version()?;
    let field = distribution.metadata(survey).ok()?.requires_python.as_ref()?;
    if admits(field.value.to_str().ok()?, version)? {
        return None;
    }
    let file = if distribution.form == Form::DistInfo { "METADATA" } else { "PKG-INFO" };
    let path = survey.join(distribution.path(survey), file);
    let message =
        sentence!(distribution.title(), " requires Python ", field.value, ", and this is ", version.to_string());
    let finding = Finding::new(&REQUIRES_PYTHON_VIOLATED, message)
        .evidence(Evidence::line(path, field.line, field.text.clone()).marking(&field.value))
        .effect("only installers look at this field, once; the code may not even be valid for this Python")
        .fix(fixes::reinstall_another(survey, distribution));
    Some(finding)
}

/// Whether a release is admitted. Where the micro number is unknown, whether any of its releases may be.
fn admits(specifiers: &str, version: Version) -> Option<bool> {
    let one = |micro| specifier::admits(specifiers, [version.major.into(), version.minor.into(), micro]);
    match version.micro {
        Some(micro) => one(micro.into()),
        None => Some(one(0)? || one(99)?),
    }
}
