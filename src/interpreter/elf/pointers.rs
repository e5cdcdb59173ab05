//! The pointers in the data of a file, as the dynamic loader leaves them.
//!
//! A file that may be loaded anywhere keeps the targets of its pointers in a table of relocations. Those that are packed
//! (RELR), those of the formats without addends, and those of a file with a fixed address are in the data itself.

use bstr::{BString, ByteSlice};
use object::endian::Endian;

use super::Elf;
use crate::interpreter::image::Image;

/// More relocations than any Python has.
const MOST_RELOCATIONS: u64 = 1 << 19;
/// The size of `Elf64_Rela`.
const RELOCATION: usize = 24;
/// The size of `Elf64_Sym`.
const SYMBOL: u64 = 24;

/// What becomes of a pointer.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// It points to an address of the file.
    Address(u64),
    /// It points to a symbol, and so far behind it.
    Symbol(u64, u64),
}

/// The relocated pointers of a file, by their addresses.
#[derive(Debug, Default)]
pub(in crate::interpreter) struct Pointers(Vec<(u64, Target)>);

/// The numbers of the relocations of a machine: relative to the file, and of symbols.
fn kinds(machine: u16) -> Option<(u64, [u64; 2])> {
    Some(match machine {
        // x86-64, AArch64, RISC-V and LoongArch, S/390, PowerPC.
        62 => (8, [1, 6]),
        183 => (1027, [257, 1025]),
        243 | 258 => (3, [2, 2]),
        22 => (12, [22, 10]),
        21 => (22, [38, 20]),
        _ => return None,
    })
}

impl Pointers {
    /// Reads the table of relocations; empty where the file has none.
    pub fn of(elf: &Elf, image: &Image<'_>) -> Self {
        Self::read_table(elf, image).unwrap_or_default()
    }

    fn read_table(elf: &Elf, image: &Image<'_>) -> Option<Self> {
        let (address, size) = elf.dynamic.relocations;
        let (relative, symbolic) = kinds(elf.target.machine).filter(|_| elf.target.is_64 && address != 0)?;
        let endian = elf.target.endian;
        let size = usize::try_from(size.min(MOST_RELOCATIONS * RELOCATION as u64)).ok()?;
        let bytes = elf.at(image, address, size)?;
        let mut found = Vec::with_capacity(bytes.len() / RELOCATION);
        for entry in bytes.chunks_exact(RELOCATION) {
            let word = |at: usize| Some(endian.read_u64(entry.get(at..at + 8)?.try_into().ok()?));
            let (place, info, addend) = (word(0)?, word(8)?, word(16)?);
            let kind = info & 0xffff_ffff;
            if kind == relative {
                found.push((place, Target::Address(addend)));
            } else if symbolic.contains(&kind) {
                found.push((place, Target::Symbol(info >> 32, addend)));
            }
        }
        if !found.is_sorted_by_key(|(place, _)| *place) {
            found.sort_by_key(|(place, _)| *place);
        }
        Some(Self(found))
    }

    /// What the pointer at an address points to: 0 for a null pointer, none where that is not in the file.
    pub fn target(&self, elf: &Elf, image: &Image<'_>, address: u64) -> Option<u64> {
        let known = self.0.binary_search_by_key(&address, |(place, _)| *place);
        match known.ok().and_then(|index| self.0.get(index)) {
            Some((_, Target::Address(target))) => Some(*target),
            Some((_, Target::Symbol(index, addend))) => elf.symbol_value(image, *index)?.checked_add(*addend),
            None if elf.target.is_64 => Some(elf.target.endian.read_u64(elf.array(image, address)?)),
            None => elf.u32_at(image, address).map(u64::from),
        }
    }

    /// The address of the first pointer that points to a target.
    pub fn pointer_to(&self, wanted: u64) -> Option<u64> {
        self.0
            .iter()
            .find_map(|(place, target)| matches!(target, Target::Address(it) if *it == wanted).then_some(*place))
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
