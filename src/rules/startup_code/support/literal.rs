//! Literals in a Python module, which is read and never run.

use bstr::{BString, ByteSlice};

use super::files;

/// The most entries that are read of a mapping.
const MOST_ENTRIES: usize = 1000;

/// The values of the dictionary `MAPPING` in a finder module that setuptools writes: the number of the line, from 1,
/// its beginning, and the value. The dictionary is on one line. Reading ends at anything that is not a plain string.
pub fn mapping(content: &[u8]) -> Vec<(usize, BString, BString)> {
    let found = content.lines().enumerate().find_map(|(index, line)| {
        let rest = line.strip_prefix(b"MAPPING")?;
        let (_, dictionary) = rest.split_once_str("=")?;
        Some((index + 1, line, dictionary.trim().strip_prefix(b"{")?))
    });
    let Some((number, line, dictionary)) = found else { return Vec::new() };
    // The line contains all of them and may be as long as the file, so only its beginning is kept.
    let line = files::shortened(line.as_bstr());
    values(dictionary).into_iter().map(|value| (number, line.clone(), value)).collect()
}

fn values(mut text: &[u8]) -> Vec<BString> {
    let mut values = Vec::new();
    while values.len() < MOST_ENTRIES {
        let Some((_, rest)) = string(text) else { break };
        let Some(rest) = rest.trim_start().strip_prefix(b":") else { break };
        let Some((value, rest)) = string(rest) else { break };
        values.push(value);
        let Some(rest) = rest.trim_start().strip_prefix(b",") else { break };
        text = rest;
    }
    values
}

/// A string in quotes, as `repr` writes it, and the text after it.
fn string(text: &[u8]) -> Option<(BString, &[u8])> {
    let text = text.trim_start();
    let quote = *text.first().filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let mut value = BString::default();
    let mut bytes = text.get(1..)?.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        if byte == quote {
            return Some((value, text.get(at + 2..)?));
        }
        // Only these escapes are read; any other ends the reading.
        value.push(if byte == b'\\' { *bytes.next().filter(|(_, next)| b"\\'\"".contains(next))?.1 } else { byte });
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mapping_has_values() {
        let module = b"import sys\nMAPPING: dict[str, str] = {'a': '/home/u/a', 'b.c': 'C:\\\\x', \"d\": \"it's\"}\n";
        let found: Vec<_> = mapping(module).into_iter().map(|(line, _, value)| (line, value.to_string())).collect();
        let expected = [(2, "/home/u/a"), (2, r"C:\x"), (2, "it's")].map(|(line, value)| (line, value.to_owned()));
        assert_eq!(found, expected);
        assert!(mapping(b"MAPPING = {}").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "MAPPING=[{}':,\"a\\\\]{0,40}") {
            mapping(text.as_bytes());
        }
    }
}
