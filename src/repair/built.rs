//! What the programs of a plan have built: where nothing was before, so that it can be removed, unless somebody has
//! changed it since.

use bstr::{BStr, BString, ByteSlice};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::SystemTime;

use super::bytes::Bytes;
use super::journal::{Done, Kind};
use super::state::State;
use crate::host::{Change, FileKind, Host, HostError, LiveHost, Store, WalkOptions, WalkState};

/// Python writes bytecode wherever it runs: that is no change that anybody would miss.
const BYTECODE_DIR: &[u8] = b"/__pycache__";

/// Something that was built.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Built {
    path: Bytes,
    /// The digest of the names, kinds, sizes, times and targets of everything in it.
    digest: String,
}

/// What these operations have built, of which every path is named once.
pub(super) fn built(done: &[Done]) -> Vec<Built> {
    let mut paths: Vec<&Bytes> = Vec::new();
    for path in done.iter().flat_map(|done| &done.builds) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths.into_iter().map(|path| Built { path: path.clone(), digest: digest(path.0.as_bstr()) }).collect()
}

/// What is not any more as it was built.
pub(super) fn changed_since(built: &[Built]) -> Option<BString> {
    let is_changed = |built: &&Built| digest(built.path.0.as_bstr()) != built.digest;
    built.iter().find(is_changed).map(|built| built.path.0.clone())
}

/// The digest of a tree; no file is read.
fn digest(root: &BStr) -> String {
    let mut lines = vec![line(root)];
    LiveHost.walk(root, WalkOptions { follow_symlinks: false, max_depth: None }, &mut |entry| {
        if entry.kind == FileKind::Directory && entry.path.ends_with(BYTECODE_DIR) {
            return WalkState::Skip;
        }
        lines.push(line(entry.path));
        WalkState::Continue
    });
    lines.sort();
    let mut digest = Sha256::new();
    for line in lines {
        digest.update(line);
        digest.update(b"\0");
    }
    HEXLOWER.encode(&digest.finalize())
}

/// What counts of one file. The times of a directory change with its `__pycache__`.
fn line(path: &BStr) -> Vec<u8> {
    let Ok(metadata) = LiveHost.link_metadata(path) else { return path.to_vec() };
    let modified = metadata.modified.filter(|_| metadata.kind == FileKind::File);
    let age = modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
    let len = if metadata.kind == FileKind::File { metadata.len } else { 0 };
    let target = LiveHost.read_link(path).unwrap_or_default();
    let facts = format!("\0{:?} {len} {}\0", metadata.kind, age.as_nanos());
    [path.as_bytes(), facts.as_bytes(), &target].concat()
}

/// Removes what a program has built at these paths. `earlier` are the operations before it: as long as what was at a path is
/// where they moved it, what is there now was built.
///
/// # Errors
/// A path at which something is left.
pub(super) fn remove_built(builds: &[Bytes], earlier: &[Done]) -> Result<(), BString> {
    // Nothing is at a new path before something is moved there, and after it was moved back.
    let is_away = |done: &Done| {
        let to = done.to.as_ref().map(|to| State::of(&LiveHost, to.0.as_bstr()));
        !matches!(to, Some(Ok(State::Missing)))
    };
    let moves: Vec<(&BString, bool)> =
        earlier.iter().filter(|done| done.action == Kind::Rename).map(|done| (&done.path.0, is_away(done))).collect();
    // What is removed first is not built any more where everything was moved back.
    let is_undone = !moves.is_empty() && moves.iter().all(|(_, is_away)| !is_away);
    for Bytes(path) in builds {
        let is_old = moves.iter().any(|(moved, is_away)| *moved == path && !is_away);
        if !is_old && !is_undone {
            remove(path.as_bstr()).map_err(|_| path.clone())?;
        }
    }
    Ok(())
}

fn remove(path: &BStr) -> Result<(), HostError> {
    Store::clean(path)?;
    match LiveHost.link_metadata(path) {
        Ok(_) => LiveHost.remove(path),
        Err(HostError::NotFound | HostError::NotADirectory) => Ok(()),
        Err(error) => Err(error),
    }
}
