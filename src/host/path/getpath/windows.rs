//! `_Py_isabs`, `_Py_normpath` and `join_relfile` on Windows.
//!
//! The first and the last rest on `PathCchSkipRoot` and `PathCchCombineEx`, which know `\` alone: `/` is turned into
//! it by the normalization that follows.

use bstr::{BStr, BString, ByteSlice};

use super::super::segments::{fold, unite};

const SEPARATOR: u8 = b'\\';

/// A root as `PathCchSkipRoot` sees it, unless it is a bare `\` or a drive without one.
pub(super) fn is_absolute(path: &BStr) -> bool {
    match path.as_bytes() {
        [b'\\', b'\\', ..] => true,
        [letter, b':', b'\\', ..] => letter.is_ascii_alphabetic(),
        _ => false,
    }
}

/// How far the root reaches, and whether a separator ends it.
fn root(path: &[u8]) -> (usize, bool) {
    match path {
        [_, b':', rest @ ..] => {
            let rooted = rest.first() == Some(&SEPARATOR);
            (2 + usize::from(rooted), rooted)
        }
        [SEPARATOR, SEPARATOR, rest @ ..] => {
            // The server and the share, or `?` and the device: all up to the second separator is kept as it is.
            let end = rest.iter().enumerate().filter(|(_, byte)| **byte == SEPARATOR).nth(1);
            end.map_or((path.len(), false), |(end, _)| (2 + end + 1, true))
        }
        [SEPARATOR, ..] => (1, true),
        _ => (0, false),
    }
}

/// `_Py_normpath`.
pub(super) fn normpath(path: &BStr) -> BString {
    canonicalize(path.replace("/", r"\").as_bstr())
}

/// `PathCchCanonicalizeEx`, which leaves `/` alone.
pub(in crate::host::path) fn canonicalize(path: &BStr) -> BString {
    let (end, rooted) = root(path);
    let mut rest = path[end..].split(|&byte| byte == SEPARATOR);
    let mut names = Vec::new();
    // A `.` counts as the current directory only behind a separator or in front of the whole path, so that of `C:.\x`
    // and a lone one stay.
    if !rooted && path[end..].starts_with(b".") && (end > 0 || path.len() == 1) {
        names.extend(rest.next());
    }
    fold(&mut names, rest, rooted);
    unite(&path[..end], &names, SEPARATOR)
}

/// `PathCchCombineEx`, as far as [`normpath`] does not repeat it: paths below `MAX_PATH` lose a `\\?\` in front, and
/// a drive alone becomes its root.
pub(in crate::host::path) fn combine(directory: &BStr, path: &BStr) -> BString {
    let combined = match path.as_bytes() {
        b"" => directory.to_owned(),
        [b'\\', b'\\', ..] | [_, b':', ..] => path.to_owned(),
        [b'\\', rest @ ..] => {
            let (end, _) = root(directory);
            separated(&directory[..end], rest)
        }
        _ => separated(directory, path),
    };
    without_literal_prefix(combined)
}

fn separated(directory: &[u8], path: &[u8]) -> BString {
    let mut joined = directory.to_owned();
    if joined.last().is_some_and(|&last| last != SEPARATOR) {
        joined.push(SEPARATOR);
    }
    joined.extend_from_slice(path);
    joined.into()
}

fn without_literal_prefix(path: BString) -> BString {
    const SHARE: &[u8] = br"UNC\";
    let rest = path.strip_prefix(br"\\?\".as_slice()).unwrap_or(&path);
    let literal = rest.len() < path.len();
    match rest {
        [_, b':'] => [rest, br"\"].concat().into(),
        [_, b':', ..] => rest.into(),
        _ if literal && rest.len() >= SHARE.len() && rest[..SHARE.len()].eq_ignore_ascii_case(SHARE) => {
            [br"\\", &rest[SHARE.len()..]].concat().into()
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_absolute_with_drive_and_root() {
        let absolute = |path: &str| is_absolute(BStr::new(path));
        assert!(absolute(r"C:\v") && absolute(r"\\server\share") && absolute(r"\\?\C:\v"));
        assert!(!absolute("C:v") && !absolute(r"\v") && !absolute("v") && !absolute("C:/v"));
    }

    #[test]
    fn normpath_keeps_what_identifies_the_volume() {
        let normpath = |path: &str| normpath(BStr::new(path)).to_string();
        assert_eq!(normpath("C:/v/../u/"), r"C:\u");
        assert_eq!(normpath(r"C:\..\x"), r"C:\x");
        assert_eq!(normpath("C:"), "C:");
        assert_eq!(normpath(r"C:.\x"), r"C:.\x");
        assert_eq!(normpath(r"C:x\..\y"), "C:y");
        assert_eq!(normpath(r"\\server\share\..\x"), r"\\server\share\x");
        assert_eq!(normpath(r"\\server\share"), r"\\server\share");
        assert_eq!(normpath(r".\x"), "x");
        assert_eq!(normpath("."), ".");
        assert_eq!(normpath(r"x\.."), "");
    }

    #[test]
    fn combine_finds_the_root_of_the_directory() {
        let combine = |directory: &str, path: &str| combine(BStr::new(directory), BStr::new(path)).to_string();
        assert_eq!(combine(r"C:\v", "Lib"), r"C:\v\Lib");
        assert_eq!(combine(r"C:\v", r"\Lib"), r"C:\Lib");
        assert_eq!(combine(r"C:\v", "D:x"), "D:x");
        assert_eq!(combine(r"\\server\share\v", r"\Lib"), r"\\server\share\Lib");
        assert_eq!(combine(r"C:\v", ""), r"C:\v");
        assert_eq!(combine(r"C:a\b", r"\1"), r"C:\1");
        assert_eq!(combine("C:", "a"), r"C:\a");
        assert_eq!(combine(r"X:\", "C:"), r"C:\");
    }

    #[test]
    fn combine_drops_the_literal_prefix() {
        let combine = |directory: &str, path: &str| combine(BStr::new(directory), BStr::new(path)).to_string();
        assert_eq!(combine(r"\\?\C:\", "a"), r"C:\a");
        assert_eq!(combine(r"X:\", r"\\?\C:"), r"C:\");
        assert_eq!(combine(r"\\?\UNC\server\share", "a"), r"\\server\share\a");
        assert_eq!(combine(r"X:\", r"\\?\UNC"), r"\\?\UNC");
        assert_eq!(combine(r"\\?\Volume{1}\", "a"), r"\\?\Volume{1}\a");
    }
}
