//! The resources of a Windows program.

use bstr::{BString, ByteSlice};

use super::{Image, Program, RESOURCES};

/// `RT_STRING`: sixteen texts each.
const TEXTS: u32 = 6;
/// `RT_RCDATA`, the kind of resources that a program defines itself.
const RAW_DATA: u32 = 10;
/// `RT_VERSION`.
const VERSION: u32 = 16;
/// More entries than any directory of resources has.
const MOST_ENTRIES: u32 = 4096;
/// Longer than any path.
const LARGEST: u32 = 32 << 10;
/// The entry is another directory, or the name is a text.
const HIGH_BIT: u32 = 1 << 31;

/// The data of the resource of this name; none where the program has no such resource, or is damaged.
pub fn find(image: &Image<'_>, name: &str) -> Option<BString> {
    let program = Program::of(image)?;
    let resources = program.resources()?;
    resources.data(RAW_DATA, |id| id & HIGH_BIT != 0 && resources.is_named(id & !HIGH_BIT, name))
}

pub(super) struct Resources<'p, 'i, 'h> {
    program: &'p Program<'i, 'h>,
    /// Where they begin in the file.
    start: u64,
}

impl<'i, 'h> Program<'i, 'h> {
    pub(super) fn resources(&self) -> Option<Resources<'_, 'i, 'h>> {
        Some(Resources { program: self, start: self.table(RESOURCES)? })
    }
}

impl Resources<'_, '_, '_> {
    /// A text of the description of the version, such as `FileVersion`.
    pub fn version_text(&self, key: &str) -> Option<String> {
        let description = self.data(VERSION, |_| true)?;
        let key: Vec<u8> = key.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        // Whatever precedes a name begins at a multiple of four, and has six bytes.
        let at = description.find_iter(&key).find(|at| at % 2 == 0)?;
        let value = (at + key.len()).next_multiple_of(4);
        text(description.get(value..)?)
    }

    /// The text of this number.
    pub fn text(&self, number: u32) -> Option<String> {
        let block = self.data(TEXTS, |id| id == number / 16 + 1)?;
        let mut rest = block.as_slice();
        for _ in 0..number % 16 {
            let (length, after) = rest.split_first_chunk::<2>()?;
            rest = after.get(usize::from(u16::from_le_bytes(*length)) * 2..)?;
        }
        let (length, after) = rest.split_first_chunk::<2>()?;
        text(after.get(..usize::from(u16::from_le_bytes(*length)) * 2)?)
    }

    /// The data of the first resource of a kind that is wanted.
    fn data(&self, kind: u32, is_wanted: impl Fn(u32) -> bool) -> Option<BString> {
        let of_kind = self.entry(0, |id| id == kind)?;
        let named = self.entry(of_kind & !HIGH_BIT, is_wanted)?;
        let entry = self.entry(named & !HIGH_BIT, |_| true).filter(|entry| entry & HIGH_BIT == 0)?;
        let at = self.start + u64::from(entry);
        let (address, size) = (self.program.number(at)?, self.program.number(at + 4)?);
        let size = usize::try_from(size.min(LARGEST)).ok()?;
        let content = self.program.image.read(self.program.offset(address)?, size)?;
        Some(content.into_owned().into())
    }

    /// The first entry of a directory whose name is `wanted`.
    fn entry(&self, directory: u32, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        let at = self.start + u64::from(directory);
        let count = u32::from(self.program.short(at + 12)?) + u32::from(self.program.short(at + 14)?);
        (0..count.min(MOST_ENTRIES)).find_map(|index| {
            let entry = at + 16 + u64::from(index) * 8;
            let id = self.program.number(entry)?;
            wanted(id).then(|| self.program.number(entry + 4))?
        })
    }

    /// Whether the text at this place is `name`, in UTF-16.
    fn is_named(&self, place: u32, name: &str) -> bool {
        let at = self.start + u64::from(place);
        let encoded: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let has_length = self.program.short(at).is_some_and(|length| usize::from(length) * 2 == encoded.len());
        let text = self.program.image.read(at + 2, encoded.len());
        has_length && text.is_some_and(|text| text.as_bytes() == encoded)
    }
}

/// UTF-16 up to its NUL or its end.
fn text(bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    String::from_utf16(&units).ok()
}
