//! String literals: where they end, and their values.

use bstr::{BString, ByteSlice};

use super::token::{Reader, Token};
use super::{Grammar, Wrong};

/// Whether a name directly in front of a quote is a prefix of the string.
pub(super) fn is_prefix(name: &str, grammar: Grammar) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "r" | "u" | "b" | "br" | "rb" | "f" | "fr" | "rf")
        || grammar.template_strings && matches!(name.as_str(), "t" | "tr" | "rt")
}

/// Reads a string whose prefix has this length.
pub(super) fn read(reader: &mut Reader<'_>, prefix: usize) -> Result<Token, Wrong> {
    let kinds = reader.text[reader.at..reader.at + prefix].to_ascii_lowercase();
    let is = |kind: u8| kinds.contains(&kind);
    reader.at += prefix;
    let quote = Quote::at(reader);
    reader.at += quote.length;
    let start = reader.at;
    let is_formatted = is(b'f') || is(b't');
    let end = if is_formatted && (reader.grammar.nested_quotes || is(b't')) {
        formatted_end(reader, quote)?
    } else {
        plain_end(reader, quote)?
    };
    let inner = &reader.text[start..end];
    if is_formatted {
        if inner.contains(&b'{') || inner.contains(&b'}') || inner.contains(&b'\\') {
            reader.is_sure = false;
        }
        return Ok(Token::Text(None));
    }
    if is(b'b') && !inner.is_ascii() {
        return Err(reader.invalid());
    }
    let value = if is(b'r') { Some(inner.into()) } else { decode(inner, is(b'b')).map_err(|()| reader.invalid())? };
    if value.is_none() {
        reader.is_sure = false;
    }
    Ok(if is(b'b') { Token::Bytes(value) } else { Token::Text(value) })
}

#[derive(Clone, Copy)]
struct Quote {
    byte: u8,
    length: usize,
}

impl Quote {
    fn at(reader: &Reader<'_>) -> Self {
        let byte = reader.byte(0).unwrap_or_default();
        let is_triple = reader.byte(1) == Some(byte) && reader.byte(2) == Some(byte);
        Self { byte, length: if is_triple { 3 } else { 1 } }
    }

    fn ends(self, reader: &Reader<'_>) -> bool {
        (0..self.length).all(|ahead| reader.byte(ahead) == Some(self.byte))
    }
}

/// Moves behind the closing quote; where the content ends.
fn plain_end(reader: &mut Reader<'_>, quote: Quote) -> Result<usize, Wrong> {
    loop {
        if quote.ends(reader) {
            let end = reader.at;
            reader.at += quote.length;
            return Ok(end);
        }
        step(reader, quote)?;
    }
}

/// One character of a string.
fn step(reader: &mut Reader<'_>, quote: Quote) -> Result<(), Wrong> {
    match reader.byte(0) {
        None => return Err(reader.invalid()),
        Some(b'\n') if quote.length == 1 => return Err(reader.invalid()),
        Some(b'\n') => reader.line += 1,
        Some(b'\\') => {
            reader.at += 1;
            match reader.byte(0) {
                None => return Err(reader.invalid()),
                Some(b'\n') => reader.line += 1,
                _ => {}
            }
        }
        _ => {}
    }
    reader.at += 1;
    Ok(())
}

/// The same for a string whose replacement fields may contain quotes. Only quotes and brackets are looked at.
fn formatted_end(reader: &mut Reader<'_>, quote: Quote) -> Result<usize, Wrong> {
    let mut depth = 0_usize;
    loop {
        let byte = reader.byte(0);
        if depth == 0 && quote.ends(reader) {
            let end = reader.at;
            reader.at += quote.length;
            return Ok(end);
        }
        match byte {
            Some(b'{') if depth == 0 && reader.byte(1) == Some(b'{') => reader.at += 2,
            Some(b'{' | b'(' | b'[') if depth > 0 => {
                depth += 1;
                reader.at += 1;
            }
            Some(b'{') => {
                depth = 1;
                reader.at += 1;
            }
            Some(b'}' | b')' | b']') if depth > 0 => {
                depth -= 1;
                reader.at += 1;
            }
            // A string inside a field, or the end of a format specification: too deep for this reader.
            Some(b'\'' | b'"' | b'\n') | None if depth > 0 => return Err(Wrong::Unsure),
            _ => step(reader, quote)?,
        }
    }
}

/// The value of a literal with escapes; none inside where it is not known, or where Python warns about it.
fn decode(inner: &[u8], is_bytes: bool) -> Result<Option<BString>, ()> {
    let mut value = BString::default();
    let mut is_known = true;
    let mut rest = inner;
    while let Some(at) = rest.find_byte(b'\\') {
        value.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let Some((&kind, after)) = rest.split_first() else { return Err(()) };
        rest = after;
        let digits = match kind {
            b'x' => 2,
            b'u' if !is_bytes => 4,
            b'U' if !is_bytes => 8,
            _ => 0,
        };
        if digits > 0 {
            let code = rest.get(..digits).and_then(|hex| std::str::from_utf8(hex).ok());
            let code = code.filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit())).ok_or(())?;
            let code = u32::from_str_radix(code, 16).map_err(|_| ())?;
            rest = &rest[digits..];
            is_known &= push(&mut value, code, is_bytes);
            if code > 0x10_ffff {
                return Err(());
            }
            continue;
        }
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => value.push(kind),
            b'a' => value.push(7),
            b'b' => value.push(8),
            b'f' => value.push(12),
            b'n' => value.push(b'\n'),
            b'r' => value.push(b'\r'),
            b't' => value.push(b'\t'),
            b'v' => value.push(11),
            b'0'..=b'7' => {
                let more = rest.iter().take(2).take_while(|digit| (b'0'..=b'7').contains(*digit)).count();
                let octal =
                    rest[..more].iter().fold(u32::from(kind - b'0'), |sum, digit| sum * 8 + u32::from(digit - b'0'));
                rest = &rest[more..];
                is_known &= octal < 0x100 && push(&mut value, octal, is_bytes);
            }
            // A name of a character, or a backslash that is kept, with a warning.
            _ => is_known = false,
        }
    }
    value.extend_from_slice(rest);
    Ok(is_known.then_some(value))
}

/// Adds a character, or a byte; whether it has a value here.
fn push(value: &mut BString, code: u32, is_bytes: bool) -> bool {
    match (is_bytes, u8::try_from(code), char::from_u32(code)) {
        (true, Ok(byte), _) => value.push(byte),
        (false, _, Some(letter)) => value.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => return false,
    }
    true
}
