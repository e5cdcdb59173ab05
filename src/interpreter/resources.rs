//! The resources of a Windows program.

use bstr::{BString, ByteSlice};

use super::image::Image;

/// `RT_RCDATA`, the kind of resources that a program defines itself.
const RAW_DATA: u32 = 10;
/// More entries than any directory of resources has.
const MOST_ENTRIES: u32 = 4096;
/// A program has a few sections.
const MOST_SECTIONS: u16 = 96;
/// Longer than any path.
const LARGEST: u32 = 32 << 10;
/// The entry is another directory, or the name is a text.
const HIGH_BIT: u32 = 1 << 31;

/// The data of the resource of this name; none where the program has no such resource, or is damaged.
pub(super) fn find(image: &Image<'_>, name: &str) -> Option<BString> {
    let program = Program::of(image)?;
    let raw = program.entry(0, |id| id == RAW_DATA)?;
    let named = program.entry(raw & !HIGH_BIT, |id| id & HIGH_BIT != 0 && program.is_named(id & !HIGH_BIT, name))?;
    let entry = program.entry(named & !HIGH_BIT, |_| true).filter(|entry| entry & HIGH_BIT == 0)?;
    let at = program.resources + u64::from(entry);
    let (address, size) = (program.number(at)?, program.number(at + 4)?);
    let content = image.read(program.offset(address)?, usize::try_from(size.min(LARGEST)).ok()?)?;
    Some(content.into_owned().into())
}

struct Program<'i, 'h> {
    image: &'i Image<'h>,
    /// The sections: address, size in the file, and offset in the file.
    sections: Vec<(u32, u32, u32)>,
    /// Where the resources begin in the file.
    resources: u64,
}

impl<'i, 'h> Program<'i, 'h> {
    fn of(image: &'i Image<'h>) -> Option<Self> {
        let mut program = Self { image, sections: Vec::new(), resources: 0 };
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
        let directories = if program.short(optional)? == 0x20b { optional + 112 } else { optional + 96 };
        program.resources = program.offset(program.number(directories + 16)?)?;
        Some(program)
    }

    fn short(&self, at: u64) -> Option<u16> {
        self.image.read(at, 2)?.as_ref().try_into().ok().map(u16::from_le_bytes)
    }

    fn number(&self, at: u64) -> Option<u32> {
        self.image.read(at, 4)?.as_ref().try_into().ok().map(u32::from_le_bytes)
    }

    /// Where in the file an address is.
    fn offset(&self, address: u32) -> Option<u64> {
        let (start, _, offset) = self
            .sections
            .iter()
            .find(|(start, size, _)| address.checked_sub(*start).is_some_and(|distance| distance < *size))?;
        Some(u64::from(*offset) + u64::from(address - start))
    }

    /// The first entry of a directory whose name is `wanted`.
    fn entry(&self, directory: u32, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        let at = self.resources + u64::from(directory);
        let count = u32::from(self.short(at + 12)?) + u32::from(self.short(at + 14)?);
        (0..count.min(MOST_ENTRIES)).find_map(|index| {
            let entry = at + 16 + u64::from(index) * 8;
            let id = self.number(entry)?;
            wanted(id).then(|| self.number(entry + 4))?
        })
    }

    /// Whether the text at this place is `name`, in UTF-16.
    fn is_named(&self, place: u32, name: &str) -> bool {
        let at = self.resources + u64::from(place);
        let encoded: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let has_length = self.short(at).is_some_and(|length| usize::from(length) * 2 == encoded.len());
        has_length && self.image.read(at + 2, encoded.len()).is_some_and(|text| text.as_bytes() == encoded)
    }
}
