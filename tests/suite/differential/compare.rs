//! Compares a prediction with what the interpreter showed.

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

/// Compares every field that the interpreter showed.
pub fn compare(predicted: &Seen, real: &Seen, uncertain: bool, minor: u32) -> Vec<Difference> {
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
    differences.extend(compare_messages(predicted, real, uncertain, minor));
    differences
}

fn compare_messages(predicted: &Seen, real: &Seen, uncertain: bool, minor: u32) -> Option<Difference> {
    let mut printed: Vec<BString> = real.messages.iter().map(|line| normal(line.as_bstr())).collect();
    let mut said: Vec<BString> = predicted
        .messages
        .iter()
        .map(|line| normal(line.as_bstr()))
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    if minor < 9 {
        // Up to 3.8 Python's own lines wait in a buffer where standard error is no terminal (bpo-13601), and what the
        // C code prints overtakes them.
        printed.sort();
        said.sort();
    }
    if real.crashed {
        return None;
    }
    // Every predicted line appears, in order.
    let mut rest = printed.iter();
    let missing = said.iter().find(|line| !rest.any(|other| other == *line));
    // Every line of interest was predicted, as often as it appears.
    let notable = |line: &&BString| NOTABLE.iter().any(|text| line.contains_str(text));
    // Unknown code may print what it likes.
    let surprise = printed.iter().filter(|line| !uncertain && notable(line)).find(|line| {
        let count = |lines: &[BString]| lines.iter().filter(|other| other == line).count();
        count(&printed) > count(&said)
    });
    let why = match (missing, surprise) {
        (None, None) => return None,
        (Some(line), _) => format!("predicted, but not printed (in this order): {line:?}"),
        (None, Some(line)) => format!("printed, but not predicted: {line:?}"),
    };
    let list = |lines: &[BString]| listing(&lines[..lines.len().min(40)]);
    Some(Difference { field: format!("messages: {why}"), predicted: list(&said), real: list(&printed) })
}

/// A line without what cannot be predicted: the line numbers of Python's own files, thread identifiers.
fn normal(line: &BStr) -> BString {
    if let Some(at) = line.find("RuntimeWarning: ") {
        return BString::from(&line[at..]);
    }
    match line.find(" thread 0x") {
        Some(at) => BString::from([line[..at].as_bytes(), b" thread"].concat()),
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
