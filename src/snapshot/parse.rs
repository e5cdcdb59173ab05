//! Parses bytes into a document, with the position of everything that is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use bstr::ByteSlice;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::{Place, SnapshotError};
use crate::text::escape::escape;

/// No snapshot is larger: those of real environments stay under 64 KiB.
pub const MOST_BYTES: usize = 16 << 20;

/// Parses the bytes as a document of the type `T`.
///
/// # Errors
/// Where they are not such a document, with the position.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &str), SnapshotError> {
    if bytes.len() > MOST_BYTES {
        return Err(SnapshotError::TooLarge { limit: MOST_BYTES });
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let (line, column) = position(bytes, error.valid_up_to());
        malformed(line, column, "", "not UTF-8")
    })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        // A dot means the document itself, a question mark a key that was not read to its end.
        refuse(error.inner(), path.trim_end_matches(['.', '?']))
    })?;
    deserializer.end().map_err(|error| refuse(&error, ""))?;
    Ok((value, text))
}

fn refuse(error: &serde_json::Error, path: &str) -> SnapshotError {
    let message = error.to_string();
    // The position comes first.
    let bare = message.rsplit_once(" at line ").map_or(message.as_str(), |(bare, _)| bare);
    malformed(error.line().max(1), error.column().max(1), path, bare)
}

fn malformed(line: usize, column: usize, path: &str, message: &str) -> SnapshotError {
    // Keys and values are quoted in messages, and a message is one line.
    let shown = |text: &str| escape(text.into());
    SnapshotError::Malformed { place: Place { line, column, path: shown(path) }, message: shown(message) }
}

/// The line and the column, both from 1, of the byte at `at`.
fn position(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at];
    let start = before.rfind_byte(b'\n').map_or(0, |newline| newline + 1);
    (memchr::memchr_iter(b'\n', before).count() + 1, at - start + 1)
}

/// One stage of the way from the document to a field.
#[derive(Clone, Copy, Debug)]
pub enum Stage<'a> {
    /// The value of a key.
    Key(&'a str),
    /// An element of an array, from 0.
    Index(usize),
}

/// Rejects a document because of the field to which the stages lead; `text` has been parsed before.
pub fn refuse_field(text: &str, stages: &[Stage<'_>], message: impl Into<String>) -> SnapshotError {
    let mut path = String::new();
    for stage in stages {
        // Writing to a string cannot fail.
        match stage {
            Stage::Key(key) if path.is_empty() => path.push_str(key),
            Stage::Key(key) => write!(path, ".{key}").unwrap_or_default(),
            Stage::Index(index) => write!(path, "[{index}]").unwrap_or_default(),
        }
    }
    let (line, column) = position(text.as_bytes(), offset(text, stages));
    malformed(line, column, &path, &message.into())
}

/// Where in `text` the field begins, or the innermost one that encloses it.
fn offset(text: &str, stages: &[Stage<'_>]) -> usize {
    let mut value = text;
    for stage in stages {
        match descend(value, *stage) {
            Some(inner) => value = inner.get(),
            None => break,
        }
    }
    // Every value is a slice of the text.
    (value.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn descend<'t>(value: &'t str, stage: Stage<'_>) -> Option<&'t RawValue> {
    match stage {
        Stage::Key(wanted) => serde_json::from_str::<Fields<'t>>(value).ok()?.0.remove(wanted),
        Stage::Index(index) => serde_json::from_str::<Vec<&'t RawValue>>(value).ok()?.into_iter().nth(index),
    }
}

/// An object whose values are not parsed.
#[derive(Deserialize)]
struct Fields<'t>(#[serde(borrow)] BTreeMap<Cow<'t, str>, &'t RawValue>);
