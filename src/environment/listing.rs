//! Which names a directory holds, sorted once.

use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::Survey;
use crate::host::Platform;

impl Survey<'_> {
    /// The names in a directory, sorted, and kept; none where it cannot be listed.
    pub fn names(&self, dir: &BStr) -> Option<Rc<[BString]>> {
        if let Some(known) = self.listings.borrow().get(dir.as_bytes().as_bstr()) {
            return Some(known.clone());
        }
        let mut names = self.ask.list_dir(dir).ok()?.to_vec();
        names.sort_unstable();
        let names: Rc<[BString]> = names.into();
        self.listings.borrow_mut().insert(dir.to_owned(), names.clone());
        Some(names)
    }

    /// Whether a directory holds a module or package of that name, in whatever form; none where it cannot be listed.
    pub fn has_module(&self, dir: &BStr, module: &BStr) -> Option<bool> {
        let names = self.names(dir)?;
        let is_package = names.binary_search_by(|name| name.as_bstr().cmp(module)).is_ok();
        Some(is_package || self.has_suffixed(dir, module)?)
    }

    /// Whether a directory holds a name that is that of a module with a suffix; none where it cannot be listed.
    pub fn has_suffixed(&self, dir: &BStr, module: &BStr) -> Option<bool> {
        let names = self.names(dir)?;
        let suffixed = crate::text::sentence!(module, ".");
        let next = names.get(names.partition_point(|name| *name < suffixed));
        Some(next.is_some_and(|name| name.starts_with(&suffixed)))
    }

    /// Whether a directory holds a name, as the file system of the platform compares names; none where that is not
    /// known.
    pub fn holds(&self, dir: &BStr, name: &BStr) -> Option<bool> {
        let names = self.names(dir)?;
        if names.binary_search_by(|known| known.as_bstr().cmp(name)).is_ok() {
            return Some(true);
        }
        match self.platform() {
            Platform::Linux => Some(false),
            _ if names.iter().any(|known| known.eq_ignore_ascii_case(name)) => Some(true),
            // Other letters have several spellings, of which the file system may have chosen another.
            _ => name.is_ascii().then_some(false),
        }
    }
}
