//! What a program of Windows takes from libraries.

use bstr::{BString, ByteSlice};

use super::{IMPORTS, Program};

/// More libraries than any program names.
const MOST_LIBRARIES: u64 = 512;
/// More names than any program takes from one library.
const MOST_NAMES: u64 = 4096;
/// Longer than any name.
const LONGEST: u64 = 256;

/// A library that a program needs.
pub(super) struct Import {
    /// Its name, such as `python312.dll`.
    pub library: BString,
    /// Where the list of what is taken from it begins.
    list: u32,
}

impl Program<'_, '_> {
    /// The libraries that the program needs, in the order in which they are loaded.
    pub(super) fn imports(&self) -> Vec<Import> {
        let Some(table) = self.table(IMPORTS) else { return Vec::new() };
        let import = |index: u64| {
            let at = table + index * 20;
            let (names, addresses) = (self.number(at)?, self.number(at + 16)?);
            let name = self.number(at + 12).filter(|&name| name != 0)?;
            Some(Import { library: self.text(name)?, list: if names == 0 { addresses } else { names } })
        };
        (0..MOST_LIBRARIES).map_while(import).collect()
    }

    /// Whether the program takes one of these functions from a library.
    pub(super) fn takes(&self, import: &Import, functions: &[&[u8]]) -> bool {
        let Some(list) = self.offset(import.list) else { return false };
        let name = |index: u64| {
            let entry = if self.is_64 { self.long(list + index * 8)? } else { self.number(list + index * 4)?.into() };
            // What is taken by its number has no name.
            let by_number = entry >> if self.is_64 { 63 } else { 31 } != 0;
            let address = u32::try_from(entry).ok().filter(|_| !by_number);
            (entry != 0).then(|| address.and_then(|address| self.text(address.checked_add(2)?)).unwrap_or_default())
        };
        (0..MOST_NAMES).map_while(name).any(|name| functions.contains(&name.as_bytes()))
    }

    /// The text at an address, up to its NUL.
    fn text(&self, address: u32) -> Option<BString> {
        let at = self.offset(address)?;
        let length = LONGEST.min(self.image.size().checked_sub(at)?);
        let bytes = self.image.read(at, usize::try_from(length).ok()?)?;
        Some(bytes[..bytes.find_byte(0)?].into())
    }
}
