//! The build ID, with which a linker distinguishes builds.

use object::elf::{FileHeader32, FileHeader64, NT_GNU_BUILD_ID, PT_NOTE};
use object::endian::{Endian, Endianness};
use object::pod;
use object::read::elf::{FileHeader, ProgramHeader};

use super::{MOST_PROGRAM_HEADERS, Target};
use crate::interpreter::image::Image;

/// Longer than what any linker writes.
const LONGEST_NOTES: usize = 4096;

/// The build ID of an ELF file, where it has one.
pub(in crate::interpreter) fn build_id(image: &Image<'_>) -> Option<Vec<u8>> {
    let target = Target::of(image)?;
    if target.is_64 {
        of_class::<FileHeader64<Endianness>>(image, target.endian)
    } else {
        of_class::<FileHeader32<Endianness>>(image, target.endian)
    }
}

fn of_class<H: FileHeader<Endian = Endianness>>(image: &Image<'_>, endian: Endianness) -> Option<Vec<u8>> {
    let (header, _) = pod::from_bytes::<H>(image.head()).ok()?;
    let count = usize::from(header.e_phnum(endian));
    if count > MOST_PROGRAM_HEADERS || usize::from(header.e_phentsize(endian)) != size_of::<H::ProgramHeader>() {
        return None;
    }
    let bytes = image.read(header.e_phoff(endian).into(), count * size_of::<H::ProgramHeader>())?;
    let (headers, _) = pod::slice_from_bytes::<H::ProgramHeader>(&bytes, count).ok()?;
    headers.iter().filter(|header| header.p_type(endian) == PT_NOTE).find_map(|header| {
        let size = usize::try_from(header.p_filesz(endian).into()).ok()?.min(LONGEST_NOTES);
        in_notes(&image.read(header.p_offset(endian).into(), size)?, endian)
    })
}

/// Walks the notes: sizes of name and content, a type, then both, each filled up to four bytes.
fn in_notes(notes: &[u8], endian: Endianness) -> Option<Vec<u8>> {
    let mut rest = notes;
    loop {
        let number = |at: usize| {
            let bytes: [u8; 4] = rest.get(at..at + 4)?.try_into().ok()?;
            Some(endian.read_u32(bytes))
        };
        let (name_size, size, kind) = (padded(number(0)?)?, usize::try_from(number(4)?).ok()?, number(8)?);
        let name = rest.get(12..12 + name_size)?;
        let content = rest.get(12 + name_size..)?;
        if kind == NT_GNU_BUILD_ID.0 && name.starts_with(b"GNU\0") {
            return content.get(..size).map(<[u8]>::to_vec);
        }
        rest = content.get(padded(u32::try_from(size).ok()?)?..)?;
    }
}

fn padded(size: u32) -> Option<usize> {
    let size = usize::try_from(size).ok().filter(|&size| size <= LONGEST_NOTES)?;
    Some(size.next_multiple_of(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_of_the_linker_is_found_among_others() {
        let note = |kind: u8, content: &[u8]| {
            let size = u8::try_from(content.len()).unwrap();
            let mut note = vec![4, 0, 0, 0, size, 0, 0, 0, kind, 0, 0, 0];
            note.extend_from_slice(b"GNU\0");
            note.extend_from_slice(content);
            note.resize(note.len().next_multiple_of(4), 0);
            note
        };
        let notes = [note(1, b"abcde"), note(3, b"stamp")].concat();
        assert_eq!(in_notes(&notes, Endianness::Little), Some(b"stamp".to_vec()));
        for end in 0..notes.len() - 3 {
            assert_eq!(in_notes(&notes[..end], Endianness::Little), None, "{end}");
        }
        assert_eq!(in_notes(&[0xff; 64], Endianness::Little), None);
    }
}
