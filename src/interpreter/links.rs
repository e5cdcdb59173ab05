//! From the path as asked, link by link, to the file that the kernel would execute.

use bstr::{BStr, BString, ByteSlice};

use super::{Hop, Problem};
use crate::host::{FileKind, HostError, Questions};

/// The most links that Linux follows before it answers `ELOOP` (`MAXSYMLINKS`).
const MOST_LINKS: usize = 40;

/// Where the links lead.
pub(super) enum End {
    /// To a regular file: the path behind the last link.
    File(BString),
    /// Nowhere, or to something that is no file.
    Broken(Problem),
}

/// Follows the links of the last component, one at a time.
pub(super) fn follow(questions: &Questions<'_>, path: &BStr) -> (Vec<Hop>, End) {
    let mut hops: Vec<Hop> = Vec::new();
    let mut path = path.to_owned();
    loop {
        let target = match questions.read_link(path.as_bstr()) {
            Ok(target) => target,
            Err(HostError::NotALink) => return (hops, arrive(questions, path)),
            Err(error) => {
                let problem = broken(questions, &hops, path.as_bstr(), &error);
                return (hops, End::Broken(problem));
            }
        };
        let next = beside(path.as_bstr(), target.as_bstr());
        let seen = hops.iter().any(|hop| hop.path == next) || next == path;
        hops.push(Hop { path, target });
        if seen || hops.len() > MOST_LINKS {
            return (hops, End::Broken(Problem::LinkLoop));
        }
        path = next;
    }
}

/// Says what stands at the end of the links.
fn arrive(questions: &Questions<'_>, path: BString) -> End {
    match questions.metadata(path.as_bstr()) {
        Ok(metadata) => match metadata.kind {
            FileKind::File => End::File(path),
            FileKind::Directory => End::Broken(Problem::Directory),
            FileKind::Symlink => End::Broken(Problem::LinkLoop),
            _ => End::Broken(Problem::NotAFile),
        },
        Err(error) => End::Broken(broken(questions, &[], path.as_bstr(), &error)),
    }
}

/// Why `path` could not be asked about.
fn broken(questions: &Questions<'_>, hops: &[Hop], path: &BStr, error: &HostError) -> Problem {
    match error {
        HostError::SymlinkLoop => Problem::LinkLoop,
        HostError::PermissionDenied => Problem::Unreachable { path: closed_folder(questions, path) },
        _ => match hops.last() {
            Some(hop) => Problem::DanglingLink {
                link: hop.path.clone(),
                target: hop.target.clone(),
                nearest: nearest(questions, path),
            },
            None => Problem::Missing,
        },
    }
}

/// The folder on the way to `path` that may not be entered: the last one that can be asked about.
fn closed_folder(questions: &Questions<'_>, path: &BStr) -> BString {
    let denied = |path: &BStr| matches!(questions.metadata(path), Err(HostError::PermissionDenied));
    let mut folders = std::iter::successors(parent(path), |folder| parent(folder));
    folders.find(|folder| !denied(folder)).unwrap_or(path).to_owned()
}

/// The nearest folder above `path` that exists.
fn nearest(questions: &Questions<'_>, path: &BStr) -> Option<BString> {
    let mut above = parent(path);
    while let Some(folder) = above {
        if questions.metadata(folder).is_ok() {
            return Some(folder.to_owned());
        }
        above = parent(folder);
    }
    None
}

/// The folder that holds `path`, as written; none above the root and above a bare name.
pub(super) fn parent(path: &BStr) -> Option<&BStr> {
    let end = path.trim_end_with(|c| c == '/').len();
    let cut = path[..end].rfind_byte(b'/')?;
    let folder = path[..cut].trim_end_with(|c| c == '/');
    Some(if folder.is_empty() { b"/".as_bstr() } else { folder.as_bstr() })
}

/// The last component of `path`.
pub(super) fn name(path: &BStr) -> &BStr {
    path.rfind_byte(b'/').map_or(path, |cut| path[cut + 1..].as_bstr())
}

/// `name` in `folder`, nothing normalised.
pub(super) fn join(folder: &BStr, name: impl AsRef<[u8]>) -> BString {
    let mut joined = folder.to_owned();
    if joined.last().is_some_and(|&last| last != b'/') {
        joined.push(b'/');
    }
    joined.extend_from_slice(name.as_ref());
    joined
}

/// What a link at `path` with that target names: a relative target counts from the link's folder.
fn beside(path: &BStr, target: &BStr) -> BString {
    match parent(path) {
        Some(folder) if !target.starts_with(b"/") => join(folder, target),
        _ => target.to_owned(),
    }
}
