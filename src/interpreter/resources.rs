//! The resources of a Windows program.

use bstr::{BString, ByteSlice};

use super::image::Image;
use super::pe::Pe;

/// `RT_RCDATA`, the kind of resources that a program defines itself.
const RAW_DATA: u32 = 10;
/// More entries than any directory of resources has.
const MOST_ENTRIES: u32 = 4096;
/// The directory of resources.
const RESOURCES: u64 = 2;
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
    let (address, size) = (program.pe.number(at)?, program.pe.number(at + 4)?);
    let content = image.read(program.pe.offset(address)?, usize::try_from(size.min(LARGEST)).ok()?)?;
    Some(content.into_owned().into())
}

struct Program<'i, 'h> {
    image: &'i Image<'h>,
    pe: Pe<'i, 'h>,
    /// Where the resources begin in the file.
    resources: u64,
}

impl<'i, 'h> Program<'i, 'h> {
    fn of(image: &'i Image<'h>) -> Option<Self> {
        let pe = Pe::of(image)?;
        let resources = pe.offset(pe.directory(RESOURCES)?)?;
        Some(Self { image, pe, resources })
    }

    /// The first entry of a directory whose name is `wanted`.
    fn entry(&self, directory: u32, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        let at = self.resources + u64::from(directory);
        let count = u32::from(self.pe.short(at + 12)?) + u32::from(self.pe.short(at + 14)?);
        (0..count.min(MOST_ENTRIES)).find_map(|index| {
            let entry = at + 16 + u64::from(index) * 8;
            let id = self.pe.number(entry)?;
            wanted(id).then(|| self.pe.number(entry + 4))?
        })
    }

    /// Whether the text at this place is `name`, in UTF-16.
    fn is_named(&self, place: u32, name: &str) -> bool {
        let at = self.resources + u64::from(place);
        let encoded: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let has_length = self.pe.short(at).is_some_and(|length| usize::from(length) * 2 == encoded.len());
        has_length && self.image.read(at + 2, encoded.len()).is_some_and(|text| text.as_bytes() == encoded)
    }
}
