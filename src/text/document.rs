//! What all documents have in common, snapshots among them: how they are written, and how their schemas are made.

use std::fmt::Write;

use bstr::{BStr, ByteSlice};
use data_encoding::BASE64;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::text::escape::escape_invalid;

/// A document as one line of JSON.
pub fn line(document: &impl Serialize) -> Vec<u8> {
    // Most reports of an ordinary environment fit, so the buffer does not grow.
    let mut text = Vec::with_capacity(32 << 10);
    // Every key is a string and the buffer takes everything, so that this cannot fail.
    serde_json::to_writer(&mut text, document).unwrap_or_default();
    text.push(b'\n');
    without_controls(text)
}

/// The same document with DEL and the control characters of the second half of Latin-1 written as escapes. JSON
/// allows them as they are, and terminals obey them: U+009B begins what ESC and a bracket begin.
pub fn without_controls(text: Vec<u8>) -> Vec<u8> {
    let Ok(plain) = str::from_utf8(&text) else { return text };
    if !text.iter().any(|byte| matches!(byte, 0x7f | 0xc2)) {
        return text;
    }
    // Outside of strings there are none, and within strings the escape means the same.
    let mut escaped = String::with_capacity(text.len() + 64);
    for c in plain.chars() {
        match c {
            '\u{7f}'..='\u{9f}' => write!(escaped, "\\u{:04x}", u32::from(c)).unwrap_or_default(),
            c => escaped.push(c),
        }
    }
    escaped.into_bytes()
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
///
/// # Errors
/// As the serializer fails.
pub fn serialize_text<S: Serializer>(text: &BStr, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(text) = text.to_str() {
        return serializer.serialize_str(text);
    }
    let mut object = serializer.serialize_struct("Text", 2)?;
    object.serialize_field("base64", &BASE64.encode(text))?;
    object.serialize_field("display", &escape_invalid(text))?;
    object.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_terminal_obeys_a_document() {
        let told = "caf\u{e9} \u{7f}\u{80}\u{9b}31m\u{9f}\u{a0}\x1b";
        let shown = line(&told);
        assert_eq!(shown.as_bstr(), "\"caf\u{e9} \\u007f\\u0080\\u009b31m\\u009f\u{a0}\\u001b\"\n");
        assert_eq!(serde_json::from_slice::<String>(&shown).ok().as_deref(), Some(told));
    }
}
