//! How much an environment takes of the disk.

use std::collections::HashSet;

use bstr::BStr;

use crate::host::{FileKind, Host, WalkEntry, WalkOptions, WalkState};

/// Disk use and number of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The bytes that its files take on the disk, or where the host does not know that, their lengths; a file with several
    /// names in it counts once.
    pub bytes: u64,
    /// The files in it that are no directories.
    pub files: u64,
}

/// Sums up a directory. Symlinks are not followed, other file systems are left out, and so is what cannot be read.
pub fn of(host: &dyn Host, dir: &BStr) -> Size {
    let mut sum = Sum { host, device: None, size: Size::default(), counted: HashSet::new() };
    host.walk(dir, WalkOptions::default(), &mut |entry| sum.add(entry));
    sum.size
}

struct Sum<'h> {
    host: &'h dyn Host,
    /// The file system of the directory itself.
    device: Option<u64>,
    size: Size,
    /// The files with several names that have been counted, by device and inode.
    counted: HashSet<(u64, u64)>,
}

impl Sum<'_> {
    fn add(&mut self, entry: WalkEntry<'_>) -> WalkState {
        let Ok(metadata) = self.host.link_metadata(entry.path) else { return WalkState::Continue };
        if entry.depth == 0 {
            self.device = metadata.device;
        }
        if metadata.kind == FileKind::Directory {
            if metadata.device != self.device {
                return WalkState::Skip;
            }
        } else {
            self.size.files += 1;
            let has_other_names = metadata.access.is_some_and(|access| access.links > 1);
            if has_other_names && metadata.identity.is_some_and(|identity| !self.counted.insert(identity)) {
                return WalkState::Continue;
            }
        }
        self.size.bytes += metadata.allocated.unwrap_or(metadata.len);
        WalkState::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Access, MemoryHost, Platform};

    #[test]
    fn what_lies_in_the_directory_counts_once() {
        let several_names = Access { mode: 0o644, owner: 1000, group: None, links: 2 };
        let host = MemoryHost::new(Platform::Linux)
            .file("/w/.venv/pyvenv.cfg", "12345")
            .file("/w/.venv/lib/a.py", "123")
            .access("/w/.venv/lib/a.py", several_names)
            .symlink("/w/.venv/lib64", "lib")
            .file("/w/.venv/mnt/large", "1234567")
            .file_system("/w/.venv/mnt")
            .file("/w/other", "1");
        assert_eq!(of(&host, "/w/.venv".into()), Size { bytes: 5 + 3 + 3, files: 3 });
        assert_eq!(of(&host, "/w/none".into()), Size::default());
    }
}
