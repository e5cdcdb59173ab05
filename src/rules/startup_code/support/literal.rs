//! Literals in a Python module, which is read and never run.

use bstr::{BString, ByteSlice};

use super::files;

/// The most entries that are read of a literal, and the most calls.
const MOST_ENTRIES: usize = 10_000;

/// How deep values may be nested.
const MOST_NESTED: usize = 8;

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(BString),
    /// A list, a tuple or a set.
    List(Vec<Value>),
    /// A dictionary.
    Map(Vec<(Value, Value)>),
    /// A number, or a name such as `None`.
    Other,
}

impl Value {
    /// The string, if it is one.
    pub fn text(&self) -> Option<&BString> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The literal that is assigned to a name at the beginning of a line, perhaps with an annotation: the number of the line,
/// from 1, its beginning, and the value.
pub fn assigned(content: &[u8], name: &str) -> Option<(usize, BString, Value)> {
    let (number, line, at) = lines(content).find(|(_, line, _)| {
        let rest = line.strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| matches!(rest.trim_start().first(), Some(b':' | b'=')))
    })?;
    let (_, value) = line.split_once_str("=")?;
    let (value, _) = read(content.get(at + line.len() - value.len()..)?, MOST_NESTED)?;
    // The line contains all of them and may be as long as the file, so only its beginning is kept.
    Some((number, files::shortened(line.as_bstr()), value))
}

/// The lines that call a function or a method with literals as arguments, and perhaps assign the result to a name: the
/// number of the line, from 1, its beginning, and the arguments.
pub fn calls<'c>(content: &'c [u8], function: &'c str) -> impl Iterator<Item = (usize, BString, Vec<Value>)> + 'c {
    let found = lines(content).filter_map(move |(number, line, at)| {
        let (before, _) = line.split_once_str("(")?;
        let called = before.rsplit_once_str(" = ").map_or(before, |(_, called)| called).trim_start();
        let is_called = called == function.as_bytes()
            || called.rsplit_once_str(".").is_some_and(|(_, method)| method == function.as_bytes());
        let (value, _) = is_called.then(|| read(content.get(at + before.len()..)?, MOST_NESTED)).flatten()?;
        let arguments = match value {
            Value::List(arguments) => arguments,
            single => vec![single],
        };
        Some((number, files::shortened(line.as_bstr()), arguments))
    });
    found.take(MOST_ENTRIES)
}

/// Every line with its number, from 1, and the place where it begins.
fn lines(content: &[u8]) -> impl Iterator<Item = (usize, &[u8], usize)> {
    let mut at = 0;
    content.lines_with_terminator().enumerate().map(move |(index, line)| {
        let start = at;
        at += line.len();
        (index + 1, line.trim_end_with(|c| c == '\n' || c == '\r'), start)
    })
}

/// The literal at the beginning of a text, and the text after it. Reading ends at anything that is none.
fn read(text: &[u8], depth: usize) -> Option<(Value, &[u8])> {
    let text = text.trim_start();
    let close = match text.first()? {
        b'\'' | b'"' => return string(text).map(|(text, rest)| (Value::Text(text), rest)),
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        _ => {
            let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"_.-".contains(byte));
            let end = end.unwrap_or(text.len());
            return (end > 0).then_some((Value::Other, &text[end..]));
        }
    };
    sequence(&text[1..], close, depth.checked_sub(1)?)
}

/// What is between brackets, and the text after them.
fn sequence(mut text: &[u8], close: u8, depth: usize) -> Option<(Value, &[u8])> {
    let (mut list, mut map) = (Vec::new(), Vec::new());
    loop {
        text = text.trim_start();
        if text.first() == Some(&close) {
            let is_map = close == b'}' && list.is_empty();
            return Some((if is_map { Value::Map(map) } else { Value::List(list) }, &text[1..]));
        }
        if list.len() + map.len() >= MOST_ENTRIES {
            return None;
        }
        let (first, rest) = read(text, depth)?;
        text = rest.trim_start();
        if let Some(rest) = text.strip_prefix(b":").filter(|_| close == b'}') {
            let (value, rest) = read(rest, depth)?;
            map.push((first, value));
            text = rest.trim_start();
        } else {
            list.push(first);
        }
        match text.first()? {
            b',' => text = &text[1..],
            byte if *byte == close => {}
            _ => return None,
        }
    }
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

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    #[test]
    fn an_assigned_literal_is_read() {
        let module = b"import sys\nMAPPING: dict[str, str] = {'a': '/home/u/a', 'b.c': 'C:\\\\x', \"d\": \"it's\"}\n";
        let found = assigned(module, "MAPPING").map(|(line, _, value)| (line, value));
        let expected = [("a", "/home/u/a"), ("b.c", r"C:\x"), ("d", "it's")];
        let expected = expected.map(|(key, value)| (text(key), text(value))).to_vec();
        assert_eq!(found, Some((2, Value::Map(expected))));
        assert_eq!(assigned(b"MAPPING = {}", "MAPPING").map(|(_, _, value)| value), Some(Value::Map(Vec::new())));
        assert_eq!(assigned(b"MAPPINGS = {}\n MAPPING = {}\nx = {}", "MAPPING"), None);
    }

    #[test]
    fn calls_with_literals_are_read() {
        let module =
            b"def install(a):\n    pass\nF.map_module('a', '/a.py')\ninstall(\n    {'x', 'y'},\n    [1, None],\n)\n";
        let mapped: Vec<_> = calls(module, "map_module").map(|(line, _, arguments)| (line, arguments)).collect();
        assert_eq!(mapped, [(3, vec![text("a"), text("/a.py")])]);
        let installed: Vec<_> = calls(module, "install").map(|(line, _, arguments)| (line, arguments)).collect();
        let set = Value::List(vec![text("x"), text("y")]);
        assert_eq!(installed, [(4, vec![set, Value::List(vec![Value::Other, Value::Other])])]);
        assert_eq!(calls(b"install(open('a'))", "install").count(), 0);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "MAPPING=[\\[\\](){}':,\"a\\\\\n]{0,40}") {
            assigned(text.as_bytes(), "MAPPING");
            calls(text.as_bytes(), "MAPPING").count();
        }
    }
}
