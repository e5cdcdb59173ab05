//! What all documents have in common, snapshots among them: how they are written, and how their schemas are made.

use bstr::{BStr, ByteSlice};
use data_encoding::BASE64;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::report::escape::escape_invalid;

/// A document as one line of JSON.
pub fn line(document: &impl Serialize) -> Vec<u8> {
    // Most reports of an ordinary environment fit, so the buffer does not grow.
    let mut text = Vec::with_capacity(32 << 10);
    // Every key is a string and the buffer takes everything, so that this cannot fail.
    serde_json::to_writer(&mut text, document).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The JSON Schema of a document, indented. The settings say whether it is for those who read the document or for
/// those who write it.
pub fn schema_of<T: JsonSchema>(settings: SchemaSettings) -> String {
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Bytes that are nearly always text: a string, or where they are not valid UTF-8, an object that holds them.
pub fn serialize_text<S: Serializer>(text: &BStr, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(text) = text.to_str() {
        return serializer.serialize_str(text);
    }
    let mut object = serializer.serialize_struct("Text", 2)?;
    object.serialize_field("base64", &BASE64.encode(text))?;
    object.serialize_field("display", &escape_invalid(text))?;
    object.end()
}
