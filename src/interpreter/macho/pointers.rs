//! The pointers in the data of a Mach-O file, as dyld leaves them.
//!
//! Old files hold the addresses themselves. Since macOS 12, linkers write chains: each pointer holds its target in some of
//! its bits, and in others the distance to the next.

use bstr::BString;
use object::endian::Endian;
use object::macho::{
    DYLD_CHAINED_PTR_64, DYLD_CHAINED_PTR_64_OFFSET, DYLD_CHAINED_PTR_ARM64E, DYLD_CHAINED_PTR_ARM64E_USERLAND,
    DYLD_CHAINED_PTR_ARM64E_USERLAND24, DyldChainedPtrFormat,
};

use super::{LONGEST_STRING, Macho};
use crate::interpreter::elf::until_nul;
use crate::interpreter::image::Image;

/// More segments than any file has.
const MOST_SEGMENTS: u32 = 64;

/// How pointers are written in a file.
#[derive(Clone, Copy, Debug)]
pub(in crate::interpreter) struct Pointers {
    /// None where they are plain addresses.
    format: Option<DyldChainedPtrFormat>,
    base: u64,
}

impl Pointers {
    /// Reads how a file writes its pointers; none where that cannot be found out.
    pub fn of(macho: &Macho, image: &Image<'_>) -> Option<Self> {
        let base = macho.base()?;
        match macho.fixups {
            None => Some(Self { format: None, base }),
            Some((start, _)) => Some(Self { format: Some(format(macho, image, start)?), base }),
        }
    }

    /// What the pointer at an address points to; 0 for a null pointer, none where another library has it.
    pub fn target(&self, macho: &Macho, image: &Image<'_>, address: u64) -> Option<u64> {
        let raw = macho.endian.read_u64(macho.array(image, address)?);
        let bits = |count: u32| raw & ((1 << count) - 1);
        let (is_bound, is_signed) = (raw >> 62 & 1 == 1, raw >> 63 == 1);
        match self.format {
            None => Some(raw),
            Some(_) if raw == 0 => Some(0),
            // The highest bit says that another library has the target.
            Some(DYLD_CHAINED_PTR_64) if !is_signed => Some(bits(36)),
            Some(DYLD_CHAINED_PTR_64_OFFSET) if !is_signed => self.base.checked_add(bits(36)),
            Some(DYLD_CHAINED_PTR_64 | DYLD_CHAINED_PTR_64_OFFSET) => None,
            Some(_) if is_bound => None,
            Some(_) if is_signed => self.base.checked_add(bits(32)),
            Some(DYLD_CHAINED_PTR_ARM64E) => Some(bits(43)),
            Some(_) => self.base.checked_add(bits(43)),
        }
    }
}

/// The format that the first segment with pointers has; all have the same.
fn format(macho: &Macho, image: &Image<'_>, start: u64) -> Option<DyldChainedPtrFormat> {
    let number = |at: u64| -> Option<u32> {
        let bytes: [u8; 4] = macho.read(image, at, 4)?.as_ref().try_into().ok()?;
        Some(macho.endian.read_u32(bytes))
    };
    let starts = start.checked_add(number(start.checked_add(4)?)?.into())?;
    let count = number(starts)?.min(MOST_SEGMENTS);
    let mut segments = (0..u64::from(count)).filter_map(|index| number(starts.checked_add(4 + 4 * index)?));
    let segment = segments.find(|offset| *offset != 0)?;
    let at = starts.checked_add(segment.into())?.checked_add(6)?;
    let bytes: [u8; 2] = macho.read(image, at, 2)?.as_ref().try_into().ok()?;
    let format = DyldChainedPtrFormat(macho.endian.read_u16(bytes));
    let is_known = matches!(
        format,
        DYLD_CHAINED_PTR_64
            | DYLD_CHAINED_PTR_64_OFFSET
            | DYLD_CHAINED_PTR_ARM64E
            | DYLD_CHAINED_PTR_ARM64E_USERLAND
            | DYLD_CHAINED_PTR_ARM64E_USERLAND24
    );
    is_known.then_some(format)
}

impl Macho {
    /// The text at an address.
    pub fn text(&self, image: &Image<'_>, address: u64) -> Option<BString> {
        let (offset, rest) = self.offset(address)?;
        let length = usize::try_from(rest).ok()?.min(LONGEST_STRING);
        let bytes = self.read(image, offset, length)?;
        bytes.contains(&0).then(|| until_nul(&bytes).into())
    }
}
