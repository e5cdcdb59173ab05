//! Whether distributions support this version of Python.

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
    summary: "The Requires-Python of a distribution excludes this version of Python.",
    why: "\
Installers check Requires-Python during the installation, and nothing checks it later. After the base Python was \
upgraded, or after an installation with --ignore-requires-python, the code may use syntax or modules that this Python \
does not have; `uv pip check` reports this, `pip check` does not.",
    example: "\
$ grep Requires-Python .venv/lib/python3.8/site-packages/numpy-2.1.0.dist-info/METADATA
Requires-Python: >=3.10",
    fix: "\
Reinstall the distribution without a fixed version, so that the installer chooses one that supports this Python.",
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
        sentence!(distribution.title(), " requires Python ", field.value, ", but this is ", version.to_string());
    let finding = Finding::new(&REQUIRES_PYTHON_VIOLATED, message)
        .evidence(Evidence::line(path, field.line, field.text.clone()).marking(&field.value))
        .effect("only installers check this field; the code may not even be valid syntax for this Python")
        .fix(fixes::reinstall_another(survey, distribution));
    Some(finding)
}

/// Whether a version is admitted. If its micro version is unknown, whether 0 or 99 would be.
fn admits(specifiers: &str, version: Version) -> Option<bool> {
    let one = |micro| specifier::admits(specifiers, [version.major.into(), version.minor.into(), micro]);
    let Some(micro) = version.micro else { return Some(one(0)? || one(99)?) };
    one(micro.into())
}
