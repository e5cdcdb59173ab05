//! Real paths, taken apart by themselves: those of Unix begin with a slash, and those of Windows never.

use bstr::{BStr, BString, ByteSlice};

/// What separates the names of a real path.
pub(super) fn separator(path: &[u8]) -> u8 {
    if path.starts_with(b"/") { b'/' } else { b'\\' }
}

/// A name in a directory.
pub(super) fn join(dir: &[u8], name: &[u8]) -> BString {
    let separator = separator(dir);
    [dir.trim_end_with(|c| c == char::from(separator)), &[separator], name].concat().into()
}

/// The directory of a real path.
pub(super) fn parent(path: &BString) -> BString {
    let separator = separator(path);
    let end = path.rfind_byte(separator).unwrap_or(0);
    // The root of a drive keeps its separator.
    let root = if separator == b'/' { 1 } else { 3 };
    path[..end.max(root).min(path.len())].into()
}

/// What is left of a path below a directory, without the separator in front; empty for the directory itself.
pub(super) fn below<'p>(path: &'p BStr, dir: &BStr) -> Option<&'p BStr> {
    let separator = separator(path);
    let rest = path.strip_prefix(dir.trim_end_with(|c| c == char::from(separator)))?;
    if rest.is_empty() {
        return Some(rest.as_bstr());
    }
    Some(rest.strip_prefix(&[separator])?.as_bstr())
}

/// Whether a real path is below another one, or is it.
pub(super) fn is_below(path: &BStr, dir: &BStr) -> bool {
    below(path, dir).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_a_parent() {
        let of = |path: &str| parent(&path.into()).to_string();
        assert_eq!([of("/a/b"), of("/a"), of(r"C:\a\b"), of(r"C:\a")], ["/a", "/", r"C:\a", r"C:\"]);
    }

    #[test]
    fn what_is_below_a_directory_is_known_on_both_systems() {
        for (path, dir, rest) in [
            ("/a/b", "/a", Some("b")),
            ("/a", "/a", Some("")),
            ("/ab", "/a", None),
            ("/a", "/", Some("a")),
            (r"C:\a\b", r"C:\a", Some("b")),
            (r"C:\a", r"C:\", Some("a")),
            (r"C:\ab", r"C:\a", None),
        ] {
            assert_eq!(below(path.into(), dir.into()), rest.map(BStr::new), "{path} {dir}");
        }
        assert_eq!([join(b"/a", b"b"), join(br"C:\", b"b")], ["/a/b", r"C:\b"]);
    }
}
