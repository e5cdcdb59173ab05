//! Versions of symbols: which ones a file needs of its libraries, and which ones it defines.
//!
//! The structures are the same in both classes: `Verneed` and `Vernaux`, `Verdef`.

use bstr::BString;
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
}

impl Elf {
    /// The versions that this file needs, weak ones left out.
    pub fn needed_versions(&self, image: &Image<'_>) -> Vec<NeededVersion> {
        let mut found = Vec::new();
        let (mut at, mut entries) = (self.dynamic.needed_versions, 0);
        while at != 0 && entries < MOST_ENTRIES {
            let Some(need) = self.array::<16>(image, at) else { break };
            let library = self.named(image, self.word(&need, 4));
            let mut next = at.checked_add(self.word(&need, 8).into());
            for _ in 0..self.half(&need, 2) {
                entries += 1;
                let Some((address, version)) = next.and_then(|at| Some((at, self.array::<16>(image, at)?))) else {
                    break;
                };
                let name = self.named(image, self.word(&version, 8));
                if let (Some(library), Some(name), true) = (&library, name, self.half(&version, 4) & WEAK == 0) {
                    found.push(NeededVersion { library: library.clone(), name, hash: self.word(&version, 0) });
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
        let mut at = self.dynamic.defined_versions;
        while at != 0 && found.len() < MOST_ENTRIES {
            let definition = self.array::<20>(image, at)?;
            found.push(self.word(&definition, 8));
            at = following(at, self.word(&definition, 16));
        }
        (!found.is_empty()).then_some(found)
    }

    fn named(&self, image: &Image<'_>, offset: u32) -> Option<BString> {
        self.string(image, self.dynamic.strings.checked_add(offset.into())?)
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
