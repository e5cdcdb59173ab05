//! Resources of Windows programs: data under a name, which the linker or an installer puts there.

use bstr::{BString, ByteSlice};

use crate::host::Binary;

/// Headers come first, and are short.
const MOST_HEADERS: usize = 4096;
/// Launchers carry a script and an icon.
const MOST_RESOURCES: usize = 256 << 10;
/// The kind of resource that is bytes and nothing more.
const RAW_DATA: u32 = 10;
/// In an offset: what is there is a table. In a name: it is written out.
const MARK: u32 = 1 << 31;

/// The raw data under `name`.
pub(super) fn raw(file: &dyn Binary, name: &str) -> Option<BString> {
    let size = usize::try_from(file.size()).ok()?;
    let headers = file.read_at(0, size.min(MOST_HEADERS)).ok()?;
    let (address, at, length) = section(&headers)?;
    let length = length.min(size.checked_sub(at)?).min(MOST_RESOURCES);
    let table = Table { bytes: file.read_at(u64::try_from(at).ok()?, length).ok()?, address };
    let kinds = table.entries(0)?;
    let kind = kinds.iter().find(|entry| entry.0 == RAW_DATA)?;
    let names = table.entries(kind.1 & !MARK)?;
    let named = names.iter().find(|entry| table.is_named(entry.0, name))?;
    let languages = table.entries(named.1 & !MARK)?;
    table.data(languages.first()?.1)
}

/// The address that the resources are loaded to, where in the file they are, and how long they are.
fn section(headers: &[u8]) -> Option<(u32, usize, usize)> {
    let start = usize::try_from(word(headers, 0x3c)?).ok()?;
    let program = headers.get(start..)?.strip_prefix(b"PE\0\0")?;
    let count = usize::from(half(program, 2)?);
    let sections = program.get(20 + usize::from(half(program, 16)?)..)?;
    let mut sections = sections.chunks_exact(40).take(count);
    let section = sections.find(|section| section.starts_with(b".rsrc\0"))?;
    let number = |at| word(section, at).and_then(|number| usize::try_from(number).ok());
    Some((word(section, 12)?, number(20)?, number(16)?))
}

/// The section of the resources: tables that lead to tables.
struct Table {
    bytes: Vec<u8>,
    address: u32,
}

impl Table {
    /// Name or number, and offset, of each entry of the table at `offset`.
    fn entries(&self, offset: u32) -> Option<Vec<(u32, u32)>> {
        let table = self.bytes.get(usize::try_from(offset).ok()?..)?;
        let count = usize::from(half(table, 12)?) + usize::from(half(table, 14)?);
        let entries = table.get(16..)?.chunks_exact(8).take(count);
        entries.map(|entry| Some((word(entry, 0)?, word(entry, 4)?))).collect()
    }

    /// Whether the name of an entry, in UTF-16, is this one.
    fn is_named(&self, name: u32, wanted: &str) -> bool {
        let written = || {
            let at = usize::try_from(name & !MARK).ok()?;
            let length = usize::from(half(&self.bytes, at)?);
            let letters = self.bytes.get(at.checked_add(2)?..)?.get(..length * 2)?;
            Some(letters.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).eq(wanted.encode_utf16()))
        };
        name & MARK != 0 && written() == Some(true)
    }

    /// The bytes that a last entry leads to.
    fn data(&self, offset: u32) -> Option<BString> {
        let entry = self.bytes.get(usize::try_from(offset).ok()?..)?;
        let at = usize::try_from(word(entry, 0)?.checked_sub(self.address)?).ok()?;
        let length = usize::try_from(word(entry, 4)?).ok()?;
        Some(self.bytes.get(at..)?.get(..length)?.as_bstr().to_owned())
    }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::host::{Host, MemoryHost, Platform};

    /// A program with one resource, and nothing that could be run.
    fn program(name: &str, data: &[u8]) -> Vec<u8> {
        let words = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let table = |named: u32, numbered: u32, entry: [u32; 2]| {
            [words(&[0, 0, 0, named | numbered << 16]), words(&entry)].concat()
        };
        let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (text, entry) = (72 + 16, 72);
        let body = text + 2 + u32::try_from(letters.len()).unwrap();
        let length = u32::try_from(data.len()).unwrap();
        let resources = [
            table(0, 1, [RAW_DATA, MARK + 24]),
            table(1, 0, [MARK + text, MARK + 48]),
            table(0, 1, [0, entry]),
            words(&[0x5000 + body, length, 0, 0]),
            u16::try_from(name.len()).unwrap().to_le_bytes().to_vec(),
            letters,
            data.to_vec(),
        ]
        .concat();
        let mut file = b"MZ".to_vec();
        file.resize(0x3c, 0);
        file.extend(words(&[0x40]));
        file.extend(b"PE\0\0\x64\x86\x01\0");
        file.resize(0x40 + 24, 0);
        let size = u32::try_from(resources.len()).unwrap();
        file.extend(b".rsrc\0\0\0");
        file.extend(words(&[size, 0x5000, size, 0x200, 0, 0, 0, 0]));
        file.resize(0x200, 0);
        file.extend(resources);
        file
    }

    fn read(content: Vec<u8>, name: &str) -> Option<BString> {
        let host = MemoryHost::new(Platform::Windows).file(r"C:\x.exe", content);
        let file = host.open(r"C:\x.exe".into()).unwrap();
        raw(file.as_ref(), name)
    }

    #[test]
    fn data_is_found_by_its_name() {
        let file = program("UV_PYTHON_PATH", br"C:\e\Scripts\python.exe");
        assert_eq!(read(file.clone(), "UV_PYTHON_PATH"), Some(r"C:\e\Scripts\python.exe".into()));
        assert_eq!(read(file, "UV_PYTHON"), None);
        assert_eq!(read(b"MZ".to_vec(), "UV_PYTHON_PATH"), None);
    }

    proptest! {
        #[test]
        fn damaged_programs_are_read_too(changes in prop::collection::vec((0usize..700, any::<u8>()), 1..20)) {
            let mut file = program("UV_PYTHON_PATH", br"C:\e\Scripts\python.exe");
            for (at, byte) in changes {
                if let Some(place) = file.get_mut(at) {
                    *place = byte;
                }
            }
            read(file, "UV_PYTHON_PATH");
        }
    }
}
