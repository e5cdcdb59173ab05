//! Paths in a journal: strings, and what is not UTF-8 as its bytes.

use bstr::{BString, ByteSlice};
use data_encoding::BASE64;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::document::serialize_text;

/// A path or a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(pub BString);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes { base64: String },
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_text(self.0.as_bstr(), serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Text(text) => Ok(Self(text.into())),
            Written::Bytes { base64 } => {
                BASE64.decode(base64.as_bytes()).map(|bytes| Self(bytes.into())).map_err(D::Error::custom)
            }
        }
    }
}

/// The same for a field.
pub mod text {
    use super::{BString, Bytes, Deserialize, Deserializer, Serializer, serialize_text};
    use bstr::ByteSlice;

    pub fn serialize<S: Serializer>(text: &BString, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_text(text.as_bstr(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BString, D::Error> {
        Bytes::deserialize(deserializer).map(|bytes| bytes.0)
    }
}
