//! How Windows reads bytes as UTF-8 where some are not.

use bstr::{BString, ByteSlice, ByteVec};

/// `MultiByteToWideChar` of a C string: U+FFFD takes the place of what is not UTF-8.
///
/// It stands for the bytes that could begin a letter, up to the one that shows that they do not: that of a surrogate or of
/// an overlong form is counted to them. A letter that the end of the string cuts off is lost with all that follows.
pub fn from_utf8(text: &[u8]) -> BString {
    let mut read = BString::default();
    let mut rest = text;
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(_) => rest.len(),
            Err(error) => error.valid_up_to(),
        };
        read.push_str(&rest[..valid]);
        rest = &rest[valid..];
        if !rest.is_empty() {
            read.push_char(char::REPLACEMENT_CHARACTER);
            rest = &rest[length_of_error(rest).min(rest.len())..];
        }
    }
    read
}

/// How many bytes one U+FFFD stands for.
fn length_of_error(text: &[u8]) -> usize {
    let more = match text[0] {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xF4 => 3,
        _ => return 1,
    };
    // The NUL at the end is a byte like any other.
    if text.len() < more {
        return text.len();
    }
    let follows = |at: usize| text.get(at).is_some_and(|byte| (0x80..0xC0).contains(byte));
    let begins = match text {
        // What is too large, or cannot be a letter of four bytes, is seen at the second byte.
        [0xF0, second, ..] if *second < 0x90 => false,
        [0xF4, second, ..] if *second >= 0x90 => false,
        [0xE0, second, ..] if *second < 0xA0 => false,
        [0xED, second, ..] if *second >= 0xA0 => false,
        _ => follows(1),
    };
    match (follows(1), begins) {
        (false, _) => 1,
        (true, false) => 2,
        (true, true) if more == 3 && follows(2) => 3,
        (true, true) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_replaced_as_windows_replaces_them() {
        for (text, read) in [
            (&b"b\xe4d\xff"[..], "b\u{fffd}d\u{fffd}"),
            (b"x\xed\xa0\x80", "x\u{fffd}\u{fffd}"),
            (b"\xe0\x80\x80-", "\u{fffd}\u{fffd}-"),
            (b"\xf0\x80\x80\x80-", "\u{fffd}\u{fffd}\u{fffd}-"),
            (b"\xc0\x80", "\u{fffd}\u{fffd}"),
            (b"\xff\xfel", "\u{fffd}\u{fffd}l"),
            ("\u{fc}\u{20ac}".as_bytes(), "\u{fc}\u{20ac}"),
            (b"\xe2\x82-", "\u{fffd}-"),
            (b"a\xe4", "a\u{fffd}"),
            (b"", ""),
        ] {
            assert_eq!(from_utf8(text), read, "{}", text.as_bstr());
        }
    }
}
