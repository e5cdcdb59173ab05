//! The C helpers of the Windows path configuration up to 3.10 (`PC/getpathp.c`).
//!
//! Both separators end a directory here, and `/` is never turned into `\`.

use bstr::{BStr, BString, ByteSlice};

use super::super::getpath::windows;

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'\\' | b'/')
}

/// `join`: `PathCchCombineEx`, which folds `.` and `..`.
pub fn join(directory: &BStr, path: &BStr) -> BString {
    windows::canonicalize(windows::combine(directory, path).as_bstr())
}

/// `canonicalize`: `PathCchCanonicalizeEx`.
pub fn canonicalize(path: &BStr) -> BString {
    windows::canonicalize(path)
}

/// `reduce`: everything before the last separator, nothing where there is none; that of `C:\x` is `C:`.
pub fn reduce(path: &BStr) -> BString {
    path.iter().rposition(|&byte| is_separator(byte)).map_or(&path[..0], |end| &path[..end]).into()
}

/// `change_ext`: another suffix for the file, or one more where it has none.
pub fn with_suffix(path: &BStr, suffix: &str) -> BString {
    let name = path.iter().rposition(|&byte| is_separator(byte)).map_or(0, |end| end + 1);
    let end = path[name..].rfind_byte(b'.').map_or(path.len(), |dot| name + dot);
    [&path[..end], suffix.as_bytes()].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirs_end_at_both_separators() {
        let reduced = |path: &str| reduce(path.into()).to_string();
        assert_eq!(reduced(r"C:\v\Scripts"), r"C:\v");
        assert_eq!(reduced("C:/v/Scripts"), "C:/v");
        assert_eq!(reduced(r"C:\v"), "C:");
        assert_eq!(reduced("C:"), "");
    }

    #[test]
    fn join_folds_but_keeps_slashes() {
        let joined = |directory: &str, path: &str| join(directory.into(), path.into()).to_string();
        assert_eq!(joined(r"C:\v", r"lib\os.py"), r"C:\v\lib\os.py");
        assert_eq!(joined("C:", r"lib\os.py"), r"C:\lib\os.py");
        assert_eq!(joined("C:/v", r"lib\os.py"), r"C:/v\lib\os.py");
        assert_eq!(joined(r"C:\v", r"..\x"), r"C:\x");
    }

    #[test]
    fn suffixes_are_replaced() {
        let changed = |path: &str| with_suffix(path.into(), "._pth").to_string();
        assert_eq!(changed(r"C:\p.d\python38.dll"), r"C:\p.d\python38._pth");
        assert_eq!(changed(r"C:\p.d\python"), r"C:\p.d\python._pth");
    }
}
