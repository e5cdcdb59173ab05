//! From the given path, symlink by symlink, to the file that the operating system executes.

use bstr::{BStr, BString, ByteSlice};

use super::{Hop, Problem};
use crate::host::path::{Flavor, module};
use crate::host::{FileKind, HostError, Lookups, Platform};

/// The most symlinks that Linux follows before it fails with `ELOOP` (`MAXSYMLINKS`).
const MOST_LINKS: usize = 40;

/// Where the symlinks lead.
pub(super) enum End {
    /// To a regular file: the target of the last symlink.
    File(BString),
    /// Nowhere, or to something that is no file.
    Broken(Problem),
}

/// Follows the symlinks of the last component, one at a time.
pub(super) fn follow(lookups: &Lookups<'_>, path: &BStr) -> (Vec<Hop>, End) {
    let mut hops: Vec<Hop> = Vec::new();
    let mut path = path.to_owned();
    loop {
        let target = match lookups.read_link(path.as_bstr()) {
            Ok(target) => target,
            Err(HostError::NotALink) => return (hops, arrive(lookups, path)),
            Err(error) => {
                let problem = broken(lookups, &hops, path.as_bstr(), &error);
                return (hops, End::Broken(problem));
            }
        };
        let next = relative_to(lookups, path.as_bstr(), target.as_bstr());
        let seen = hops.iter().any(|hop| hop.path == next) || next == path;
        hops.push(Hop { path, target });
        if seen || hops.len() > MOST_LINKS {
            return (hops, End::Broken(Problem::LinkLoop));
        }
        path = next;
    }
}

/// What the symlinks lead to.
fn arrive(lookups: &Lookups<'_>, path: BString) -> End {
    match lookups.metadata(path.as_bstr()) {
        Ok(metadata) => match metadata.kind {
            FileKind::File => End::File(path),
            FileKind::Directory => End::Broken(Problem::Directory),
            FileKind::Symlink => End::Broken(Problem::LinkLoop),
            _ => End::Broken(Problem::NotAFile),
        },
        Err(error) => End::Broken(broken(lookups, &[], path.as_bstr(), &error)),
    }
}

/// Why `path` could not be looked up.
fn broken(lookups: &Lookups<'_>, hops: &[Hop], path: &BStr, error: &HostError) -> Problem {
    match error {
        HostError::SymlinkLoop => Problem::LinkLoop,
        HostError::PermissionDenied => Problem::Unreachable { path: closed_dir(lookups, path) },
        _ => match hops.last() {
            Some(hop) => Problem::DanglingLink {
                link: hop.path.clone(),
                target: hop.target.clone(),
                nearest: nearest(lookups, path),
            },
            None => Problem::Missing,
        },
    }
}

/// The directory on the way to `path` that may not be entered: the last one that can be looked up.
fn closed_dir(lookups: &Lookups<'_>, path: &BStr) -> BString {
    let denied = |path: &BStr| matches!(lookups.metadata(path), Err(HostError::PermissionDenied));
    let mut dirs = std::iter::successors(above(lookups, path), |dir| above(lookups, dir.as_bstr()));
    dirs.find(|dir| !denied(dir.as_bstr())).unwrap_or_else(|| path.to_owned())
}

/// The nearest directory above `path` that exists.
fn nearest(lookups: &Lookups<'_>, path: &BStr) -> Option<BString> {
    let mut dirs = std::iter::successors(above(lookups, path), |dir| above(lookups, dir.as_bstr()));
    dirs.find(|dir| lookups.metadata(dir.as_bstr()).is_ok())
}

/// The directory that holds `path`, as its operating system writes it.
fn above(lookups: &Lookups<'_>, path: &BStr) -> Option<BString> {
    if lookups.host().platform() != Platform::Windows {
        return parent(path).map(BStr::to_owned);
    }
    let dir = module::dirname(Flavor::Windows, path);
    (dir.len() < path.len() && !dir.is_empty()).then_some(dir)
}

/// The directory that holds `path`, as written; none above the root and above a bare name.
pub(super) fn parent(path: &BStr) -> Option<&BStr> {
    let end = path.trim_end_with(|c| c == '/').len();
    let cut = path[..end].rfind_byte(b'/')?;
    let dir = path[..cut].trim_end_with(|c| c == '/');
    Some(if dir.is_empty() { b"/".as_bstr() } else { dir.as_bstr() })
}

/// The last component of `path`.
pub(super) fn name(path: &BStr) -> &BStr {
    path.rfind_byte(b'/').map_or(path, |cut| path[cut + 1..].as_bstr())
}

/// `name` in `directory`, nothing normalized.
pub(super) fn join(dir: &BStr, name: impl AsRef<[u8]>) -> BString {
    let mut joined = dir.to_owned();
    if joined.last().is_some_and(|&last| last != b'/') {
        joined.push(b'/');
    }
    joined.extend_from_slice(name.as_ref());
    joined
}

/// The target of a symlink at `path`: a relative one is relative to the directory of the symlink.
fn relative_to(lookups: &Lookups<'_>, path: &BStr, target: &BStr) -> BString {
    if lookups.host().platform() == Platform::Windows {
        let dir = module::dirname(Flavor::Windows, path);
        return module::join(Flavor::Windows, &[dir.as_bstr(), target]);
    }
    match parent(path) {
        Some(dir) if !target.starts_with(b"/") => join(dir, target),
        _ => target.to_owned(),
    }
}
