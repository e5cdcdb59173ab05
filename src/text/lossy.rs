//! How Windows reads bytes as UTF-8 where some are not.

use bstr::{BString, ByteVec};

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
    // A surrogate, an overlong form and what is too large show at the second byte.
    let is_wrong = match text {
        [0xF0, second, ..] => *second < 0x90,
        [0xF4, second, ..] => *second >= 0x90,
        [0xE0, second, ..] => *second < 0xA0,
        [0xED, second, ..] => *second >= 0xA0,
        _ => false,
    };
    1 + usize::from(follows(1)) + usize::from(follows(1) && !is_wrong && more == 3 && follows(2))
}

#[cfg(test)]
mod tests {
    use bstr::ByteSlice;

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
