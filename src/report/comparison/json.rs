//! The comparison for programs.

use serde::Serialize;

use super::{Comparison, Field};
use crate::report::json::v1::{Text, ValueReport, texts};
use crate::text::document::line;

#[derive(Serialize)]
struct ComparisonReport<'a> {
    schema: &'static str,
    executable_arg: Text<'a>,
    agrees: bool,
    fields: Vec<FieldReport<'a>>,
    notes: Vec<Text<'a>>,
}

/// A side without the key is an attribute that does not exist.
#[derive(Serialize)]
struct FieldReport<'a> {
    field: &'static str,
    agrees: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted: Option<ValueReport<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    observed: Option<ValueReport<'a>>,
}

impl<'a> From<&'a Field> for FieldReport<'a> {
    fn from(field: &'a Field) -> Self {
        Self {
            field: field.name,
            agrees: field.agrees(),
            predicted: field.predicted.as_ref().map(Into::into),
            observed: field.observed.as_ref().map(Into::into),
        }
    }
}

/// One line of JSON.
pub fn render(comparison: &Comparison) -> Vec<u8> {
    line(&ComparisonReport {
        schema: "venv-doctor/verify/1",
        executable_arg: (&comparison.executable).into(),
        agrees: comparison.agrees(),
        fields: comparison.fields.iter().map(Into::into).collect(),
        notes: texts(&comparison.notes),
    })
}
