//! What all documents have in common, snapshots among them: how they are written, and how their schemas are made.

use std::fmt::Write;

use bstr::{BStr, ByteSlice};
use data_encoding::BASE64;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::text::escape::{escape_invalid, is_unsafe};

/// A document as one line of JSON.
pub fn line(document: &impl Serialize) -> Vec<u8> {
    // Most reports of an ordinary environment fit, so the buffer does not grow.
    let mut text = Vec::with_capacity(32 << 10);
    // Every key is a string and the buffer takes everything, so that this cannot fail.
    serde_json::to_writer(&mut text, document).unwrap_or_default();
    text.push(b'\n');
    without_controls(text)
}

/// The same document with escapes for what JSON allows and readers obey.
///
/// Terminals obey DEL and the control characters of the second half of Latin-1 (U+009B begins what ESC and a bracket
/// begin), and hide or reorder text at format characters. CI services look for commands such as `##[error]` and
/// `##vso[…]` anywhere in a line of a log.
pub fn without_controls(text: Vec<u8>) -> Vec<u8> {
    let is_plain = text.is_ascii() && !text.contains(&0x7f) && memchr::memmem::find(&text, b"##").is_none();
    let Ok(plain) = str::from_utf8(&text) else { return text };
    if is_plain {
        return text;
    }
    // Outside of strings there are none, and within strings the escape means the same.
    let mut escaped = String::with_capacity(text.len() + 64);
    for (at, c) in plain.char_indices() {
        if is_unsafe(c) && c != '\n' || c == '#' && begins_command(&plain[at..]) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").unwrap_or_default();
            }
        } else {
            escaped.push(c);
        }
    }
    escaped.into_bytes()
}

/// Whether a CI service would look for a command here: `##[NAME]`, `##NAME[…]`.
pub fn begins_command(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("##") else { return false };
    rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('[')
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

    #[test]
    fn nothing_is_reordered_and_no_log_obeys_a_document() {
        for (told, escaped) in [
            ("evil\u{202e}txt\u{e0041}", "\"evil\\u202etxt\\udb40\\udc41\"\n"),
            ("a ##[error]b ##vso[task.x]c ## [d", "\"a \\u0023#[error]b \\u0023#vso[task.x]c ## [d\"\n"),
            ("###[x", "\"#\\u0023#[x\"\n"),
        ] {
            let shown = line(&told);
            assert_eq!(shown.as_bstr(), escaped);
            assert_eq!(serde_json::from_slice::<String>(&shown).ok().as_deref(), Some(told));
        }
    }
}
