//! Texts of the operating system, such as paths, arguments and variables, as bytes and back, without loss.
//!
//! On Unix they are bytes. On Windows they are UTF-16 in which a surrogate may be alone: as bytes, they are UTF-8 in which
//! such a surrogate has three bytes of its own (WTF-8), as Python encodes paths there.

#[cfg(unix)]
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
#[cfg(unix)]
use std::os::unix::ffi::OsStringExt;

use bstr::BString;

#[cfg(unix)]
pub use std::os::unix::ffi::OsStrExt;

/// The bytes of a text.
#[cfg(not(unix))]
pub trait OsStrExt {
    /// The text as bytes.
    fn as_bytes(&self) -> &[u8];
}

#[cfg(not(unix))]
impl OsStrExt for OsStr {
    fn as_bytes(&self) -> &[u8] {
        // The standard library keeps texts of Windows as WTF-8; a test holds that.
        self.as_encoded_bytes()
    }
}

/// The bytes of a text that is no longer needed.
pub fn into_bytes(text: OsString) -> BString {
    #[cfg(unix)]
    return text.into_vec().into();
    #[cfg(not(unix))]
    return text.into_encoded_bytes().into();
}

/// The text of some bytes.
///
/// Bytes that are no text of Windows become surrogates, as `surrogateescape` of Python makes them: so they name no other file.
#[cfg(unix)]
pub fn text(bytes: &[u8]) -> Cow<'_, OsStr> {
    OsStr::from_bytes(bytes).into()
}

/// The same on Windows.
#[cfg(windows)]
pub fn text(bytes: &[u8]) -> std::borrow::Cow<'_, OsStr> {
    use std::os::windows::ffi::OsStringExt;
    match str::from_utf8(bytes) {
        Ok(text) => OsStr::new(text).into(),
        Err(_) => OsString::from_wide(&units(bytes)).into(),
    }
}

/// The UTF-16 of bytes that are nearly UTF-8.
#[cfg(any(windows, test))]
pub(super) fn units(bytes: &[u8]) -> Vec<u16> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let (text, after) = match str::from_utf8(rest) {
            Ok(text) => (text, &[][..]),
            Err(error) => {
                let (valid, after) = rest.split_at(error.valid_up_to());
                (str::from_utf8(valid).unwrap_or_default(), after)
            }
        };
        units.extend(text.encode_utf16());
        rest = match *after {
            [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => {
                units.push(0xd000 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f));
                &after[3..]
            }
            [byte, ..] => {
                units.push(0xdc00 | u16::from(byte));
                &after[1..]
            }
            [] => after,
        };
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_kept_and_odd_bytes_become_some() {
        assert_eq!(units("a\u{e9}\u{1f40d}".as_bytes()), [0x61, 0xe9, 0xd83d, 0xdc0d]);
        assert_eq!(units(b"x\xed\xa0\x80y\xed\xbf\xbf"), [0x78, 0xd800, 0x79, 0xdfff]);
        assert_eq!(units(b"\xe9t\xed"), [0xdce9, 0x74, 0xdced]);
    }

    #[cfg(windows)]
    #[test]
    fn texts_of_windows_come_back() {
        use std::os::windows::ffi::{OsStrExt, OsStringExt};
        for wide in [&[0x61, 0xe9, 0xd83d, 0xdc0d][..], &[0xd800, 0x61], &[0xdc00, 0xd800]] {
            let given = OsString::from_wide(wide);
            let bytes = into_bytes(given.clone());
            assert_eq!(units(&bytes), wide);
            let back: Vec<u16> = text(&bytes).encode_wide().collect();
            assert_eq!(back, wide);
        }
    }
}
