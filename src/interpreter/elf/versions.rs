//! Versions of symbols: which ones a file needs of its libraries, and which ones it defines.
//!
//! The structures are the same in both classes: `Verneed` and `Vernaux`, `Verdef`.

use std::collections::HashMap;

use bstr::{BString, ByteSlice};
use object::endian::Endian;

use super::Elf;
use crate::interpreter::image::Image;

/// More entries than any linker writes.
const MOST_ENTRIES: usize = 4096;
/// `VER_FLG_WEAK`: the loader only warns where such a version is missing.
const WEAK: u16 = 2;

/// A version that a file needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::interpreter) struct NeededVersion {
    /// The library, by the name in `DT_NEEDED`.
    pub library: BString,
    /// The version's name, such as `GLIBC_2.38`.
    pub name: BString,
    /// The hash by which the loader compares it.
    pub hash: u32,
    /// The number by which the table of symbols refers to it.
    pub index: u16,
}

/// How much is read at once of tables whose entries are small and near each other.
const BLOCK: usize = 4096;

/// How many parts of the table of strings are kept.
const MOST_WINDOWS: usize = 4;

/// A part of a table that was read.
#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    fn get(&self, address: u64, len: usize) -> Option<&[u8]> {
        let at = usize::try_from(address.checked_sub(self.start)?).ok()?;
        self.bytes.get(at..at.checked_add(len)?)
    }

    /// The string at an address, if it is here to its end.
    fn string(&self, address: u64) -> Option<BString> {
        let at = usize::try_from(address.checked_sub(self.start)?).ok()?;
        let rest = self.bytes.get(at..)?;
        Some(rest[..rest.find_byte(0)?].into())
    }
}

impl Elf {
    /// An entry of a table, from the window where it is there.
    fn entry<const N: usize>(&self, image: &Image<'_>, window: &mut Window, address: u64) -> Option<[u8; N]> {
        if window.get(address, N).is_none() {
            // Near the end of a file, there is no whole block.
            let Some(bytes) = self.at(image, address, BLOCK) else { return self.array(image, address) };
            *window = Window { start: address, bytes: bytes.into_owned() };
        }
        window.get(address, N)?.try_into().ok()
    }

    /// The versions that this file needs, weak ones left out.
    pub fn needed_versions(&self, image: &Image<'_>) -> Vec<NeededVersion> {
        let mut found = Vec::new();
        let (mut table, mut strings) = (Window::default(), Vec::new());
        let (mut at, mut entries) = (self.dynamic.needed_versions, 0);
        while at != 0 && entries < MOST_ENTRIES {
            let Some(need) = self.entry::<16>(image, &mut table, at) else { break };
            let library = self.named(image, &mut strings, self.word(&need, 4));
            let mut next = at.checked_add(self.word(&need, 8).into());
            for _ in 0..self.half(&need, 2) {
                entries += 1;
                let Some((address, version)) = next.and_then(|at| Some((at, self.entry::<16>(image, &mut table, at)?)))
                else {
                    break;
                };
                let name = self.named(image, &mut strings, self.word(&version, 8));
                if let (Some(library), Some(name), true) = (&library, name, self.half(&version, 4) & WEAK == 0) {
                    let (hash, index) = (self.word(&version, 0), self.half(&version, 6));
                    found.push(NeededVersion { library: library.clone(), name, hash, index });
                }
                let step = self.word(&version, 12);
                next = address.checked_add(step.into()).filter(|_| step != 0);
                if entries >= MOST_ENTRIES {
                    break;
                }
            }
            entries += 1;
            at = following(at, self.word(&need, 12));
        }
        found
    }

    /// The hashes of the versions that this file defines; none where it has no versions, which the loader lets pass.
    pub fn defined_versions(&self, image: &Image<'_>) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        let mut table = Window::default();
        let mut at = self.dynamic.defined_versions;
        while at != 0 && found.len() < MOST_ENTRIES {
            let definition = self.entry::<20>(image, &mut table, at)?;
            found.push(self.word(&definition, 8));
            at = following(at, self.word(&definition, 16));
        }
        (!found.is_empty()).then_some(found)
    }

    /// The hashes of the versions that this file defines, by the number by which its table of symbols refers to them. The
    /// version that is the name of the file has none.
    pub fn defined_indices(&self, image: &Image<'_>) -> HashMap<u16, u32> {
        const BASE: u16 = 1;
        let mut found = HashMap::new();
        let mut table = Window::default();
        let mut at = self.dynamic.defined_versions;
        while at != 0 && found.len() < MOST_ENTRIES {
            let Some(definition) = self.entry::<20>(image, &mut table, at) else { break };
            let is_base = self.half(&definition, 2) & BASE != 0;
            found.insert(self.half(&definition, 4), if is_base { 0 } else { self.word(&definition, 8) });
            at = following(at, self.word(&definition, 16));
        }
        found
    }

    /// A name. Those of libraries and those of versions are in different parts of the table, which takes turns.
    fn named(&self, image: &Image<'_>, strings: &mut Vec<Window>, offset: u32) -> Option<BString> {
        let address = self.dynamic.strings.checked_add(offset.into())?;
        let known = |strings: &Vec<Window>| strings.iter().find_map(|window| window.string(address));
        if let Some(name) = known(strings) {
            return Some(name);
        }
        if let Some(start) = address.checked_sub(BLOCK as u64 / 2)
            && let Some(bytes) = self.at(image, start, BLOCK)
        {
            if strings.len() >= MOST_WINDOWS {
                strings.remove(0);
            }
            strings.push(Window { start, bytes: bytes.into_owned() });
        }
        known(strings).or_else(|| self.string(image, address))
    }

    fn word(&self, bytes: &[u8], at: usize) -> u32 {
        bytes
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, |bytes| self.target.endian.read_u32(bytes))
    }

    fn half(&self, bytes: &[u8], at: usize) -> u16 {
        bytes
            .get(at..at + 2)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, |bytes| self.target.endian.read_u16(bytes))
    }
}

/// The next entry of a chain; 0 at its end.
fn following(at: u64, step: u32) -> u64 {
    if step == 0 { 0 } else { at.checked_add(step.into()).unwrap_or(0) }
}
