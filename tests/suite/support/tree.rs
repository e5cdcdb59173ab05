//! Everything about the files below a directory, to see whether anything has changed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What is known about one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trait {
    mode: u32,
    owner: (u32, u32),
    modified: (i64, i64),
    links: u64,
    /// The target of a symlink, the content of a file, nothing of a directory.
    content: Vec<u8>,
}

impl Trait {
    /// Whether the other one is of the same kind and has the same content, mode and owner, whatever its times are.
    pub fn has_content_of(&self, other: &Self) -> bool {
        (self.mode, self.owner) == (other.mode, other.owner) && self.content == other.content
    }

    /// Whether the permission bits are the same.
    pub fn has_mode_of(&self, other: &Self) -> bool {
        self.mode & 0o7777 == other.mode & 0o7777
    }
}

/// A tree, by path.
pub type Tree = BTreeMap<PathBuf, Trait>;

/// The tree below a directory, which is itself part of it.
pub fn tree(root: &Path) -> Tree {
    let (mut found, mut left) = (Tree::new(), vec![root.to_owned()]);
    while let Some(path) = left.pop() {
        let metadata = fs::symlink_metadata(&path).expect("it exists");
        let content = if metadata.is_symlink() {
            fs::read_link(&path).expect("a target").into_os_string().into_encoded_bytes()
        } else if metadata.is_file() {
            fs::read(&path).expect("readable")
        } else {
            if metadata.is_dir() {
                left.extend(fs::read_dir(&path).expect("a directory").map(|entry| entry.expect("an entry").path()));
            }
            Vec::new()
        };
        let links = if metadata.is_dir() { 0 } else { metadata.nlink() };
        let one = Trait {
            mode: metadata.mode(),
            owner: (metadata.uid(), metadata.gid()),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            links,
            content,
        };
        found.insert(path, one);
    }
    found
}

/// The paths at which two trees differ.
pub fn differences(one: &Tree, other: &Tree) -> Vec<PathBuf> {
    let mut paths: Vec<&PathBuf> = one.keys().chain(other.keys()).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}
