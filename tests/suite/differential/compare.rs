//! Compares a prediction with what the interpreter showed.

use std::collections::BTreeMap;
use std::fmt::Write;

use bstr::{BStr, BString, ByteSlice};

use super::observed::{Seen, Value};

/// What differs, one entry for each field.
pub struct Difference {
    /// The field.
    pub field: String,
    /// What venv-doctor says.
    pub predicted: String,
    /// What the interpreter showed.
    pub real: String,
}

/// Parts of lines on standard error that must have been predicted.
const NOTABLE: &[&str] = &[
    "Could not find platform",
    "Consider setting $PYTHONHOME",
    "WARN: Could not find",
    "Unexpected value in",
    "Error processing line",
    "Remainder of file ignored",
    "does not exist; skipping",
    "Invalid entry point syntax",
    "Error resolving entry point",
    "Error in import line",
    "Fatal Python error",
    "Failed to import the site module",
    "unsupported 'import' line",
    "Failed to find real location",
    "Exception ignored",
    "'import site' failed",
    "OperationError",
    "operror-value",
];

/// Compares every field that the interpreter showed; `is_buffered` says that lines may overtake one another.
pub fn compare(predicted: &Seen, real: &Seen, uncertain: bool, is_buffered: bool) -> Vec<Difference> {
    let mut differences = Vec::new();
    if predicted.status != real.status {
        differences.push(Difference {
            field: "outcome.status".to_owned(),
            predicted: predicted.status.clone(),
            real: real.status.clone(),
        });
    }
    for (field, value) in &real.fields {
        // After unknown code has run, only what it hardly ever changes is certain; a module that fails is forgotten.
        let unpredictable = uncertain && (field == "sys.path" || field.starts_with("site."));
        let forgotten = field.ends_with("customize") && real.messages.iter().any(|line| line.contains_str("Error in "));
        // Without site there is nothing to compare but that.
        let absent = field.starts_with("site.") && !predicted.fields.contains_key(field) && *value == Value::None;
        if unpredictable || forgotten || absent {
            continue;
        }
        let guess = predicted.fields.get(field);
        if guess != Some(value) {
            differences.push(Difference {
                field: field.clone(),
                predicted: guess.map_or_else(|| "(not said)".to_owned(), show),
                real: show(value),
            });
        }
    }
    differences.extend(compare_messages(predicted, real, uncertain, is_buffered));
    differences
}

fn compare_messages(predicted: &Seen, real: &Seen, uncertain: bool, is_buffered: bool) -> Option<Difference> {
    if real.crashed {
        return None;
    }
    let printed: Vec<BString> = real.messages.iter().map(|line| normal(line.as_bstr())).collect();
    let said: Vec<BString> = predicted
        .messages
        .iter()
        .map(|line| normal(line.as_bstr()))
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    let missing = missing(&said, &printed, is_buffered);
    // Unknown code may print what it likes, but what is Python's own must have been predicted all the same.
    let is_excused = |line: &BString| uncertain && !NOTABLE.iter().any(|text| line.contains_str(text));
    let surprise = surprises(&said, &printed)
        .into_iter()
        .find(|line| !is_excused(line) && real.status != "fails-to-execute" && !line.starts_with(SHELL));
    let why = match (missing, surprise) {
        (None, None) => return None,
        (Some(line), _) => format!("predicted, but not printed (in this order): {line:?}"),
        (None, Some(line)) => format!("printed, but not predicted: {line:?}"),
    };
    let list = |lines: &[BString]| listing(&lines[..lines.len().min(40)]);
    Some(Difference { field: format!("messages: {why}"), predicted: list(&said), real: list(&printed) })
}

/// The first predicted line that was not printed, or not in this order.
fn missing(said: &[BString], printed: &[BString], is_buffered: bool) -> Option<BString> {
    let (mut said, mut printed) = (said.to_vec(), printed.to_vec());
    if is_buffered {
        printed.sort();
        said.sort();
    }
    let mut rest = printed.iter();
    said.into_iter().find(|line| !rest.any(|other| other == line))
}

/// Every printed line that was not predicted and is no part of the body of a traceback or a warning.
fn surprises(said: &[BString], printed: &[BString]) -> Vec<BString> {
    let mut left: BTreeMap<&BString, usize> = BTreeMap::new();
    for line in said {
        *left.entry(line).or_default() += 1;
    }
    let mut surprises = Vec::new();
    // Whether the line before was predicted, and whether a traceback is open that belongs to such a line.
    let (mut foreseen, mut in_body) = (false, false);
    let is_relevant = |line: &&BString| !line.trim_ascii().is_empty() && !line.starts_with_str(MACHINE);
    for line in printed.iter().filter(is_relevant) {
        if let Some(count) = left.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            (foreseen, in_body) = (true, false);
        } else if line.starts_with(b" ") || ATTACHED.iter().any(|text| line.starts_with(text.as_bytes())) {
            in_body = true;
        } else if foreseen && (in_body || is_exception(line)) {
            // The exception that a predicted line announces.
            in_body = false;
        } else {
            surprises.push(line.clone());
            (foreseen, in_body) = (false, false);
        }
    }
    surprises
}

/// What the shell says that starts the interpreter in a removed directory.
const SHELL: &[u8] = b"/bin/bash: ";

/// What is about the machine and not about the start: `PyPy` measures the caches of the processor.
const MACHINE: &str = "Warning: cannot find your CPU L2";

/// What opens the body of a traceback, or is a part of it.
const ATTACHED: &[&str] = &[
    "Traceback (most recent call last):",
    "During handling of the above exception",
    "The above exception was the direct cause",
    "Current thread",
    "<no Python frame>",
    "Extension modules:",
    "RPython traceback:",
];

/// `SyntaxError: invalid syntax`: a name without a blank before the first colon.
fn is_exception(line: &BString) -> bool {
    let name = line.split_once_str(":").map_or(line.as_slice(), |(name, _)| name);
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

/// A line without what cannot be predicted: the line numbers of Python's own files, thread identifiers.
fn normal(line: &BStr) -> BString {
    if let Some(at) = line.find("RuntimeWarning: ") {
        return BString::from(&line[at..]);
    }
    match line.find(" thread 0x") {
        Some(at) => BString::from([line[..at].as_bytes(), b" thread"].concat()),
        // The address of an object.
        None if line.starts_with_str("debug:  operror-value: ") => {
            BString::from(&line[..line.find(" at 0x").unwrap_or(line.len())])
        }
        None => BString::from(line.trim_ascii_end()),
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::None => "None".to_owned(),
        Value::Absent => "(absent)".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => listing(items),
    }
}

fn listing(items: &[BString]) -> String {
    items.iter().fold(String::new(), |mut text, item| {
        let _ = write!(text, "\n      {item:?}");
        text
    })
}
