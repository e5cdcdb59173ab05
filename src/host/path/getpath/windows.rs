//! `_Py_isabs`, `_Py_normpath` and `join_relfile` on Windows.
//!
//! The first and the last rest on `PathCchSkipRoot` and `PathCchCombineEx`, which know `\` alone: `/` is turned into
//! it by the normalization that follows. What the functions of the system answer is that of Wine, whose tests hold it
//! against Windows.

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

/// `_Py_normpath`: unites several separators and keeps a leading `..`.
pub(super) fn normpath(path: &BStr) -> BString {
    let path = path.replace("/", r"\");
    let (end, rooted) = root(&path);
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

/// `PathCchCanonicalizeEx`: knows `\` alone, keeps several separators, drops a leading `..` and dots at the end, and
/// makes a root of what is left of a path such as `C:x\..`.
pub(in crate::host::path) fn canonicalize(path: &BStr) -> BString {
    let (mut out, mut rest) = shown_root(path);
    let mut root = out.len();
    while let Some(&byte) = rest.first() {
        let dots = rest.iter().take_while(|&&byte| byte == b'.').take(2).count();
        let is_whole =
            rest.get(dots).is_none_or(|&next| next == SEPARATOR) && out.last().is_none_or(|&last| last == SEPARATOR);
        if dots == 0 || !is_whole {
            let kept = dots.max(1);
            out.extend_from_slice(&rest[..kept]);
            rest = &rest[kept..];
            continue;
        }
        debug_assert_eq!(byte, b'.');
        rest = &rest[dots..];
        if out.len() > root {
            out.pop();
            if dots == 2 {
                let kept = out.iter().rposition(|&byte| byte == SEPARATOR).unwrap_or(0);
                out.truncate(kept);
            }
        } else {
            rest = without_separator(rest);
        }
        if is_drive(&out) && out.get(2) != Some(&SEPARATOR) {
            out.truncate(2);
            out.push(SEPARATOR);
            root = out.len();
            rest = without_separator(rest);
        }
    }
    let kept = out.iter().rposition(|&byte| byte != b'.').map_or(0, |last| last + 1);
    out.truncate(kept);
    if out.is_empty() || out.len() == 2 && is_drive(&out) {
        out.push(SEPARATOR);
    }
    out.into()
}

/// The root as `PathCchCanonicalizeEx` writes it, without `\\?\`, and what follows.
fn shown_root(path: &[u8]) -> (Vec<u8>, &[u8]) {
    const SHARE: &[u8] = br"\\?\UNC\";
    const LITERAL: &[u8] = br"\\?\";
    if path.len() >= SHARE.len() && path[..SHARE.len()].eq_ignore_ascii_case(SHARE) {
        return (br"\\".to_vec(), &path[SHARE.len()..]);
    }
    match path.strip_prefix(LITERAL) {
        Some(rest) if is_drive(rest) => ([&rest[..2], br"\"].concat(), without_separator(&rest[2..])),
        Some(_) => (Vec::new(), path),
        None => {
            let end = match path {
                [SEPARATOR, SEPARATOR, ..] => 2,
                [SEPARATOR, ..] => 1,
                [_, _, rest @ ..] if is_drive(path) => 2 + usize::from(rest.first() == Some(&SEPARATOR)),
                _ => 0,
            };
            (path[..end].to_vec(), &path[end..])
        }
    }
}

fn is_drive(path: &[u8]) -> bool {
    matches!(path, [letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn without_separator(path: &[u8]) -> &[u8] {
    path.strip_prefix(&[SEPARATOR]).unwrap_or(path)
}

/// `PathCchCombineEx`.
pub(in crate::host::path) fn combine(directory: &BStr, path: &BStr) -> BString {
    match path.as_bytes() {
        b"" if directory.len() == 2 && is_drive(directory) => directory.to_owned(),
        b"" => canonicalize(directory),
        [SEPARATOR, SEPARATOR, ..] | [_, b':', ..] => canonicalize(path),
        [SEPARATOR, rest @ ..] => {
            let (end, _) = root(directory);
            canonicalize(separated(&directory[..end], rest).as_bstr())
        }
        _ => canonicalize(separated(directory, path).as_bstr()),
    }
}

fn separated(directory: &[u8], path: &[u8]) -> BString {
    let mut joined = directory.to_owned();
    if joined.last().is_some_and(|&last| last != SEPARATOR) {
        joined.push(SEPARATOR);
    }
    joined.extend_from_slice(path);
    joined.into()
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
        assert_eq!(combine("C:", ""), "C:");
        assert_eq!(combine(r"C:\v\\", r"lib\os.py"), r"C:\v\\lib\os.py");
        assert_eq!(combine(r"C:\v\\", r"..\x"), r"C:\v\x");
        assert_eq!(combine("C:/v", r"..\x"), r"\x");
        assert_eq!(combine(r"\v", "Lib"), r"\v\Lib");
    }

    #[test]
    fn combine_drops_leading_parents() {
        let combine = |directory: &str, path: &str| combine(BStr::new(directory), BStr::new(path)).to_string();
        assert_eq!(combine(r"..\v", "Lib"), r"v\Lib");
        assert_eq!(combine(r"..\..\v", "Lib"), r"v\Lib");
        assert_eq!(combine(r"..\v", r"..\x"), r"\x");
        assert_eq!(combine("..", "Lib"), "Lib");
        assert_eq!(combine(".", "Lib"), "Lib");
        assert_eq!(combine("..", ""), r"\");
        assert_eq!(combine(r"v\..", "Lib"), r"\Lib");
        assert_eq!(combine("C:v", ".."), r"\");
        assert_eq!(combine("C:v", "."), r"C:\");
        assert_eq!(combine(r"C:\v", "x..."), r"C:\v\x");
    }

    #[test]
    fn combine_drops_the_literal_prefix() {
        let combine = |directory: &str, path: &str| combine(BStr::new(directory), BStr::new(path)).to_string();
        assert_eq!(combine(r"\\?\C:\", "a"), r"C:\a");
        assert_eq!(combine(r"X:\", r"\\?\C:"), r"C:\");
        assert_eq!(combine(r"\\?\UNC\server\share", "a"), r"\\server\share\a");
        assert_eq!(combine(r"X:\", r"\\?\UNC"), r"\\?\UNC");
        assert_eq!(combine(r"X:\", r"\\?\C:x"), r"C:\x");
        assert_eq!(combine(r"\\?\Volume{1}\", "a"), r"\\?\Volume{1}\a");
    }
}
