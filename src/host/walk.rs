//! Walking over a directory and everything below it, on any machine that can list directories.

use std::vec;

use bstr::{BStr, BString, ByteSlice};

use super::{FileKind, Host, HostError, path};

/// How [`Host::walk`] goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalkOptions {
    /// Whether symlinks to directories are entered.
    pub follow_symlinks: bool,
    /// How deep below the root; 0 is the root alone. There is no bound where none is given.
    pub max_depth: Option<usize>,
}

/// A file or a directory that a walk has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkEntry<'w> {
    /// Its path: the root of the walk, and the names below it.
    pub path: &'w BStr,
    /// How many names it is below the root.
    pub depth: usize,
    /// What it is: for a symlink that is followed, what the symlink leads to.
    pub kind: FileKind,
}

/// How a walk goes on after an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkState {
    /// With the next entry, which is inside this one where this is a directory.
    Continue,
    /// With the next entry that is not inside this one.
    Skip,
    /// Not at all.
    Quit,
}

/// [`Host::visit_dir`] by way of the other questions.
pub(super) fn visit_names<H: Host + ?Sized>(
    host: &H,
    dir: &BStr,
    visit: &mut dyn FnMut(&BStr, FileKind),
) -> Result<(), HostError> {
    for name in host.list_dir(dir)? {
        let entry = path::concatenate(host.platform(), dir, name.as_bstr());
        let kind = host.link_metadata(entry.as_bstr()).map_or(FileKind::Other, |metadata| metadata.kind);
        visit(name.as_bstr(), kind);
    }
    Ok(())
}

/// A directory whose entries are being visited.
struct Level {
    dir: BString,
    entries: vec::IntoIter<(BString, FileKind)>,
    /// The real path, by which a directory that is entered below itself is known; learned only where symlinks are followed.
    real: Option<BString>,
}

/// [`Host::walk`] by way of the other questions.
pub(super) fn walk<H: Host + ?Sized>(
    host: &H,
    root: &BStr,
    options: WalkOptions,
    visit: &mut dyn FnMut(WalkEntry<'_>) -> WalkState,
) {
    if !host.metadata(root).is_ok_and(|metadata| metadata.kind == FileKind::Directory) {
        return;
    }
    let goes_below = |depth| options.max_depth.is_none_or(|most| depth < most);
    let root_state = visit(WalkEntry { path: root, depth: 0, kind: FileKind::Directory });
    if root_state != WalkState::Continue || !goes_below(0) {
        return;
    }
    let mut levels = vec![level(host, root.to_owned(), options)];
    while let Some(innermost) = levels.last_mut() {
        let Some((name, listed)) = innermost.entries.next() else {
            levels.pop();
            continue;
        };
        let path = path::concatenate(host.platform(), innermost.dir.as_bstr(), name.as_bstr());
        let Some(kind) = followed(host, &path, listed, options) else { continue };
        let is_dir = kind == FileKind::Directory;
        if is_dir && listed == FileKind::Symlink && is_below_itself(host, &path, &levels) {
            continue;
        }
        let depth = levels.len();
        match visit(WalkEntry { path: path.as_bstr(), depth, kind }) {
            WalkState::Continue if is_dir && goes_below(depth) => levels.push(level(host, path, options)),
            WalkState::Continue | WalkState::Skip => {}
            WalkState::Quit => return,
        }
    }
}

/// The entries of a directory; none where it cannot be listed.
fn level<H: Host + ?Sized>(host: &H, dir: BString, options: WalkOptions) -> Level {
    let mut entries = Vec::new();
    // What was listed before an error counts.
    drop(host.visit_dir(dir.as_bstr(), &mut |name, kind| entries.push((name.to_owned(), kind))));
    let real = if options.follow_symlinks { host.real_path(dir.as_bstr()).ok() } else { None };
    Level { dir, entries: entries.into_iter(), real }
}

/// What an entry is, its symlinks followed where they are to be; nothing where they lead nowhere.
fn followed<H: Host + ?Sized>(host: &H, path: &BString, kind: FileKind, options: WalkOptions) -> Option<FileKind> {
    if kind != FileKind::Symlink || !options.follow_symlinks {
        return Some(kind);
    }
    Some(host.metadata(path.as_bstr()).ok()?.kind)
}

/// Whether a directory is one of those through which the walk has come to it.
fn is_below_itself<H: Host + ?Sized>(host: &H, path: &BString, levels: &[Level]) -> bool {
    let real = host.real_path(path.as_bstr()).ok();
    real.is_none() || levels.iter().any(|level| level.real == real)
}
