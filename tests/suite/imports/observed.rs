//! What the probe printed.

use bstr::{BString, ByteSlice};
use serde_json::Value;

use crate::support::world::Ended;

/// What `importlib` says of one name.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The kind, or `raises`, `no-spec`, `probe-fails`.
    pub kind: String,
    /// `spec.origin`, where it is a file.
    pub origin: Option<BString>,
    /// `spec.submodule_search_locations`.
    pub locations: Option<Vec<BString>>,
    /// The finder and the entry.
    pub found_by: Option<(String, Option<BString>)>,
    /// The other candidates: kind and path.
    pub shadows: Vec<(String, Option<BString>)>,
    /// Whether it is in `sys.modules` before the first line.
    pub loaded: bool,
    /// More about what went wrong.
    pub why: String,
}

/// What one run of the probe showed.
pub struct Observed {
    /// `sys.path`.
    pub path: Vec<BString>,
    /// The answers, in the order of the names.
    pub answers: Vec<Answer>,
}

/// Reads what the probe printed; none where that Python never came to the probe.
pub fn read(ended: &Ended) -> Option<Observed> {
    let lines: Vec<Value> = ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix(b"@@")?.split_once_str(" ").map(|(_, text)| text))
        .map(|text| serde_json::from_slice(text).expect("the probe prints JSON"))
        .collect();
    let (first, answers) = lines.split_first()?;
    Some(Observed { path: list(&first["path"]).unwrap_or_default(), answers: answers.iter().map(answer).collect() })
}

fn answer(value: &Value) -> Answer {
    let by = &value["found_by"];
    let shadows = value["shadows"].as_array().map_or(&[][..], Vec::as_slice);
    Answer {
        kind: word(&value["kind"]),
        origin: path(&value["origin"]),
        locations: list(&value["locations"]),
        found_by: by.is_object().then(|| (word(&by["finder"]), path(&by["entry"]))),
        shadows: shadows.iter().map(|shadow| (word(&shadow["kind"]), path(&shadow["path"]))).collect(),
        loaded: value["loaded"] == true,
        why: match path(&value["why"]) {
            Some(text) => text.to_string(),
            None => word(&value["why"]),
        },
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A path in hexadecimal digits.
fn path(value: &Value) -> Option<BString> {
    let digits = value.as_str()?;
    data_encoding::HEXLOWER.decode(digits.as_bytes()).ok().map(BString::from)
}

fn list(value: &Value) -> Option<Vec<BString>> {
    value.as_array().map(|items| items.iter().filter_map(path).collect())
}
