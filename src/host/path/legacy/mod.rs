//! The C helpers of the POSIX path configuration up to 3.10 (`Modules/getpath.c`).
//!
//! None of them normalizes: `sys.executable` of those releases may well hold `//`, `./` and `..`.

pub mod windows;

use bstr::{BStr, BString, ByteSlice};

const SEPARATOR: u8 = b'/';

/// `joinpath` (3.6 to 3.8) and `joinpath2` (3.9 and 3.10): `path` below `directory`.
///
/// An absolute `path` replaces `directory`; an empty one leaves `directory` with a separator at its end.
pub fn join(directory: &BStr, path: &BStr) -> BString {
    if path.first() == Some(&SEPARATOR) {
        return path.to_owned();
    }
    let mut joined = directory.to_owned();
    if joined.last().is_some_and(|&last| last != SEPARATOR) {
        joined.push(SEPARATOR);
    }
    joined.extend_from_slice(path);
    joined
}

/// `reduce`: everything before the last separator, nothing where there is none. `/x` reduces to the empty path, so a
/// search upwards never tests `/` itself.
pub fn reduce(path: &BStr) -> BString {
    path.rfind_byte(SEPARATOR).map_or(&path[..0], |end| &path[..end]).to_owned()
}

/// `absolutize` and `copy_absolute`: `path` below the working directory, one leading `./` dropped. A path stays as it
/// is where the working directory cannot be had.
pub fn absolute(cwd: Option<&BStr>, path: &BStr) -> BString {
    match cwd {
        Some(cwd) if path.first() != Some(&SEPARATOR) => join(cwd, path.strip_prefix(b"./").unwrap_or(path).as_bstr()),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(directory: &str, path: &str) -> BString {
        join(directory.into(), path.into())
    }

    #[test]
    fn join_adds_one_separator_and_normalizes_nothing() {
        assert_eq!(joined("/usr", "lib"), "/usr/lib");
        assert_eq!(joined("/usr/", "../lib"), "/usr/../lib");
        assert_eq!(joined("/", "lib"), "/lib");
        assert_eq!(joined(".", "python"), "./python");
        assert_eq!(joined("", "lib"), "lib");
        assert_eq!(joined("/usr", ""), "/usr/");
        assert_eq!(joined("", ""), "");
        assert_eq!(joined("/usr", "/opt//x"), "/opt//x");
    }

    #[test]
    fn reduce_never_yields_the_root() {
        assert_eq!(reduce("/usr/bin/python".into()), "/usr/bin");
        assert_eq!(reduce("/usr/bin/".into()), "/usr/bin");
        assert_eq!(reduce("/usr//bin".into()), "/usr/");
        assert_eq!(reduce("/usr".into()), "");
        assert_eq!(reduce("/".into()), "");
        assert_eq!(reduce("python".into()), "");
        assert_eq!(reduce("".into()), "");
    }

    #[test]
    fn absolute_drops_one_leading_dot_only() {
        let absolute = |path: &str| absolute(Some("/w".into()), path.into());
        assert_eq!(absolute("v/bin/python"), "/w/v/bin/python");
        assert_eq!(absolute("./v"), "/w/v");
        assert_eq!(absolute("././v"), "/w/./v");
        assert_eq!(absolute("../v//x"), "/w/../v//x");
        assert_eq!(absolute("/v/./x"), "/v/./x");
        assert_eq!(absolute("."), "/w/.");
        assert_eq!(absolute(""), "/w/");
        // What is left of `.//v` begins with a separator, and so replaces the working directory.
        assert_eq!(absolute(".//v"), "/v");
    }

    #[test]
    fn absolute_without_a_working_directory_changes_nothing() {
        assert_eq!(super::absolute(None, "./v".into()), "./v");
        assert_eq!(super::absolute(Some("/".into()), "v".into()), "/v");
    }
}
