//! Whether distributions are made for this release of Python.

use bstr::ByteSlice;

use super::specifier;
use crate::environment::{Distribution, Form, Survey};
use crate::interpreter::Version;
use crate::rules::{Code, Evidence, Finding, fixes};
use crate::text::sentence;

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
    let finding = Finding::new(Code::RequiresPythonViolated, message)
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
