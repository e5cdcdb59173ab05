//! `_sysconfigdata_*.py`: the variables of the build, as a literal dict that `pprint` wrote.
//!
//! Nothing is evaluated. The file is taken line by line, for `pprint` (and the formatters that redistributors run
//! over it) start each key on a line of its own, and a value is an integer or string literals, joined where a long
//! one was wrapped.

use bstr::{BString, ByteSlice};

/// A value of the dict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A string.
    Text(BString),
    /// An integer.
    Number(i64),
}

impl Value {
    /// The string, where it is one.
    pub fn text(self) -> Option<BString> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) => None,
        }
    }
}

/// The values of `keys`, each where it was found first. The content is gone through once, whatever is sought.
pub(super) fn lookup<const N: usize>(content: &[u8], keys: [&str; N]) -> [Option<Value>; N] {
    // Most of the thousand lines are dismissed by the first byte of their key.
    let mut begins = [false; 256];
    for byte in keys.iter().filter_map(|key| key.bytes().next()) {
        begins[usize::from(byte)] = true;
    }
    let mut values = [const { None }; N];
    let ends = memchr::memchr_iter(b'\n', content).chain([content.len()]);
    let mut start = 0;
    for end in ends {
        let line = &content[start..end];
        if let Some(quoted) = quoted_key(line)
            && quoted.get(1).is_some_and(|&byte| begins[usize::from(byte)])
            && let Some((key, rest)) = key_of(quoted)
            && let Some(index) = keys.iter().position(|sought| sought.as_bytes() == key)
            && values[index].is_none()
        {
            values[index] = value(&content[end - rest.len()..]);
        }
        start = end + 1;
    }
    values
}

/// The line from the quote on with which a key begins; none where it begins with anything else.
fn quoted_key(line: &[u8]) -> Option<&[u8]> {
    // As `pprint` writes all but the first.
    if let [b' ', b'\'', ..] = line {
        return Some(&line[1..]);
    }
    // The first key is on the line of the dict's name, after the brace.
    let line = if line.starts_with(b"b") { &line[memchr::memchr(b'{', line)? + 1..] } else { line };
    let start = line.iter().position(|&byte| byte != b' ')?;
    matches!(line[start], b'\'' | b'"').then_some(&line[start..])
}

/// The key between quotes at the beginning of `quoted`, and what follows its colon.
fn key_of(quoted: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&quote, after) = quoted.split_first()?;
    let (key, rest) = after.split_at(memchr::memchr(quote, after)?);
    Some((key, rest[1..].strip_prefix(b":")?))
}

/// The value at the beginning of `text`.
fn value(text: &[u8]) -> Option<Value> {
    let text = skip_space(text);
    if !matches!(text.first()?, b'\'' | b'"' | b'(') {
        let end = text.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'-'))?;
        return text[..end].to_str().ok()?.parse().ok().map(Value::Number);
    }
    let mut text = text.strip_prefix(b"(").unwrap_or(text);
    let mut joined = BString::default();
    loop {
        text = skip_space(text);
        let Some(&quote @ (b'\'' | b'"')) = text.first() else { return Some(Value::Text(joined)) };
        text = literal(&text[1..], quote, &mut joined)?;
    }
}

fn skip_space(text: &[u8]) -> &[u8] {
    text.trim_start_with(|c| c.is_ascii_whitespace())
}

/// Parses one string literal, and returns what follows it.
fn literal<'t>(mut text: &'t [u8], quote: u8, into: &mut BString) -> Option<&'t [u8]> {
    loop {
        let at = memchr::memchr3(quote, b'\\', b'\n', text)?;
        into.extend_from_slice(&text[..at]);
        let rest = &text[at + 1..];
        text = match text[at] {
            b'\\' => escape(rest, into)?,
            b'\n' => return None,
            _ => return Some(rest),
        };
    }
}

/// One escape sequence, of those that `repr` writes.
fn escape<'t>(text: &'t [u8], into: &mut BString) -> Option<&'t [u8]> {
    let (&kind, rest) = text.split_first()?;
    let digits = match kind {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        _ => {
            into.push(match kind {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'\\' | b'\'' | b'"' => kind,
                _ => return None,
            });
            return Some(rest);
        }
    };
    let code = u32::from_str_radix(rest.get(..digits)?.to_str().ok()?, 16).ok()?;
    match char::from_u32(code) {
        Some(c) => into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        // PEP 383: a byte that was no UTF-8.
        None => into.push(u8::try_from(code.checked_sub(0xDC00)?).ok()?),
    }
    Some(&rest[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = br#"# system configuration generated and used by the sysconfig module
build_time_vars = {'ABIFLAGS': 'm',
 'CONFIG_ARGS': "'--prefix=/opt/it' 'prefix': "
                "'--enable-shared'",
 'LONG': '/opt/'
         'python',
 'Py_GIL_DISABLED': 1,
    "PLATLIBDIR": "lib64",
 'ODD': 'a\tb\'c\xe9\udcff',
 'prefix': '/opt/it'}
"#;

    #[test]
    fn reads_strings_numbers_and_wrapped_strings() {
        let [abi, long, gil, lib, odd, prefix, absent] =
            lookup(FILE, ["ABIFLAGS", "LONG", "Py_GIL_DISABLED", "PLATLIBDIR", "ODD", "prefix", "VPATH"]);
        assert_eq!(lib, Some(Value::Text("lib64".into())));
        assert_eq!(abi, Some(Value::Text("m".into())));
        assert_eq!(long, Some(Value::Text("/opt/python".into())));
        assert_eq!(gil, Some(Value::Number(1)));
        assert_eq!(odd, Some(Value::Text(b"a\tb'c\xc3\xa9\xff".into())));
        assert_eq!(prefix, Some(Value::Text("/opt/it".into())));
        assert_eq!(absent, None);
    }

    #[test]
    fn takes_the_first_that_begins_a_line() {
        let content =
            b"x = {'prefix': '/no'}\n 'a': 1, 'prefix': '/no',\n 'prefix': {},\n 'prefix': '/yes',\n 'prefix': '/no'\n";
        assert_eq!(lookup(content, ["prefix"]), [Some(Value::Text("/yes".into()))]);
        let twice = b"b = {{'prefix': '/no'}\n";
        assert_eq!(lookup(twice, ["prefix"]), [None]);
    }

    #[test]
    fn shrugs_at_truncated_files() {
        for end in 0..FILE.len() {
            lookup(&FILE[..end], ["ABIFLAGS", "LONG", "ODD", "prefix"]);
        }
    }
}
