//! The headers of a Windows program or library, and what it exports.

use bstr::{BString, ByteSlice};

use super::elf::until_nul;
use super::image::Image;

/// A program has a few sections.
const MOST_SECTIONS: u16 = 96;
/// More names than any library exports.
const MOST_EXPORTS: u32 = 1 << 16;
/// No name is longer.
const LONGEST_NAME: usize = 256;

/// A program, with what its headers say.
pub(super) struct Pe<'i, 'h> {
    image: &'i Image<'h>,
    /// The sections: address, size in the file, and offset in the file.
    sections: Vec<(u32, u32, u32)>,
    /// Where the table of directories is in the file.
    directories: u64,
    /// The address at which it is meant to be loaded, which its pointers contain.
    base: u64,
    is_64: bool,
}

impl<'i, 'h> Pe<'i, 'h> {
    /// Reads the headers; none where it is no program of Windows.
    pub fn of(image: &'i Image<'h>) -> Option<Self> {
        let mut program = Self { image, sections: Vec::new(), directories: 0, base: 0, is_64: false };
        let header = u64::from(program.number(0x3c)?);
        if image.read(header, 4)?.as_bytes() != b"PE\0\0" {
            return None;
        }
        let count = program.short(header + 6)?.min(MOST_SECTIONS);
        let optional = header + 24;
        let table = optional + u64::from(program.short(header + 20)?);
        for index in 0..u64::from(count) {
            let at = table + index * 40;
            program.sections.push((program.number(at + 12)?, program.number(at + 16)?, program.number(at + 20)?));
        }
        program.is_64 = program.short(optional)? == 0x20b;
        program.directories = if program.is_64 { optional + 112 } else { optional + 96 };
        program.base =
            if program.is_64 { program.long(optional + 24)? } else { u64::from(program.number(optional + 28)?) };
        Some(program)
    }

    /// The two bytes at an offset of the file.
    pub fn short(&self, at: u64) -> Option<u16> {
        self.image.read(at, 2)?.as_ref().try_into().ok().map(u16::from_le_bytes)
    }

    /// The four bytes at an offset of the file.
    pub fn number(&self, at: u64) -> Option<u32> {
        self.image.read(at, 4)?.as_ref().try_into().ok().map(u32::from_le_bytes)
    }

    fn long(&self, at: u64) -> Option<u64> {
        self.image.read(at, 8)?.as_ref().try_into().ok().map(u64::from_le_bytes)
    }

    /// The address of a directory, such as that of exports (0) or of resources (2).
    pub fn directory(&self, index: u64) -> Option<u32> {
        self.number(self.directories + 8 * index)
    }

    /// Where in the file an address is.
    pub fn offset(&self, address: u32) -> Option<u64> {
        let (start, _, offset) = self
            .sections
            .iter()
            .find(|(start, size, _)| address.checked_sub(*start).is_some_and(|distance| distance < *size))?;
        Some(u64::from(*offset) + u64::from(address - start))
    }

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
        let table = self.offset(self.directory(0)?)?;
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
