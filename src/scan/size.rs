//! How much an environment takes of the disk.
#![allow(clippy::disallowed_methods, reason = "sums up files of this machine, as the live host would")]

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use walkdir::WalkDir;

/// Disk use and number of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The bytes that its files take on the disk; a file with several names in it counts once.
    pub bytes: u64,
    /// The files in it that are no directories.
    pub files: u64,
}

/// How `st_blocks` counts, whatever the file system's own blocks are.
const BLOCK: u64 = 512;

/// Sums up a directory, links not followed and other file systems left out. What cannot be read does not count.
pub fn of(dir: &Path) -> Size {
    let mut size = Size::default();
    let mut shared = HashSet::new();
    for entry in WalkDir::new(dir).same_file_system(true).into_iter().filter_map(Result::ok) {
        let Ok(metadata) = entry.metadata() else { continue };
        if !metadata.is_dir() {
            size.files += 1;
            if metadata.nlink() > 1 && !shared.insert((metadata.dev(), metadata.ino())) {
                continue;
            }
        }
        size.bytes += metadata.blocks() * BLOCK;
    }
    size
}
