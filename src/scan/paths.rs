//! Absolute paths taken apart without being copied, which a walk does for every directory.

use bstr::{BStr, BString, ByteSlice};

use crate::host::Host;
use crate::host::path::Flavor;

/// The paths of one machine.
#[derive(Clone, Copy, Debug)]
pub struct Paths {
    /// The rules of the machine.
    pub flavor: Flavor,
    separator: u8,
}

impl Paths {
    /// Those of `host`.
    pub fn of(host: &dyn Host) -> Self {
        let flavor = Flavor::of(host.platform());
        Self { flavor, separator: flavor.separator() }
    }

    /// The last name of a path; empty for a root.
    pub fn name(self, path: &BStr) -> &BStr {
        path[self.last_separator(path).map_or(0, |at| at + 1)..].as_bstr()
    }

    /// The directory that holds what is at `path`; none for a root.
    pub fn parent(self, path: &BStr) -> Option<&BStr> {
        let at = self.last_separator(path).filter(|at| at + 1 < path.len())?;
        let head = path[..at].as_bstr();
        let is_root = head.is_empty() || (self.flavor == Flavor::Windows && head.ends_with(b":"));
        Some(if is_root { path[..=at].as_bstr() } else { head })
    }

    /// The path of `name` in `dir`.
    pub fn join(self, dir: &BStr, name: &BStr) -> BString {
        let mut path = Vec::with_capacity(dir.len() + 1 + name.len());
        path.extend_from_slice(dir);
        if path.last() != Some(&self.separator) {
            path.push(self.separator);
        }
        path.extend_from_slice(name);
        path.into()
    }

    fn last_separator(self, path: &BStr) -> Option<usize> {
        path.rfind_byte(self.separator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{MemoryHost, Platform};

    #[test]
    fn a_path_is_its_parent_and_its_name() {
        let posix = Paths::of(&MemoryHost::new(Platform::Linux));
        let windows = Paths::of(&MemoryHost::new(Platform::Windows));
        for (paths, dir, name, path) in [
            (posix, "/", "a", "/a"),
            (posix, "/a", "b", "/a/b"),
            (windows, r"C:\", "a", r"C:\a"),
            (windows, r"C:\a", "b", r"C:\a\b"),
        ] {
            assert_eq!(paths.join(dir.into(), name.into()), path);
            assert_eq!(paths.parent(path.into()), Some(dir.into()));
            assert_eq!(paths.name(path.into()), name);
        }
        assert_eq!((posix.parent("/".into()), posix.name("/".into())), (None, "".into()));
        assert_eq!(windows.parent(r"C:\".into()), None);
    }
}
