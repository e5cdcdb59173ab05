//! Directories in which no environment can stand, or none that anybody would use. `--no-prune` enters them all the same.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Names of directories that are never entered, with what is above them where that counts.
///
/// Each holds the data of a program under names of its own making: objects of a version control system, byte code, caches
/// by hash.
pub const PRUNED_ANYWHERE: [(&str, &str); 13] = [
    (".git", "objects"),
    (".git", "refs"),
    (".git", "logs"),
    (".git", "lfs"),
    (".hg", "store"),
    (".svn", "pristine"),
    (".bzr", "repository"),
    (".jj", "repo"),
    ("", "__pycache__"),
    ("", ".mypy_cache"),
    ("", ".ruff_cache"),
    ("", ".pytest_cache"),
    ("node_modules", ".cache"),
];

/// File systems of the kernel's own, at these paths only.
pub const PRUNED_ROOTS: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What an environment's own directories are called that hold no other environment, unless it is nested on purpose.
const OWN: [&[u8]; 8] = [b"bin", b"Scripts", b"lib", b"lib64", b"Lib", b"include", b"Include", b"share"];

/// Whether a directory named `name` in `above` is left out.
pub fn is_pruned(above: &OsStr, name: &OsStr, path: impl FnOnce() -> PathBuf) -> bool {
    let (above, name) = (above.as_bytes(), name.as_bytes());
    let listed =
        |(parent, child): &(&str, &str)| name == child.as_bytes() && (parent.is_empty() || above == parent.as_bytes());
    if PRUNED_ANYWHERE.iter().any(listed) {
        return true;
    }
    if !matches!(name, b"proc" | b"sys" | b"dev") {
        return false;
    }
    let path = path();
    PRUNED_ROOTS.iter().any(|root| path == Path::new(root))
}

/// Whether a directory of an environment is its own, in which no other environment is looked for.
pub fn is_own(name: &OsStr) -> bool {
    OWN.contains(&name.as_bytes())
}
