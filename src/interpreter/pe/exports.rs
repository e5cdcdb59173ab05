//! What a library of Windows exports, and what its pointers lead to.

use bstr::{BString, ByteSlice};

use super::Program;
use crate::interpreter::elf::until_nul;

/// The table of exports.
const EXPORTS: u64 = 0;
/// More names than any library exports.
const MOST_EXPORTS: u32 = 1 << 16;
/// No name is longer.
const LONGEST_NAME: usize = 256;

impl Program<'_, '_> {
    /// How many bytes a pointer has.
    pub fn pointer_size(&self) -> u64 {
        if self.is_64 { 8 } else { 4 }
    }

    /// What the pointer at an address points to; 0 for a null pointer.
    pub fn target(&self, address: u64) -> Option<u64> {
        let at = self.offset(u32::try_from(address).ok()?)?;
        let pointer = if self.is_64 { self.long(at)? } else { u64::from(self.number(at)?) };
        if pointer == 0 { Some(0) } else { pointer.checked_sub(self.base) }
    }

    /// The number at an address.
    pub fn number_at(&self, address: u64) -> Option<u32> {
        self.number(self.offset(u32::try_from(address).ok()?)?)
    }

    /// The text at an address, up to its NUL.
    pub fn text_at(&self, address: u64) -> Option<BString> {
        let at = self.offset(u32::try_from(address).ok()?)?;
        let rest = usize::try_from(self.image.size().checked_sub(at)?).ok()?;
        let bytes = self.image.read(at, rest.min(LONGEST_NAME))?;
        bytes.contains(&0).then(|| until_nul(&bytes).into())
    }

    /// The address of an exported symbol; the names are sorted.
    pub fn export(&self, name: &[u8]) -> Option<u64> {
        let table = self.table(EXPORTS)?;
        let names = self.number(table + 24)?.min(MOST_EXPORTS);
        let (functions, name_table, ordinals) =
            (self.number(table + 28)?, self.number(table + 32)?, self.number(table + 36)?);
        let (mut low, mut high) = (0, names);
        while low < high {
            let middle = u32::midpoint(low, high);
            let own = self.number(self.offset(name_table)? + 4 * u64::from(middle))?;
            match self.text_at(own.into())?.as_bytes().cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let ordinal = self.short(self.offset(ordinals)? + 2 * u64::from(middle))?;
                    let address = self.number(self.offset(functions)? + 4 * u64::from(ordinal))?;
                    return Some(address.into());
                }
            }
        }
        None
    }
}
