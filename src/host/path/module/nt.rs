//! `Lib/ntpath.py`, by spelling alone.
//!
//! Windows itself answers `abspath` (`GetFullPathNameW`); what is left out here is what only it knows: the working
//! directories of other drives, device names, and the dots and blanks that it drops at the end of a name.
//!
//! Earlier releases differ where no ordinary path goes: up to 3.10 two separators in front were no drive where the
//! share was missing or empty, up to 3.11 `split` kept several separators behind a drive, and up to 3.12 a root
//! without a drive (`\x`) was absolute.

use bstr::{BStr, BString, ByteSlice};

use super::super::segments::{fold, unite};

const SEPARATOR: u8 = b'\\';

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'\\' | b'/')
}

/// The parts of a path, as `ntpath.splitroot` of 3.12 gives them.
#[derive(Clone, Copy)]
struct Parts<'p> {
    /// `C:`, `\\server\share`, `\\?\device` or nothing.
    drive: &'p [u8],
    /// One separator or nothing.
    root: &'p [u8],
    tail: &'p [u8],
}

impl<'p> Parts<'p> {
    fn of(path: &'p [u8]) -> Self {
        let drive = match path {
            [first, second, ..] if is_separator(*first) && is_separator(*second) => share_len(path),
            [first, ..] if is_separator(*first) => 0,
            _ => letter_len(path),
        };
        let root = drive + usize::from(path.get(drive).copied().is_some_and(is_separator));
        Self { drive: &path[..drive], root: &path[drive..root], tail: &path[root..] }
    }
}

/// Where the drive of a path ends, and where its root does.
pub(super) fn root(path: &BStr) -> (usize, usize) {
    let parts = Parts::of(path);
    (parts.drive.len(), parts.drive.len() + parts.root.len())
}

/// The length of `C:`. Any one character passes for a letter, as it does in `ntpath`.
fn letter_len(path: &[u8]) -> usize {
    let (letter, len) = bstr::decode_utf8(path);
    // Bytes that are no UTF-8 stand in a Python string as one surrogate each.
    let len = if letter.is_some() { len } else { 1 };
    if path.get(len) == Some(&b':') { len + 1 } else { 0 }
}

/// The length of `\\server\share`, `\\?\device` or `\\?\UNC\server\share`; all of an unfinished one.
fn share_len(path: &[u8]) -> usize {
    const LITERAL_SHARE: &[u8] = br"\\?\UNC\";
    let normal = |byte: &u8| if *byte == b'/' { SEPARATOR } else { byte.to_ascii_uppercase() };
    let literal = path.iter().take(LITERAL_SHARE.len()).map(normal).eq(LITERAL_SHARE.iter().copied());
    let next = |from: usize| Some(from + path.get(from..)?.iter().position(|&byte| is_separator(byte))?);
    let server = next(if literal { LITERAL_SHARE.len() } else { 2 });
    server.and_then(|end| next(end + 1)).unwrap_or(path.len())
}

/// A drive and a root, or two separators in front.
pub(super) fn is_absolute(path: &BStr) -> bool {
    let parts = Parts::of(path);
    let names_a_share = parts.drive.first().copied().is_some_and(is_separator);
    names_a_share || !parts.drive.is_empty() && !parts.root.is_empty()
}

pub(super) fn join(parts: &[&BStr]) -> BString {
    let Some((first, rest)) = parts.split_first() else { return BString::default() };
    let Parts { mut drive, mut root, tail } = Parts::of(first);
    let mut tail = tail.to_vec();
    for part in rest {
        let part = Parts::of(part);
        let other_drive = !part.drive.is_empty() && lower_case(part.drive) != lower_case(drive);
        if !part.drive.is_empty() {
            drive = part.drive;
        }
        if other_drive || !part.root.is_empty() {
            root = part.root;
            tail.clear();
        } else if tail.last().is_some_and(|&last| !is_separator(last)) {
            tail.push(SEPARATOR);
        }
        tail.extend_from_slice(part.tail);
    }
    let mut joined = drive.to_vec();
    let open = drive.last().is_some_and(|&last| last != b':' && !is_separator(last));
    if open && root.is_empty() && !tail.is_empty() {
        joined.push(SEPARATOR);
    }
    joined.extend_from_slice(root);
    joined.extend_from_slice(&tail);
    joined.into()
}

pub(super) fn split(path: &BStr) -> (&BStr, &BStr) {
    let parts = Parts::of(path);
    let above = path.len() - parts.tail.len();
    let cut = above + parts.tail.iter().rposition(|&byte| is_separator(byte)).map_or(0, |last| last + 1);
    let head = parts.tail[..cut - above].trim_end_with(|c| matches!(c, '\\' | '/'));
    (path[..above + head.len()].as_bstr(), path[cut..].as_bstr())
}

pub(super) fn normpath(path: &BStr) -> BString {
    let path = path.replace("/", r"\");
    let parts = Parts::of(&path);
    let mut names = Vec::new();
    fold(&mut names, parts.tail.split(|&byte| byte == SEPARATOR), !parts.root.is_empty());
    let normal = unite(&path[..path.len() - parts.tail.len()], &names, SEPARATOR);
    if normal.is_empty() { ".".into() } else { normal }
}

pub(super) fn abspath(cwd: Option<&BStr>, path: &BStr) -> BString {
    if is_absolute(path) {
        return normpath(path);
    }
    let Some(cwd) = cwd else { return path.to_owned() };
    let joined = join(&[cwd, path]);
    let parts = Parts::of(&joined);
    if parts.root.is_empty() && parts.drive.last() == Some(&b':') {
        // Another drive: its working directory is unknown and taken for its root.
        return normpath([parts.drive, br"\", parts.tail].concat().as_bstr());
    }
    normpath(joined.as_bstr())
}

/// `GetFullPathNameW`: the separator at the end of a directory stays.
pub(super) fn full_path(cwd: Option<&BStr>, path: &BStr) -> BString {
    let mut full = abspath(cwd, path);
    if path.last().copied().is_some_and(is_separator) && !full.ends_with(&[SEPARATOR]) {
        full.push(SEPARATOR);
    }
    full
}

/// `str.lower` of `ntpath` up to 3.10; `LCMapStringEx`, which 3.11 and later call, differs for a few letters whose
/// lower case is longer.
pub(super) fn normcase(path: &BStr) -> BString {
    lower_case(&path.replace("/", r"\")).into()
}

fn lower_case(text: &[u8]) -> Vec<u8> {
    let mut lower = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        lower.extend_from_slice(chunk.valid().to_lowercase().as_bytes());
        lower.extend_from_slice(chunk.invalid());
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(parts: &[&str]) -> BString {
        join(&parts.iter().map(|part| BStr::new(*part)).collect::<Vec<_>>())
    }

    #[test]
    fn join_respects_drives_and_roots() {
        assert_eq!(joined(&[r"C:\v", "Lib", "site-packages"]), r"C:\v\Lib\site-packages");
        assert_eq!(joined(&[r"C:\v", r"\Lib"]), r"C:\Lib");
        assert_eq!(joined(&[r"C:\v", r"c:Lib"]), r"c:\v\Lib");
        assert_eq!(joined(&[r"C:\v", r"D:Lib"]), r"D:Lib");
        assert_eq!(joined(&[r"C:\v", r"D:\Lib"]), r"D:\Lib");
        assert_eq!(joined(&[r"\\server\share", "Lib"]), r"\\server\share\Lib");
        assert_eq!(joined(&["C:", "Lib"]), "C:Lib");
        assert_eq!(joined(&[r"C:\v", ""]), r"C:\v\");
        assert_eq!(joined(&["C:/v", "Lib"]), r"C:/v\Lib");
    }

    #[test]
    fn split_never_enters_the_drive() {
        let split = |path: &'static str| split(BStr::new(path));
        assert_eq!(split(r"C:\v\Lib"), (BStr::new(r"C:\v"), BStr::new("Lib")));
        assert_eq!(split(r"C:\v"), (BStr::new(r"C:\"), BStr::new("v")));
        assert_eq!(split(r"C:\"), (BStr::new(r"C:\"), BStr::new("")));
        assert_eq!(split("C:v"), (BStr::new("C:"), BStr::new("v")));
        assert_eq!(split(r"\\server\share\v"), (BStr::new(r"\\server\share\"), BStr::new("v")));
        assert_eq!(split(r"\\server\share"), (BStr::new(r"\\server\share"), BStr::new("")));
        assert_eq!(split("v/bin//x"), (BStr::new("v/bin"), BStr::new("x")));
    }

    #[test]
    fn normpath_turns_every_separator() {
        let normpath = |path: &str| normpath(BStr::new(path)).to_string();
        assert_eq!(normpath("C:/v/../u/./x/"), r"C:\u\x");
        assert_eq!(normpath(r"C:\..\.."), r"C:\");
        assert_eq!(normpath(r"C:..\x"), r"C:..\x");
        assert_eq!(normpath(r"\\server\share\.."), r"\\server\share\");
        assert_eq!(normpath("//?/UNC/server/share/x/.."), r"\\?\UNC\server\share\");
        assert_eq!(normpath(""), ".");
    }

    #[test]
    fn abspath_completes_what_is_missing() {
        let abspath = |path: &str| abspath(Some(BStr::new(r"C:\w")), BStr::new(path)).to_string();
        assert_eq!(abspath(r"v\..\u"), r"C:\w\u");
        assert_eq!(abspath(r"\u"), r"C:\u");
        assert_eq!(abspath("C:u"), r"C:\w\u");
        assert_eq!(abspath("D:u"), r"D:\u");
        assert_eq!(abspath("D:/u"), r"D:\u");
    }

    #[test]
    fn a_path_is_absolute_with_drive_and_root() {
        let absolute = |path: &str| is_absolute(BStr::new(path));
        assert!(absolute(r"C:\v") && absolute("C:/v") && absolute(r"\\server") && absolute("//?/C:"));
        assert!(!absolute("C:v") && !absolute(r"\v") && !absolute("v") && !absolute(""));
    }

    #[test]
    fn normcase_keeps_bytes_that_are_no_text() {
        assert_eq!(normcase(BStr::new("C:/Ünder")), r"c:\ünder");
        assert_eq!(normcase(BStr::new(b"A\xffB".as_slice())), BStr::new(b"a\xffb".as_slice()));
    }
}
