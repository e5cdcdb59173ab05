//! Documents damaged at random: each is refused with one clear error, or explained; none is the end of the program.

use serde_json::{Value, json};

use crate::snapshot::{EXAMPLE, report};
use crate::support::rng::Rng;

/// How many damaged documents are tried of each kind.
const BYTES: usize = 6000;
const STRUCTURES: usize = 6000;

#[test]
fn damaged_bytes_end_in_a_report_or_an_error() {
    let mut taken = 0;
    for index in 0..BYTES {
        let mut rng = Rng::new(7, index);
        let mut document = EXAMPLE.as_bytes().to_vec();
        for _ in 0..=rng.below(3) {
            damage(&mut rng, &mut document);
        }
        taken += usize::from(judge(&document));
    }
    println!("{taken} of {BYTES} damaged documents were explained");
}

fn damage(rng: &mut Rng, document: &mut Vec<u8>) {
    if document.is_empty() {
        return;
    }
    let at = rng.below(document.len());
    let len = rng.below(40).min(document.len() - at);
    match rng.below(6) {
        0 => document.truncate(at),
        1 => document[at] = u8::try_from(rng.below(256)).unwrap(),
        2 => drop(document.drain(at..at + len)),
        3 => {
            let piece = document[at..at + len].to_vec();
            let to = rng.below(document.len());
            document.splice(to..to, piece);
        }
        4 => document[at] ^= 1 << rng.below(8),
        _ => {
            let token: &[u8] =
                [&b"{"[..], b"}", b"[", b"]", b",", b"null", b"\"\"", b"1e999", b"\\u0000", b"..", b"/"][rng.below(11)];
            document.splice(at..at, token.iter().copied());
        }
    }
}

#[test]
fn damaged_structures_end_in_a_report_or_an_error() {
    let mut taken = 0;
    for index in 0..STRUCTURES {
        let mut rng = Rng::new(8, index);
        let mut document: Value = serde_json::from_str(EXAMPLE).unwrap();
        for _ in 0..=rng.below(4) {
            restructure(&mut rng, &mut document);
        }
        taken += usize::from(judge(&serde_json::to_vec(&document).unwrap()));
    }
    println!("{taken} of {STRUCTURES} damaged documents were explained");
    assert!(taken > STRUCTURES / 10, "only {taken}: too few get past the reader to try anything else");
}

/// Replaces, adds or removes something somewhere.
fn restructure(rng: &mut Rng, value: &mut Value) {
    match value {
        Value::Object(map) if !map.is_empty() && rng.below(8) != 0 => {
            let key = map.keys().nth(rng.below(map.len())).unwrap().clone();
            if rng.below(20) == 0 {
                map.remove(&key);
            } else {
                restructure(rng, &mut map[&key]);
            }
        }
        Value::Array(items) if !items.is_empty() && rng.below(8) != 0 => {
            let at = rng.below(items.len());
            match rng.below(6) {
                0 => drop(items.remove(at)),
                1 => items.push(entry(rng)),
                _ => restructure(rng, &mut items[at]),
            }
        }
        Value::String(text) => *text = string(rng, text),
        Value::Bool(yes) => *yes = !*yes,
        other => *other = anything(rng),
    }
}

fn entry(rng: &mut Rng) -> Value {
    const PLACES: [&str; 9] = [
        "/",
        "/usr/local/lib",
        "/usr/local/bin/python3.12",
        "/home/u/project/.venv/bin",
        "/home/u/project/pyvenv.cfg",
        "/usr/local/lib/python312.zip",
        "/home/u/project/.venv/lib/python3.12/site-packages/a.pth",
        "/usr/local/lib/python3.12/encodings/__init__.py",
        "/usr/local/bin/python3.12._pth",
    ];
    let path = PLACES[rng.below(PLACES.len())];
    match rng.below(7) {
        0 => json!({"path": path, "type": "symlink", "target": PLACES[rng.below(PLACES.len())]}),
        1 => json!({"path": path, "type": "symlink", "target": ".."}),
        2 => json!({"path": path, "type": "directory", "closed": true}),
        3 => json!({"path": path, "type": "file", "text": "home = /\nimport site\nimport os; x\n../lib\n\u{0}"}),
        4 => json!({"path": path, "type": "file", "base64": "UEsFBv//////////////////////AAA="}),
        5 => json!({"path": path, "type": "fifo"}),
        _ => json!({"path": path, "type": "file"}),
    }
}

fn string(rng: &mut Rng, old: &str) -> String {
    let words =
        ["", "/", "..", "\u{0}", "C:\\", "\\\\?\\C:\\x", "\u{202e}", "windows", "macos", "3.6", "3.15.0a1", "3.11.4"];
    match rng.below(5) {
        0 => words[rng.below(words.len())].to_owned(),
        1 => format!("{old}{}", words[rng.below(words.len())]),
        2 => format!("/..{old}"),
        3 => old.repeat(rng.below(200)),
        _ => old.chars().rev().collect(),
    }
}

fn anything(rng: &mut Rng) -> Value {
    match rng.below(7) {
        0 => Value::Null,
        1 => json!(-1),
        2 => json!(1e300),
        3 => json!([]),
        4 => json!({}),
        5 => json!({"base64": "L2b/", "display": "x"}),
        _ => json!("symlink"),
    }
}

/// Whether the document was explained.
fn judge(document: &[u8]) -> bool {
    match report(document) {
        Ok(report) => {
            assert!(serde_json::from_slice::<Value>(&report).is_ok());
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("line "), "{message}");
            assert_eq!(message.lines().count(), 1, "{message}");
            false
        }
    }
}
