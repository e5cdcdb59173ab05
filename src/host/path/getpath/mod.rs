//! The C helpers behind `getpath.py` (3.11 and later): `Modules/getpath.c` and `Python/fileutils.c`.
//!
//! Lengths are not limited here; getpath gives up beyond `MAXPATHLEN`.

pub(super) mod windows;

use bstr::{BStr, BString, ByteSlice};

use super::segments::{fold, unite};
use super::{Flavor, module};

/// `_Py_isabs`.
pub fn is_absolute(flavor: Flavor, path: &BStr) -> bool {
    match flavor {
        Flavor::Posix => path.first() == Some(&b'/'),
        Flavor::Windows => windows::is_absolute(path),
    }
}

/// `joinpath`: the last absolute part wins, and the result is normalized.
pub fn join(flavor: Flavor, parts: &[&BStr]) -> BString {
    let first = parts.iter().rposition(|part| is_absolute(flavor, part)).unwrap_or(0);
    let mut joined = BString::default();
    for part in &parts[first..] {
        if joined.is_empty() {
            joined = (*part).to_owned();
        } else {
            append(flavor, &mut joined, part);
        }
    }
    normpath(flavor, joined.as_bstr())
}

/// `join_relfile`.
fn append(flavor: Flavor, directory: &mut BString, path: &BStr) {
    match flavor {
        Flavor::Posix => {
            // A directory of one character gets no separator: `.` and `python` make `.python`.
            if directory.len() > 1 && directory.last() != Some(&b'/') {
                directory.push(b'/');
            }
            directory.extend_from_slice(path);
        }
        Flavor::Windows => *directory = windows::combine(directory.as_bstr(), path),
    }
}

/// `dirname`: everything before the last `SEP`, nothing where there is none; so that of `/x` is empty.
pub fn dirname(flavor: Flavor, path: &BStr) -> BString {
    path.rfind_byte(flavor.separator()).map_or(&path[..0], |end| &path[..end]).to_owned()
}

/// `basename`: everything behind the last `SEP`.
pub fn basename(flavor: Flavor, path: &BStr) -> BString {
    path.rfind_byte(flavor.separator()).map_or(path, |end| path[end + 1..].as_bstr()).to_owned()
}

/// `_Py_normpath`: as `os.path.normpath`, except that nothing left over stays empty instead of becoming `.`.
pub fn normpath(flavor: Flavor, path: &BStr) -> BString {
    match flavor {
        Flavor::Posix => posix_normpath(path),
        Flavor::Windows => windows::normpath(path),
    }
}

fn posix_normpath(path: &BStr) -> BString {
    if path == "." {
        // Only a `.` that something follows is taken for the current directory and dropped. Later fixes (3.13.15 has
        // them) drop a lone one too, which `abspath` does not show.
        return path.to_owned();
    }
    let root: &[u8] = match path.iter().take_while(|&&byte| byte == b'/').count() {
        0 => b"",
        2 => b"//",
        _ => b"/",
    };
    let mut names = Vec::new();
    fold(&mut names, path.split(|&byte| byte == b'/'), !root.is_empty());
    unite(root, &names, b'/')
}

/// `abspath`: normalized first, then put below the working directory, and not normalized again: a leading `..` stays.
/// Without a working directory `getpath.py` fails; the path then comes back as it is.
pub fn abspath(flavor: Flavor, cwd: Option<&BStr>, path: &BStr) -> BString {
    let normal = normpath(flavor, path);
    if is_absolute(flavor, normal.as_bstr()) {
        return normal;
    }
    match (cwd, flavor) {
        (None, _) => path.to_owned(),
        (Some(cwd), _) if normal.is_empty() || normal == "." => cwd.to_owned(),
        (Some(cwd), Flavor::Posix) => [cwd.as_bytes(), b"/", &normal].concat().into(),
        (cwd, Flavor::Windows) => module::abspath(flavor, cwd, normal.as_bstr()),
    }
}

/// `hassuffix`, without case on Windows.
pub fn has_suffix(flavor: Flavor, path: &BStr, suffix: &str) -> bool {
    let end = &path[path.len().saturating_sub(suffix.len())..];
    match flavor {
        Flavor::Posix => end == suffix.as_bytes(),
        Flavor::Windows => end.eq_ignore_ascii_case(suffix.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(flavor: Flavor, parts: &[&str]) -> String {
        join(flavor, &parts.iter().map(|part| BStr::new(*part)).collect::<Vec<_>>()).to_string()
    }

    #[test]
    fn join_normalizes() {
        let joined = |parts: &[&str]| joined(Flavor::Posix, parts);
        assert_eq!(joined(&["/usr/bin", "../lib/python3.12"]), "/usr/lib/python3.12");
        assert_eq!(joined(&["/usr", "/opt", "lib"]), "/opt/lib");
        assert_eq!(joined(&["/usr", ""]), "/usr");
        assert_eq!(joined(&["", "", "lib"]), "lib");
        assert_eq!(joined(&["/", "lib"]), "/lib");
        assert_eq!(joined(&["..", "lib"]), "../lib");
        assert_eq!(joined(&["v", ".."]), "v..");
        assert_eq!(joined(&[]), "");
    }

    #[test]
    fn join_forgets_the_separator_behind_one_character() {
        assert_eq!(joined(Flavor::Posix, &[".", "python"]), ".python");
        assert_eq!(joined(Flavor::Posix, &["v", "bin"]), "vbin");
        assert_eq!(joined(Flavor::Posix, &["v", "bin", "x"]), "vbin/x");
        assert_eq!(joined(Flavor::Windows, &["v", "bin"]), r"v\bin");
    }

    #[test]
    fn names_are_cut_at_the_last_separator() {
        let cut = |flavor, path: &str| {
            (dirname(flavor, BStr::new(path)).to_string(), basename(flavor, BStr::new(path)).to_string())
        };
        assert_eq!(cut(Flavor::Posix, "/usr/bin"), ("/usr".into(), "bin".into()));
        assert_eq!(cut(Flavor::Posix, "/usr"), (String::new(), "usr".into()));
        assert_eq!(cut(Flavor::Posix, "usr"), (String::new(), "usr".into()));
        assert_eq!(cut(Flavor::Posix, "usr/"), ("usr".into(), String::new()));
        assert_eq!(cut(Flavor::Windows, r"C:\v"), ("C:".into(), "v".into()));
        assert_eq!(cut(Flavor::Windows, "C:/v"), (String::new(), "C:/v".into()));
    }

    #[test]
    fn normpath_leaves_nothing_where_nothing_is_left() {
        let normpath = |path: &str| normpath(Flavor::Posix, BStr::new(path)).to_string();
        assert_eq!(normpath(""), "");
        assert_eq!(normpath("."), ".");
        assert_eq!(normpath("./"), "");
        assert_eq!(normpath("x/.."), "");
        assert_eq!(normpath(".//x"), "x");
        assert_eq!(normpath("./../x"), "../x");
        assert_eq!(normpath("x/../../y"), "../y");
        assert_eq!(normpath("/../x/"), "/x");
        assert_eq!(normpath("//x"), "//x");
        assert_eq!(normpath("///x"), "/x");
    }

    #[test]
    fn abspath_keeps_leading_parents() {
        let abspath = |cwd: &str, path: &str| abspath(Flavor::Posix, Some(BStr::new(cwd)), BStr::new(path)).to_string();
        assert_eq!(abspath("/w/s", "../v/bin/python"), "/w/s/../v/bin/python");
        assert_eq!(abspath("/w/s", "x/../../v"), "/w/s/../v");
        assert_eq!(abspath("/w", "./v"), "/w/v");
        assert_eq!(abspath("/w", "."), "/w");
        assert_eq!(abspath("/w", ""), "/w");
        assert_eq!(abspath("/w", "/v/../u"), "/u");
        // Nothing looks whether the working directory is the root.
        assert_eq!(abspath("/", "v"), "//v");
        assert_eq!(super::abspath(Flavor::Posix, None, BStr::new("./v")), "./v");
    }

    #[test]
    fn suffixes_compare_without_case_on_windows() {
        assert!(has_suffix(Flavor::Windows, BStr::new("PYTHON.EXE"), ".exe"));
        assert!(!has_suffix(Flavor::Posix, BStr::new("PYTHON.EXE"), ".exe"));
        assert!(!has_suffix(Flavor::Posix, BStr::new("x"), ".exe"));
    }
}
