//! The values that steps decide.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::string::{Text, texts};
use crate::startup::Value;

/// The values that a step decided, by name; where it decided one twice, the last.
pub(super) struct Sets<'a>(pub(super) &'a [(&'static str, Value)]);

impl Serialize for Sets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            if !self.0[index + 1..].iter().any(|(later, _)| later == name) {
                map.serialize_entry(name, &ValueReport::from(value))?;
            }
        }
        map.end()
    }
}

impl JsonSchema for Sets<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Sets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The values that the step decided, by name.",
            "type": "object",
            "additionalProperties": generator.subschema_for::<ValueReport>(),
        })
    }
}

/// A value that a step decided.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Value")]
#[serde(untagged)]
pub(in crate::report) enum ValueReport<'a> {
    None,
    Bool(bool),
    Text(Text<'a>),
    List(Vec<Text<'a>>),
}

impl<'a> From<&'a Value> for ValueReport<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Text(text) => Self::Text(text.into()),
            Value::List(items) => Self::List(texts(items)),
        }
    }
}
