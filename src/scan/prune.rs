//! Directories that cannot hold an environment, or none that anybody would use. `--no-prune` enters them too.

use bstr::{BStr, BString};

/// Directories that are not entered: the name of the directory above, empty where any will do, and the name itself.
///
/// In each, a program keeps its data under names that it chooses itself: the objects of a version control system, bytecode,
/// caches.
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

/// File systems in which the kernel shows its own state, and no files; at these paths only.
pub const PRUNED_ROOTS: [&str; 3] = ["/proc", "/sys", "/dev"];

/// The directories of an environment that hold no other environment, unless somebody nests one on purpose.
const OWN: [&[u8]; 8] = [b"bin", b"Scripts", b"lib", b"lib64", b"Lib", b"include", b"Include", b"share"];

/// Whether a directory called `name`, in one called `above`, is left out.
pub fn is_pruned(above: &BStr, name: &BStr, path: impl FnOnce() -> BString) -> bool {
    let listed = |(parent, child): &(&str, &str)| name == child && (parent.is_empty() || above == parent);
    if PRUNED_ANYWHERE.iter().any(listed) {
        return true;
    }
    if !matches!(&**name, b"proc" | b"sys" | b"dev") {
        return false;
    }
    let path = path();
    PRUNED_ROOTS.iter().any(|root| path == *root)
}

/// Whether a directory called `name` in an environment is one of those in which no other environment is looked for.
pub fn is_own(name: &BStr) -> bool {
    OWN.contains(&&**name)
}
