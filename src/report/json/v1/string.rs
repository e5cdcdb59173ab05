//! Text in documents: a string where it is valid UTF-8, else an object with its bytes.

use std::borrow::Cow;

use bstr::{BStr, BString, ByteSlice};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::each;
use crate::text::document::serialize_text;

/// Bytes that are nearly always text: a string, or where they are not valid UTF-8, an object that holds them.
#[derive(Clone, Copy)]
pub(in crate::report) struct Text<'a>(&'a BStr);

impl<'a> From<&'a BString> for Text<'a> {
    fn from(text: &'a BString) -> Self {
        Self(text.as_bstr())
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_text(self.0, serializer)
    }
}

impl JsonSchema for Text<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A string; where it is not valid UTF-8, its bytes.",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "base64": {"type": "string", "contentEncoding": "base64"},
                        "display": {"type": "string", "description": "The same with the bad bytes escaped."},
                    },
                    "required": ["base64", "display"],
                },
            ],
        })
    }
}

pub(in crate::report) fn texts(items: &[BString]) -> Vec<Text<'_>> {
    each(items)
}

pub(in crate::report) fn optional(text: Option<&BString>) -> Option<Text<'_>> {
    text.map(Into::into)
}
