//! The pointers in the data of a file, as the dynamic loader leaves them.
//!
//! A file that may be loaded anywhere keeps the targets of its pointers in a table of relocations. Those that are packed
//! (RELR), those of the formats without addends, and those of a file with a fixed address are in the data itself.

use bstr::{BString, ByteSlice};
use object::endian::{Endian, Endianness};

use super::Elf;
use crate::interpreter::image::Image;

/// More relocations than any Python has.
const MOST_RELOCATIONS: u64 = 1 << 19;
/// The size of `Elf64_Rela`.
const RELOCATION: usize = 24;
/// The size of `Elf64_Sym`.
const SYMBOL: u64 = 24;

/// The relocated pointers of a file, by their addresses.
///
/// An interpreter has tens of thousands, of which a few hundred are asked for, so that they stay as they are in the table.
/// Linkers put those that are relative to the file first and sort them; only the others have to be sorted here.
#[derive(Debug)]
pub(in crate::interpreter) struct Pointers {
    endian: Endianness,
    kinds: Kinds,
    table: Vec<u8>,
    /// How many entries at the beginning of the table have ascending addresses. Those of the others ascend again.
    sorted: usize,
}

/// The numbers of the relocations of a machine.
#[derive(Clone, Copy, Debug)]
struct Kinds {
    /// Relative to the file.
    relative: u64,
    /// Of symbols.
    symbolic: [u64; 2],
}

/// An entry of the table of relocations.
struct Relocation {
    /// The address of the pointer.
    place: u64,
    /// The number of the symbol, and the kind.
    info: u64,
    /// What is added.
    addend: u64,
}

fn kinds(machine: u16) -> Option<Kinds> {
    let (relative, symbolic) = match machine {
        // x86-64, AArch64, RISC-V and LoongArch, S/390, PowerPC.
        62 => (8, [1, 6]),
        183 => (1027, [257, 1025]),
        243 | 258 => (3, [2, 2]),
        22 => (12, [22, 10]),
        21 => (22, [38, 20]),
        _ => return None,
    };
    Some(Kinds { relative, symbolic })
}

impl Relocation {
    fn read(entry: &[u8; RELOCATION], endian: Endianness) -> Self {
        let (words, _) = entry.as_chunks::<8>();
        let [place, info, addend] = [words[0], words[1], words[2]].map(|word| endian.read_u64(word));
        Self { place, info, addend }
    }

    fn kind(&self) -> u64 {
        self.info & 0xffff_ffff
    }
}

impl Pointers {
    /// Reads the table of relocations; empty where the file has none.
    pub fn of(elf: &Elf, image: &Image<'_>) -> Self {
        let none = Kinds { relative: 0, symbolic: [0, 0] };
        let empty = || Self { endian: elf.target.endian, kinds: none, table: Vec::new(), sorted: 0 };
        Self::read_table(elf, image).unwrap_or_else(empty)
    }

    fn read_table(elf: &Elf, image: &Image<'_>) -> Option<Self> {
        let (address, size) = elf.dynamic.relocations;
        let kinds = kinds(elf.target.machine).filter(|_| elf.target.is_64 && address != 0)?;
        let endian = elf.target.endian;
        let size = usize::try_from(size.min(MOST_RELOCATIONS * RELOCATION as u64)).ok()?;
        let mut table = elf.at(image, address, size)?.into_owned();
        let (entries, _) = table.as_chunks_mut::<RELOCATION>();
        let place = |entry: &[u8; RELOCATION]| Relocation::read(entry, endian).place;
        let descent = entries.windows(2).position(|pair| place(&pair[0]) > place(&pair[1]));
        let sorted = descent.map_or(entries.len(), |last| last + 1);
        entries[sorted..].sort_unstable_by_key(place);
        Some(Self { endian, kinds, table, sorted })
    }

    /// The entries in two parts, each sorted by address.
    fn parts(&self) -> [&[[u8; RELOCATION]]; 2] {
        let (entries, _) = self.table.as_chunks::<RELOCATION>();
        entries.split_at(self.sorted).into()
    }

    /// What the pointer at an address points to: 0 for a null pointer, none where that is not in the file.
    pub fn target(&self, elf: &Elf, image: &Image<'_>, address: u64) -> Option<u64> {
        match self.relocation_at(address) {
            Some(found) if found.kind() == self.kinds.relative => Some(found.addend),
            Some(found) => elf.symbol_value(image, found.info >> 32)?.checked_add(found.addend),
            None if elf.target.is_64 => Some(elf.target.endian.read_u64(elf.array(image, address)?)),
            None => elf.u32_at(image, address).map(u64::from),
        }
    }

    /// The relocation of the pointer at an address, if it is of one of the kinds that are understood.
    fn relocation_at(&self, address: u64) -> Option<Relocation> {
        let read = |entry| Relocation::read(entry, self.endian);
        let found = self.parts().into_iter().find_map(|part| {
            let index = part.binary_search_by_key(&address, |entry| read(entry).place).ok()?;
            Some(read(&part[index]))
        })?;
        (found.kind() == self.kinds.relative || self.kinds.symbolic.contains(&found.kind())).then_some(found)
    }

    /// The address of the first pointer that points to a target.
    pub fn pointer_to(&self, wanted: u64) -> Option<u64> {
        let is_it = |found: &Relocation| found.addend == wanted && found.kind() == self.kinds.relative;
        let first = |part: &[[u8; RELOCATION]]| {
            part.iter().map(|entry| Relocation::read(entry, self.endian)).find(is_it).map(|found| found.place)
        };
        self.parts().into_iter().filter_map(first).min()
    }
}

impl Elf {
    /// How many bytes a pointer has.
    pub fn pointer_size(&self) -> u64 {
        if self.target.is_64 { 8 } else { 4 }
    }

    /// A small number at an address.
    pub fn number(&self, image: &Image<'_>, address: u64) -> Option<i32> {
        Some(i32::from_ne_bytes(self.u32_at(image, address)?.to_ne_bytes()))
    }

    /// The text at an address.
    pub fn text(&self, image: &Image<'_>, address: u64) -> Option<BString> {
        self.string(image, address)
    }

    /// The address at which a byte of the file is mapped.
    pub fn address_of(&self, offset: u64) -> Option<u64> {
        let segment = self
            .segments
            .iter()
            .find(|segment| offset.checked_sub(segment.offset).is_some_and(|into| into < segment.size))?;
        segment.address.checked_add(offset - segment.offset)
    }

    /// Where the data holds a pointer to an address, in a file whose pointers are not in a table.
    pub fn plain_pointer_to(&self, image: &Image<'_>, wanted: u64) -> Option<u64> {
        let bytes: Vec<u8> = if self.target.is_64 {
            self.target.endian.write_u64(wanted).to_vec()
        } else {
            self.target.endian.write_u32(u32::try_from(wanted).ok()?).to_vec()
        };
        self.segments.iter().rev().find_map(|segment| {
            let content = image.read(segment.offset, usize::try_from(segment.size).ok()?)?;
            let at = content.find_iter(&bytes).find(|at| at % bytes.len() == 0)?;
            segment.address.checked_add(at as u64)
        })
    }

    /// The value of a symbol that this file defines.
    fn symbol_value(&self, image: &Image<'_>, index: u64) -> Option<u64> {
        let address = self.dynamic.symbols.checked_add(index.checked_mul(SYMBOL)?)?;
        let bytes: [u8; 24] = self.array(image, address)?;
        let is_defined = bytes[6..8] != [0, 0];
        is_defined.then(|| Some(self.target.endian.read_u64(bytes[8..16].try_into().ok()?)))?
    }
}
