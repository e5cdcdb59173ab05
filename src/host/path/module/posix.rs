//! `Lib/posixpath.py`.

use bstr::{BStr, BString, ByteSlice};

use super::super::segments::{fold, unite};

const SEPARATOR: u8 = b'/';

pub(super) fn is_absolute(path: &BStr) -> bool {
    path.first() == Some(&SEPARATOR)
}

pub(super) fn join(parts: &[&BStr]) -> BString {
    let mut joined = BString::default();
    for (index, part) in parts.iter().enumerate() {
        if index == 0 || is_absolute(part) || joined.is_empty() {
            joined.clear();
        } else if joined.last() != Some(&SEPARATOR) {
            joined.push(SEPARATOR);
        }
        joined.extend_from_slice(part);
    }
    joined
}

/// The head keeps its separators only where it holds nothing else.
pub(super) fn split(path: &BStr) -> (&BStr, &BStr) {
    let cut = path.rfind_byte(SEPARATOR).map_or(0, |last| last + 1);
    let (head, tail) = path.split_at(cut);
    let bare = head.trim_end_with(|c| c == '/');
    (if bare.is_empty() { head } else { bare }.as_bstr(), tail.as_bstr())
}

/// Two separators in front are a root of their own, as POSIX allows; three or more are one.
fn root(path: &BStr) -> &'static [u8] {
    match path.iter().take_while(|&&byte| byte == SEPARATOR).count() {
        0 => b"",
        2 => b"//",
        _ => b"/",
    }
}

pub(super) fn normpath(path: &BStr) -> BString {
    let root = root(path);
    let mut names = Vec::new();
    fold(&mut names, path.split(|&byte| byte == SEPARATOR), !root.is_empty());
    let normal = unite(root, &names, SEPARATOR);
    if normal.is_empty() { ".".into() } else { normal }
}

pub(super) fn abspath(cwd: Option<&BStr>, path: &BStr) -> BString {
    match cwd {
        _ if is_absolute(path) => normpath(path),
        Some(cwd) => normpath(join(&[cwd, path]).as_bstr()),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_drops_what_stands_before_an_absolute_part() {
        let join = |parts: &[&str]| join(&parts.iter().map(|part| BStr::new(*part)).collect::<Vec<_>>());
        assert_eq!(join(&["/usr", "lib", "x.pth"]), "/usr/lib/x.pth");
        assert_eq!(join(&["/usr/", "lib"]), "/usr/lib");
        assert_eq!(join(&["/usr", "/opt", "lib"]), "/opt/lib");
        assert_eq!(join(&["/usr", ""]), "/usr/");
        assert_eq!(join(&["", "lib"]), "lib");
        assert_eq!(join(&[".", "python"]), "./python");
        assert_eq!(join(&[]), "");
    }

    #[test]
    fn split_keeps_the_root() {
        let split = |path: &str| {
            let (head, tail) = split(BStr::new(path));
            (head.to_string(), tail.to_string())
        };
        assert_eq!(split("/usr/lib"), ("/usr".into(), "lib".into()));
        assert_eq!(split("/usr"), ("/".into(), "usr".into()));
        assert_eq!(split("//usr"), ("//".into(), "usr".into()));
        assert_eq!(split("a//b"), ("a".into(), "b".into()));
        assert_eq!(split("a/"), ("a".into(), String::new()));
        assert_eq!(split("python"), (String::new(), "python".into()));
    }

    #[test]
    fn normpath_knows_one_two_and_three_separators() {
        let normpath = |path: &str| normpath(BStr::new(path)).to_string();
        assert_eq!(normpath(""), ".");
        assert_eq!(normpath("."), ".");
        assert_eq!(normpath("x/.."), ".");
        assert_eq!(normpath("/.."), "/");
        assert_eq!(normpath("//usr/./lib/"), "//usr/lib");
        assert_eq!(normpath("///usr"), "/usr");
        assert_eq!(normpath("//"), "//");
        assert_eq!(normpath("../../x/../y"), "../../y");
    }

    #[test]
    fn abspath_normalizes_after_joining() {
        let abspath = |cwd: &str, path: &str| abspath(Some(BStr::new(cwd)), BStr::new(path)).to_string();
        assert_eq!(abspath("/w/s", "../v"), "/w/v");
        assert_eq!(abspath("/w", ""), "/w");
        assert_eq!(abspath("/", "v"), "/v");
        assert_eq!(abspath("/w", "/v/../u"), "/u");
        assert_eq!(super::abspath(None, BStr::new("./v")), "./v");
    }
}
