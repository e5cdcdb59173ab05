//! Random trees with environments in odd places.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::support::rng::Rng;

/// Names of directories; some mean something to the walk, some are merely odd.
const NAMES: [&[u8]; 20] = [
    b"a",
    b"b",
    b"src",
    b".hidden",
    b"with space",
    b"two\nlines",
    b"\xff\xfe",
    b".git",
    b"objects",
    b"node_modules",
    b".cache",
    b"__pycache__",
    b"bin",
    b"lib",
    b"Scripts",
    b"share",
    b".venv",
    b"conda-meta",
    b"venv",
    b"python",
];
const DIRS: usize = 40;

/// Grows a tree below `root`.
pub fn grow(root: &Path, rng: &mut Rng) -> io::Result<()> {
    let mut dirs = vec![root.to_owned()];
    for _ in 0..DIRS {
        let parent = dirs[rng.below(dirs.len())].clone();
        let path = parent.join(OsStr::from_bytes(NAMES[rng.below(NAMES.len())]));
        if path.symlink_metadata().is_ok() {
            continue;
        }
        match rng.below(12) {
            0 => drop(symlink(&dirs[rng.below(dirs.len())], &path)),
            1 => drop(symlink("nowhere", &path)),
            // Not out of the tree.
            2 if parent != root => drop(symlink("..", &path)),
            3 => drop(fs::write(&path, "")),
            _ => {
                fs::create_dir(&path)?;
                furnish(&path, rng)?;
                dirs.push(path);
            }
        }
    }
    if rng.below(4) == 0 {
        // To the user who may do anything this is no hindrance, and then all three walks look in.
        let closed = &dirs[rng.below(dirs.len())];
        if closed != root {
            fs::set_permissions(closed, fs::Permissions::from_mode(0o000))?;
        }
    }
    Ok(())
}

/// Fills a directory with the marks of an environment, or of nothing.
fn furnish(path: &Path, rng: &mut Rng) -> io::Result<()> {
    let write = |name: &str| {
        let file: PathBuf = path.join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, "")
    };
    match rng.below(10) {
        0 => ["pyvenv.cfg", "bin/python", "bin/activate", "lib/python3.12/site-packages/a.py"]
            .into_iter()
            .try_for_each(write),
        1 => ["pyvenv.cfg", "bin/python", "lib/nested/pyvenv.cfg", "inside/pyvenv.cfg"].into_iter().try_for_each(write),
        2 => ["bin/pyvenv.cfg", "bin/python3"].into_iter().try_for_each(write),
        3 => ["bin/activate", "bin/python3.12"].into_iter().try_for_each(write),
        4 => ["conda-meta/history", "bin/python3.12"].into_iter().try_for_each(write),
        5 => ["pyvenv.cfg/x"].into_iter().try_for_each(write),
        6 => ["bin/python3", "bin/tool"].into_iter().try_for_each(write),
        7 => ["Scripts/activate.bat", "Scripts/python.exe"].into_iter().try_for_each(write),
        8 => ["pyvenv.cfg"].into_iter().try_for_each(write),
        _ => Ok(()),
    }
}

/// Opens every directory again, so that the tree can be removed.
pub fn open(root: &Path) {
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        drop(fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)));
        let entries = fs::read_dir(&dir).into_iter().flatten().flatten();
        dirs.extend(entries.filter(|entry| entry.file_type().is_ok_and(|it| it.is_dir())).map(|entry| entry.path()));
    }
}
