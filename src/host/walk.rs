//! Walking over a directory and everything below it, on any machine that can list directories.

use std::cell::OnceCell;
use std::vec;

use bstr::{BStr, BString, ByteSlice};

use super::{FileKind, Host, HostError, Metadata, path};

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
    /// Whether it is a symlink that is followed.
    pub is_followed: bool,
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

/// What two paths to one directory have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    /// Device and inode.
    Numbers(u64, u64),
    /// The real path, on a host without such numbers.
    RealPath(BString),
}

impl Identity {
    /// That of a directory; none where it cannot be learned.
    pub(crate) fn of<H: Host + ?Sized>(host: &H, dir: &BStr) -> Option<Self> {
        Self::known(&host.metadata(dir).ok()?).or_else(|| host.real_path(dir).ok().map(Self::RealPath))
    }

    /// That of a directory with these numbers; none on a host without them.
    pub(crate) fn known(metadata: &Metadata) -> Option<Self> {
        metadata.identity.map(|(device, inode)| Self::Numbers(device, inode))
    }
}

/// A directory whose entries are being visited.
struct Level {
    dir: BString,
    entries: vec::IntoIter<(BString, FileKind)>,
    /// By which a directory that is entered below itself is known; learned only where a symlink leads to a directory.
    identity: OnceCell<Option<Identity>>,
}

/// [`Host::walk`] by way of the other questions. What is remembered of the way to the current directory is as long as the
/// way is deep, and nothing is asked again about a directory for those below it.
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
    let root_entry = WalkEntry { path: root, depth: 0, kind: FileKind::Directory, is_followed: false };
    if visit(root_entry) != WalkState::Continue || !goes_below(0) {
        return;
    }
    let mut levels = vec![level(host, root.to_owned())];
    while let Some(innermost) = levels.last_mut() {
        let Some((name, listed)) = innermost.entries.next() else {
            levels.pop();
            continue;
        };
        let path = path::concatenate(host.platform(), innermost.dir.as_bstr(), name.as_bstr());
        let is_followed = listed == FileKind::Symlink && options.follow_symlinks;
        let Some(kind) = (if is_followed { target(host, &path) } else { Some(listed) }) else { continue };
        let is_dir = kind == FileKind::Directory;
        if is_dir && is_followed && is_below_itself(host, &path, &levels) {
            continue;
        }
        let depth = levels.len();
        match visit(WalkEntry { path: path.as_bstr(), depth, kind, is_followed }) {
            WalkState::Continue if is_dir && goes_below(depth) => levels.push(level(host, path)),
            WalkState::Continue | WalkState::Skip => {}
            WalkState::Quit => return,
        }
    }
}

/// The entries of a directory; none where it cannot be listed.
fn level<H: Host + ?Sized>(host: &H, dir: BString) -> Level {
    let mut entries = Vec::new();
    // What was listed before an error counts.
    drop(host.visit_dir(dir.as_bstr(), &mut |name, kind| entries.push((name.to_owned(), kind))));
    Level { dir, entries: entries.into_iter(), identity: OnceCell::new() }
}

/// What a symlink leads to; nothing where it leads nowhere.
fn target<H: Host + ?Sized>(host: &H, path: &BString) -> Option<FileKind> {
    Some(host.metadata(path.as_bstr()).ok()?.kind)
}

/// Whether a directory is one of those through which the walk has come to it.
fn is_below_itself<H: Host + ?Sized>(host: &H, path: &BString, levels: &[Level]) -> bool {
    let Some(own) = Identity::of(host, path.as_bstr()) else { return true };
    let is_it = |level: &Level| {
        let identity = level.identity.get_or_init(|| Identity::of(host, level.dir.as_bstr()));
        identity.as_ref() == Some(&own)
    };
    levels.iter().any(is_it)
}
