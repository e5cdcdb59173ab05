//! Programs of Windows: their headers, and what they say of themselves.

mod exports;
mod imports;
mod inspect;
mod resources;
#[cfg(test)]
mod tests;

use bstr::ByteSlice;

use super::image::Image;

pub(super) use inspect::{inspect, of_redirector};
pub(super) use resources::find as find_resource;

/// A program has a few sections.
const MOST_SECTIONS: u16 = 96;
/// The tables that the header names: of imports, and of resources.
const IMPORTS: u64 = 1;
const RESOURCES: u64 = 2;
/// The magic number of 64-bit programs.
const PLUS: u16 = 0x20b;

/// The headers of a program or library.
pub(super) struct Program<'i, 'h> {
    image: &'i Image<'h>,
    /// The processor, as `IMAGE_FILE_MACHINE_…` numbers it.
    machine: u16,
    /// Whether it is a library.
    is_library: bool,
    is_64: bool,
    /// The sections: address, size in the file, and offset in the file.
    sections: Vec<(u32, u32, u32)>,
    /// Where the list of tables begins in the file.
    tables: u64,
    /// The address at which it is meant to be loaded, which its pointers contain.
    base: u64,
}

impl<'i, 'h> Program<'i, 'h> {
    /// Reads the headers; none where there are none, or damaged ones.
    pub fn of(image: &'i Image<'h>) -> Option<Self> {
        const LIBRARY: u16 = 0x2000;
        let (machine, is_library, is_64, tables, base) = (0, false, false, 0, 0);
        let mut program = Self { image, machine, is_library, is_64, sections: Vec::new(), tables, base };
        let header = u64::from(program.number(0x3c)?);
        if image.read(header, 4)?.as_bytes() != b"PE\0\0" {
            return None;
        }
        program.machine = program.short(header + 4)?;
        program.is_library = program.short(header + 22)? & LIBRARY != 0;
        let count = program.short(header + 6)?.min(MOST_SECTIONS);
        let optional = header + 24;
        let table = optional + u64::from(program.short(header + 20)?);
        for index in 0..u64::from(count) {
            let at = table + index * 40;
            program.sections.push((program.number(at + 12)?, program.number(at + 16)?, program.number(at + 20)?));
        }
        program.is_64 = program.short(optional)? == PLUS;
        program.tables = if program.is_64 { optional + 112 } else { optional + 96 };
        program.base =
            if program.is_64 { program.long(optional + 24)? } else { u64::from(program.number(optional + 28)?) };
        Some(program)
    }

    /// Where in the file a table of the header begins; none where the program has none.
    fn table(&self, number: u64) -> Option<u64> {
        self.offset(self.number(self.tables + number * 8)?)
    }

    fn short(&self, at: u64) -> Option<u16> {
        self.image.read(at, 2)?.as_ref().try_into().ok().map(u16::from_le_bytes)
    }

    fn number(&self, at: u64) -> Option<u32> {
        self.image.read(at, 4)?.as_ref().try_into().ok().map(u32::from_le_bytes)
    }

    fn long(&self, at: u64) -> Option<u64> {
        self.image.read(at, 8)?.as_ref().try_into().ok().map(u64::from_le_bytes)
    }

    /// Where in the file an address is.
    fn offset(&self, address: u32) -> Option<u64> {
        let (start, _, offset) = self
            .sections
            .iter()
            .find(|(start, size, _)| address.checked_sub(*start).is_some_and(|distance| distance < *size))?;
        Some(u64::from(*offset) + u64::from(address - start))
    }
}
