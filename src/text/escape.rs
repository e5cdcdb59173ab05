//! Text from the disk, made harmless to a terminal.

use std::fmt::Write;

use bstr::BStr;

/// Whether a terminal would obey this character, hide it or reorder its neighbors, instead of showing it.
///
/// The control characters, the line separators and the format characters (general categories Cc, Zl, Zp and Cf)
/// of Unicode.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// `text` on one line, with everything that a terminal would not simply show written as `\xNN` or `\u{NNNN}`.
pub fn escape(text: &BStr) -> String {
    match str::from_utf8(text) {
        Ok(plain) if plain.bytes().all(|byte| matches!(byte, b' '..=b'~')) => plain.to_owned(),
        _ => escape_each(text),
    }
}

/// The same for text that is not printable ASCII throughout, as nearly all is.
fn escape_each(text: &BStr) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                c if !is_unsafe(c) => shown.push(c),
                '\n' => shown.push_str("\\n"),
                '\t' => shown.push_str("\\t"),
                '\r' => shown.push_str("\\r"),
                c if c.is_ascii() => push_byte(&mut shown, c as u8),
                c => write!(shown, "\\u{{{:x}}}", c as u32).unwrap_or_default(),
            }
        }
        push_invalid(&mut shown, chunk.invalid());
    }
    shown
}

/// `text` with only the bytes that are no UTF-8 escaped, for JSON, which has its own way with control characters.
pub fn escape_invalid(text: &BStr) -> String {
    let mut shown = String::with_capacity(text.len() + 3);
    for chunk in text.utf8_chunks() {
        shown.push_str(chunk.valid());
        push_invalid(&mut shown, chunk.invalid());
    }
    shown
}

fn push_invalid(shown: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        push_byte(shown, byte);
    }
}

fn push_byte(shown: &mut String, byte: u8) {
    // Writing to a string cannot fail.
    write!(shown, "\\x{byte:02x}").unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use bstr::ByteSlice;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_names_are_shown_not_obeyed() {
        let cases: [(&[u8], &str); 6] = [
            (b"plain/path", "plain/path"),
            ("größe/路径".as_bytes(), "größe/路径"),
            (b"\x1b[31mred", "\\x1b[31mred"),
            ("evil\u{202e}txt".as_bytes(), "evil\\u{202e}txt"),
            (b"\xff\xfe", "\\xff\\xfe"),
            (b"two\nlines\tand\x7f", "two\\nlines\\tand\\x7f"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(escape(bytes.as_bstr()), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(bytes in proptest::collection::vec(any::<u8>(), 0..64), text in "\\PC*|\\p{C}*") {
            for input in [bytes.as_bstr(), text.as_bytes().as_bstr()] {
                let shown = escape(input);
                prop_assert!(!shown.chars().any(is_unsafe), "{shown:?}");
                prop_assert_eq!(shown, escape_each(input));
            }
        }
    }
}
