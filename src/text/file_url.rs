//! Paths as `file:` URLs: a few plain ASCII characters for any bytes, which every shell, terminal and clipboard leaves alone.

use bstr::{BStr, BString};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

const SCHEME: &[u8] = b"file://";
/// What is encoded: all that might mean something to a shell.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-');

/// The URL of an absolute path.
pub fn of_path(path: &BStr) -> BString {
    let encoded = percent_encode(path, ENCODED).to_string();
    bstr::concat([SCHEME, encoded.as_bytes()]).into()
}

/// The path of a URL that names a file of this machine; none where the text is no such URL.
#[cfg(any(test, feature = "cli"))]
pub fn to_path(text: &BStr) -> Option<BString> {
    let rest = text.strip_prefix(SCHEME)?;
    let rest = rest.strip_prefix(b"localhost").unwrap_or(rest);
    rest.starts_with(b"/").then(|| percent_encoding::percent_decode(rest).collect::<Vec<u8>>().into())
}

#[cfg(test)]
mod tests {
    use bstr::ByteSlice;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_urls_of_this_machine_are_read() {
        assert_eq!(to_path("file:///a%20b/%ff".into()), Some(b"/a b/\xff".as_slice().into()));
        assert_eq!(to_path("file://localhost/a".into()), Some("/a".into()));
        for other in ["/a", "file:/a", "file://server/a", "file://", "https://x/a", ""] {
            assert_eq!(to_path(other.into()), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_path_comes_back(path in prop::collection::vec(any::<u8>(), 0..60)) {
            let path = [b"/".as_slice(), &path].concat();
            let url = of_path(path.as_bstr());
            prop_assert!(url.iter().all(|byte| byte.is_ascii_alphanumeric() || b":/._-%".contains(byte)));
            prop_assert_eq!(to_path(url.as_bstr()), Some(path.into()));
        }
    }
}
