//! Python's own ideas of blanks, lines and letters, where Rust's differ.

use bstr::{BStr, BString, ByteSlice};

/// What some editors put at the beginning of a file in UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// `str.isspace` for one character: Unicode's white space and the four information separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// `str.strip()` on text decoded with `surrogateescape`: an undecodable byte is no blank.
pub fn strip(text: &[u8]) -> &BStr {
    strip_end(strip_start(text))
}

/// `str.rstrip()`.
pub fn strip_end(text: &[u8]) -> &BStr {
    let kept = text.as_bstr().char_indices().rev().find(|&(_, _, c)| !is_space(c));
    text[..kept.map_or(0, |(_, end, _)| end)].as_bstr()
}

/// `str.lstrip()`.
pub fn strip_start(text: &[u8]) -> &BStr {
    let kept = text.as_bstr().char_indices().find(|&(_, _, c)| !is_space(c));
    text[kept.map_or(text.len(), |(start, _, _)| start)..].as_bstr()
}

/// Splits a line at its first `=`; none where it has no `=`.
pub fn partition(line: &[u8]) -> Option<(&BStr, &BStr)> {
    let at = memchr::memchr(b'=', line)?;
    Some((line[..at].as_bstr(), line[at + 1..].as_bstr()))
}

/// `str.lower()`.
pub fn lower(text: &[u8]) -> BString {
    if text.is_ascii() { text.to_ascii_lowercase().into() } else { text.to_lowercase().into() }
}

/// Whether `str.lower()` of the text gives `word`.
pub fn is_lowered(text: &[u8], word: &str) -> bool {
    if text.is_ascii() { text.iter().map(u8::to_ascii_lowercase).eq(word.bytes()) } else { lower(text) == word }
}

/// Lines as a text file yields them with universal newlines: ended by `\n`, `\r\n` or `\r`, the end not included.
pub fn universal_lines(text: &[u8]) -> Vec<&BStr> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(end) = rest.find_byteset(b"\r\n") else {
            lines.push(rest.as_bstr());
            break;
        };
        lines.push(rest[..end].as_bstr());
        let width = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = &rest[end + width..];
    }
    lines
}

/// `str.splitlines()`: also at VT, FF, FS, GS, RS, NEL, LS and PS.
pub fn split_lines(text: &[u8]) -> Vec<&BStr> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut chars = text.as_bstr().char_indices().peekable();
    while let Some((at, mut end, c)) = chars.next() {
        if !matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            continue;
        }
        if c == '\r' && matches!(chars.peek(), Some((_, _, '\n'))) {
            end = chars.next().map_or(end, |(_, end, _)| end);
        }
        lines.push(text[start..at].as_bstr());
        start = end;
    }
    if start < text.len() {
        lines.push(text[start..].as_bstr());
    }
    lines
}

/// What `bytes.decode("utf-8")` says of the first bad byte, as in a `UnicodeDecodeError`; none where all is well.
pub fn utf8_error(text: &[u8]) -> Option<String> {
    let error = std::str::from_utf8(text).err()?;
    let at = error.valid_up_to();
    let bad = &text[at..];
    let (length, reason) = match error.error_len() {
        None => (bad.len(), "unexpected end of data"),
        Some(length) => {
            let starts = matches!(bad[0], 0xC2..=0xF4);
            (length, if starts { "invalid continuation byte" } else { "invalid start byte" })
        }
    };
    Some(if length == 1 {
        format!("'utf-8' codec can't decode byte 0x{:02x} in position {at}: {reason}", bad[0])
    } else {
        format!("'utf-8' codec can't decode bytes in position {at}-{}: {reason}", at + length - 1)
    })
}

/// How much a text file decodes at a time (`_CHUNK_SIZE` of `io.TextIOWrapper`).
const CHUNK: usize = 8192;

/// The same for a file that is decoded piece by piece: positions count from the piece's beginning, what the piece
/// before left over included, and an incomplete end is found when nothing else is left.
pub fn utf8_file_error(content: &[u8]) -> Option<String> {
    let mut left = 0;
    for (index, chunk) in content.chunks(CHUNK).enumerate() {
        let start = index * CHUNK;
        let piece = &content[start - left..start + chunk.len()];
        match std::str::from_utf8(piece) {
            Ok(_) => left = 0,
            Err(error) if error.error_len().is_none() => left = piece.len() - error.valid_up_to(),
            Err(_) => return utf8_error(piece),
        }
    }
    utf8_error(&content[content.len() - left..])
}

/// The whole lines that a reader of a text file gets before it meets the bytes that are not UTF-8.
pub fn decoded_lines(content: &[u8]) -> &[u8] {
    let valid = match std::str::from_utf8(content) {
        Ok(_) => return content,
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(error) => error.valid_up_to() / CHUNK * CHUNK,
    };
    let lines = &content[..valid];
    &lines[..lines.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1)]
}

/// A unit of text that was decoded with `surrogateescape`: a letter, or a byte that is none.
pub enum Unit {
    /// A letter.
    Letter(char),
    /// A byte that is no UTF-8, and stands as a surrogate from U+DC80 to U+DCFF.
    Byte(u8),
}

impl Unit {
    /// The code point that Python holds.
    pub fn code(&self) -> u32 {
        match self {
            Self::Letter(letter) => u32::from(*letter),
            Self::Byte(byte) => 0xDC00 + u32::from(*byte),
        }
    }
}

/// The encoding by which Python decodes what comes from the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, nearly always.
    #[default]
    Utf8,
    /// ASCII: every other byte is a surrogate.
    Ascii,
}

/// Text unit by unit.
pub fn units(text: &[u8], charset: Charset) -> impl Iterator<Item = Unit> {
    let (text, bytes) = if charset == Charset::Ascii { (&text[..0], text) } else { (text, &text[..0]) };
    let unit = |byte: &u8| if byte.is_ascii() { Unit::Letter(char::from(*byte)) } else { Unit::Byte(*byte) };
    utf8_units(text).chain(bytes.iter().map(unit))
}

fn utf8_units(text: &[u8]) -> impl Iterator<Item = Unit> {
    text.utf8_chunks().flat_map(|chunk| {
        let letters: Vec<Unit> = chunk.valid().chars().map(Unit::Letter).collect();
        letters.into_iter().chain(chunk.invalid().iter().copied().map(Unit::Byte))
    })
}

fn push_letter(into: &mut BString, letter: char) {
    into.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A character by its number.
fn number(code: u32) -> String {
    match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x10000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Text as Python prints it on standard error, whose error handler is `backslashreplace`.
pub fn printed(text: &[u8], charset: Charset) -> BString {
    let mut shown = BString::default();
    for unit in units(text, charset) {
        match unit {
            Unit::Letter(letter) => push_letter(&mut shown, letter),
            Unit::Byte(_) => shown.extend_from_slice(number(unit.code()).as_bytes()),
        }
    }
    shown
}

/// `init_dump_ascii_wstr` of `Python/initconfig.c`: quoted always in `'`, everything but ASCII as numbers.
pub fn dump(text: &[u8], charset: Charset) -> BString {
    let mut shown = BString::from("'");
    for unit in units(text, charset) {
        match unit.code() {
            0x27 => shown.extend_from_slice(b"\\'"),
            code @ 0x20..0x7f => shown.extend(u8::try_from(code)),
            code => shown.extend_from_slice(number(code).as_bytes()),
        }
    }
    shown.push(b'\'');
    shown
}

/// `repr()` of a string, as messages show it.
pub fn repr(text: &[u8], charset: Charset) -> BString {
    quoted(text, charset, push_letter)
}

/// `ascii()` of a string, as the dump of the path configuration shows `sys.path`.
pub fn ascii(text: &[u8], charset: Charset) -> BString {
    quoted(text, charset, |into, letter| into.extend_from_slice(number(u32::from(letter)).as_bytes()))
}

/// Quotes and escapes a string; `beyond` shows a letter beyond ASCII.
fn quoted(text: &[u8], charset: Charset, beyond: impl Fn(&mut BString, char)) -> BString {
    let quote = if text.contains(&b'\'') && !text.contains(&b'"') { '"' } else { '\'' };
    let mut shown = BString::default();
    push_letter(&mut shown, quote);
    for unit in units(text, charset) {
        match unit {
            Unit::Letter('\n') => shown.extend_from_slice(b"\\n"),
            Unit::Letter('\r') => shown.extend_from_slice(b"\\r"),
            Unit::Letter('\t') => shown.extend_from_slice(b"\\t"),
            Unit::Letter('\\') => shown.extend_from_slice(b"\\\\"),
            Unit::Letter(letter) if letter == quote => {
                shown.push(b'\\');
                push_letter(&mut shown, letter);
            }
            Unit::Letter(letter) if !letter.is_control() && letter.is_ascii() => push_letter(&mut shown, letter),
            Unit::Letter(letter) if !letter.is_control() => beyond(&mut shown, letter),
            _ => shown.extend_from_slice(number(unit.code()).as_bytes()),
        }
    }
    push_letter(&mut shown, quote);
    shown
}

/// A text that `repr()` may have written, or that was only put between quotes; any other as it is.
///
/// `repr()` takes double quotes where the text has single ones, and no others.
pub fn unquoted(text: &[u8]) -> BString {
    let inner = |quote: &[u8]| text.strip_prefix(quote)?.strip_suffix(quote);
    match (inner(b"'"), inner(b"\"")) {
        (Some(inner), _) => unescaped(inner),
        (_, Some(inner)) if inner.contains(&b'\'') => unescaped(inner),
        (_, Some(inner)) => inner.into(),
        _ => text.into(),
    }
}

/// Undoes the escapes that `repr()` writes; what is none stays.
fn unescaped(text: &[u8]) -> BString {
    let mut value = BString::default();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escape = if byte == b'\\' { after.split_first() } else { None };
        let Some((&kind, after)) = escape else {
            value.push(byte);
            continue;
        };
        let digits = match kind {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let code = after.get(..digits).and_then(|digits| u32::from_str_radix(digits.to_str().ok()?, 16).ok());
        let letter = match kind {
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'\\' | b'\'' | b'"' => Some(char::from(kind)),
            _ => code.and_then(char::from_u32),
        };
        match letter {
            Some(letter) => {
                push_letter(&mut value, letter);
                rest = after.get(digits..).unwrap_or_default();
            }
            None => value.push(byte),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repr_writes_is_undone() {
        for text in ["app", "", "it's", "it's \"me\"", "a\\b", "line\nend\r\t", "é \u{7f}\u{202e}", "𝜋"] {
            assert_eq!(unquoted(&repr(text.as_bytes(), Charset::Utf8)), text, "{text:?}");
            assert_eq!(unquoted(&ascii(text.as_bytes(), Charset::Utf8)), text, "{text:?}");
        }
        // virtualenv puts quotes around it, and uv nothing.
        assert_eq!(unquoted(br#""a\b""#), r"a\b");
        for raw in ["app", "'", "\"", "it's", "'a\"", r"C:\new", r"'\q'"] {
            let expected = if raw == r"'\q'" { r"\q" } else { raw };
            assert_eq!(unquoted(raw.as_bytes()), expected, "{raw}");
        }
    }

    #[test]
    fn blanks_are_those_of_python() {
        assert_eq!(strip(b" \t\x1f\xc2\x85 home \xe3\x80\x80\r\n"), "home");
        assert_eq!(strip(b"\xff "), b"\xff".as_bstr());
        assert_eq!(strip(b"  "), "");
    }

    #[test]
    fn lines_end_where_python_ends_them() {
        assert_eq!(universal_lines(b"a\rb\r\nc\n\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(universal_lines(b"a\x0bb\n"), ["a\u{b}b"]);
        assert_eq!(split_lines("a\u{b}b\u{85}c\r\nd\u{2028}e\x1ff\n".as_bytes()), ["a", "b", "c", "d", "e\u{1f}f"]);
        assert_eq!(split_lines(b""), Vec::<&str>::new());
    }

    #[test]
    fn decoding_errors_read_as_in_python() {
        assert_eq!(utf8_error(b"abc"), None);
        let said = |text: &[u8]| utf8_error(text).unwrap();
        assert_eq!(said(b"ab\xff"), "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
        assert_eq!(said(b"\xe4h"), "'utf-8' codec can't decode byte 0xe4 in position 0: invalid continuation byte");
        assert_eq!(utf8_file_error(b"abc\xe2\x82").unwrap(), said(b"\xe2\x82"));
        assert_eq!(utf8_file_error(&[&[b'a'; 8191], "é".as_bytes(), &[0xff]].concat()).unwrap(), said(b"\xc3\xa9\xff"));
        assert_eq!(said(b"\xe2\x82"), "'utf-8' codec can't decode bytes in position 0-1: unexpected end of data");
    }

    #[test]
    fn text_is_shown_as_python_shows_it() {
        let text = "a'\n\x1b\\é€𝜋".as_bytes();
        assert_eq!(repr(text, Charset::Utf8), "\"a'\\n\\x1b\\\\é€𝜋\"");
        assert_eq!(ascii(text, Charset::Utf8), "\"a'\\n\\x1b\\\\\\xe9\\u20ac\\U0001d70b\"");
        assert_eq!(dump(text, Charset::Utf8), "'a\\'\\x0a\\x1b\\\\xe9\\u20ac\\U0001d70b'");
        assert_eq!(printed(b"caf\xe9", Charset::Utf8), "caf\\udce9");
        assert_eq!(repr("é".as_bytes(), Charset::Ascii), "'\\udcc3\\udca9'");
        assert_eq!(repr(b"caf\xe9", Charset::Utf8), "'caf\\udce9'");
    }
}
