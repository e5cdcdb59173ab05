//! `posixpath` and `ntpath`, as `site.py` and `runpy` use them.
//!
//! The POSIX half gives the same results in every release from 3.6 to 3.15, although `normpath` moved to C in 3.11.
//! The Windows half follows 3.13; the releases before it differ only for paths that begin with two separators or with
//! one and no drive, as noted in `module/nt.rs`.

mod nt;
mod posix;

use bstr::{BStr, BString, ByteSlice};

use super::Flavor;

/// `os.path.isabs`.
pub fn is_absolute(flavor: Flavor, path: &BStr) -> bool {
    match flavor {
        Flavor::Posix => posix::is_absolute(path),
        Flavor::Windows => nt::is_absolute(path),
    }
}

/// `os.path.join`: the last absolute part wins, an empty last part leaves a separator at the end.
pub fn join(flavor: Flavor, parts: &[&BStr]) -> BString {
    match flavor {
        Flavor::Posix => posix::join(parts),
        Flavor::Windows => nt::join(parts),
    }
}

/// `os.path.split`: everything before the last name without separators at its end, and the last name.
pub fn split(flavor: Flavor, path: &BStr) -> (BString, BString) {
    let (head, tail) = halves(flavor, path);
    (head.to_owned(), tail.to_owned())
}

/// `os.path.dirname`.
pub fn dirname(flavor: Flavor, path: &BStr) -> BString {
    halves(flavor, path).0.to_owned()
}

/// `os.path.basename`.
pub fn basename(flavor: Flavor, path: &BStr) -> BString {
    halves(flavor, path).1.to_owned()
}

/// `os.path.normpath`: `.`, `..` and doubled separators folded by their spelling alone; `.` where nothing is left.
pub fn normpath(flavor: Flavor, path: &BStr) -> BString {
    match flavor {
        Flavor::Posix => posix::normpath(path),
        Flavor::Windows => nt::normpath(path),
    }
}

/// `os.path.abspath`: normalized below the working directory. Where that has been removed, Python's `os.getcwd`
/// raises; the path then comes back as it is.
pub fn abspath(flavor: Flavor, cwd: Option<&BStr>, path: &BStr) -> BString {
    match flavor {
        Flavor::Posix => posix::abspath(cwd, path),
        Flavor::Windows => nt::abspath(cwd, path),
    }
}

/// The path as Windows makes it absolute: that of `abspath`, with a separator at the end where it was written with one.
pub fn full_windows_path(cwd: Option<&BStr>, path: &BStr) -> BString {
    nt::full_path(cwd, path)
}

/// `os.path.normcase`: the path itself on POSIX, also on macOS; lower case and `\` on Windows.
pub fn normcase(flavor: Flavor, path: &BStr) -> BString {
    match flavor {
        Flavor::Posix => path.to_owned(),
        Flavor::Windows => nt::normcase(path),
    }
}

/// The drive, one separator where a root follows, and everything else (on POSIX with the separators after the first).
pub(in crate::host) fn split_root(flavor: Flavor, path: &BStr) -> (&BStr, &BStr, &BStr) {
    let (drive, root) = match flavor {
        Flavor::Posix => (0, usize::from(posix::is_absolute(path))),
        Flavor::Windows => nt::root(path),
    };
    (path[..drive].as_bstr(), path[drive..root].as_bstr(), path[root..].as_bstr())
}

fn halves(flavor: Flavor, path: &BStr) -> (&BStr, &BStr) {
    match flavor {
        Flavor::Posix => posix::split(path),
        Flavor::Windows => nt::split(path),
    }
}
