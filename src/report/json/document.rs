//! What all documents have in common, snapshots among them: how one is written, and how its schema is made.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

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
