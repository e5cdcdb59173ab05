//! The symbols that a file defines and those that it takes from others, all of them, with their versions.
//!
//! The loader looks them up one by one; whoever wants to know whether it finds them all reads the tables once.

use std::borrow::Cow;
use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};
use object::endian::Endian;

use super::{Elf, NeededVersion};
use crate::interpreter::image::Image;

/// More symbols than any library of a Python has.
const MOST_SYMBOLS: u64 = 1 << 17;
/// More relocations than any library of a Python has.
const MOST_RELOCATIONS: u64 = 1 << 19;
/// The largest table of names.
const LARGEST_STRINGS: u64 = 16 << 20;
/// The sizes of `Elf64_Sym` and `Elf64_Rela`.
const SYMBOL: usize = 24;
const RELOCATION: usize = 24;
/// A version's number without the mark that hides the symbol from who asks for no version.
const INDEX: u16 = 0x7fff;
const HIDDEN: u16 = 0x8000;
const WEAK: u8 = 2;
const LOCAL: u8 = 0;

/// A definition under one name.
#[derive(Clone, Copy, Debug)]
struct Definition {
    /// The hash of its version; 0 without one.
    hash: u32,
    is_hidden: bool,
}

/// What a file defines.
#[derive(Clone, Debug)]
pub(in crate::interpreter) struct Definitions {
    has_versions: bool,
    names: HashMap<BString, Vec<Definition>>,
}

/// A symbol that a file takes from others.
#[derive(Clone, Debug)]
pub(in crate::interpreter) struct Reference {
    /// Its name.
    pub name: BString,
    /// Its version.
    pub version: Option<NeededVersion>,
    /// Whether it is looked up only when it is called, unless all are looked up at once.
    pub is_lazy: bool,
    /// Whether the program holds a copy, so that its own definition is none.
    pub is_copy: bool,
}

impl Definitions {
    /// Whether its symbols have versions.
    pub fn has_versions(&self) -> bool {
        self.has_versions
    }

    /// `check_match`: whether the loader takes one of the definitions for the reference.
    pub fn satisfy(&self, reference: &Reference) -> bool {
        let Some(definitions) = self.names.get(&reference.name) else { return false };
        definitions.iter().any(|definition| match &reference.version {
            _ if !self.has_versions => true,
            Some(wanted) => definition.hash == wanted.hash || definition.hash == 0 && !definition.is_hidden,
            None => !definition.is_hidden,
        })
    }
}

/// The tables of symbols of a file.
struct Tables<'t> {
    elf: &'t Elf,
    symbols: Cow<'t, [u8]>,
    strings: Cow<'t, [u8]>,
    versions: Option<Cow<'t, [u8]>>,
}

impl Elf {
    /// What the file defines; none where its tables cannot be read.
    pub fn definitions(&self, image: &Image<'_>) -> Option<Definitions> {
        let tables = self.tables(image)?;
        let hashes = self.defined_indices(image);
        let mut names: HashMap<BString, Vec<Definition>> = HashMap::new();
        for index in 1..tables.symbols.len() / SYMBOL {
            let symbol = tables.symbol(index)?;
            if symbol.is_undefined || symbol.binding == LOCAL {
                continue;
            }
            let version = tables.version(index);
            let hash = hashes.get(&(version & INDEX)).copied().unwrap_or_default();
            let definition = Definition { hash, is_hidden: version & HIDDEN != 0 };
            names.entry(tables.name(symbol.name)?.to_owned()).or_default().push(definition);
        }
        Some(Definitions { has_versions: tables.versions.is_some(), names })
    }

    /// What the file takes from others, in the order in which the loader looks it up; none where its tables cannot be read.
    pub fn references(&self, image: &Image<'_>) -> Option<Vec<Reference>> {
        let tables = self.tables(image)?;
        let versions: HashMap<u16, NeededVersion> =
            self.needed_versions(image).into_iter().map(|version| (version.index, version)).collect();
        let mut found = Vec::new();
        let parts = [(self.dynamic.relocations, false), (self.dynamic.function_relocations, true)];
        for ((address, size), is_lazy) in parts {
            if address == 0 || size == 0 {
                continue;
            }
            let bytes = self.whole(image, address, size.min(MOST_RELOCATIONS * RELOCATION as u64))?;
            for entry in bytes.chunks_exact(RELOCATION) {
                let info = self.target.endian.read_u64(entry.get(8..16)?.try_into().ok()?);
                let (index, kind) = (usize::try_from(info >> 32).ok()?, info & 0xffff_ffff);
                if index == 0 {
                    continue;
                }
                let symbol = tables.symbol(index)?;
                if symbol.binding == WEAK && symbol.is_undefined || symbol.binding == LOCAL {
                    continue;
                }
                let is_copy = self.is_copy(kind);
                if !symbol.is_undefined && !is_copy {
                    // What it defines itself is found there at the latest.
                    continue;
                }
                let version = versions.get(&(tables.version(index) & INDEX)).cloned();
                found.push(Reference { name: tables.name(symbol.name)?.to_owned(), version, is_lazy, is_copy });
            }
        }
        Some(found)
    }

    /// `R_X86_64_COPY` and `R_AARCH64_COPY`.
    fn is_copy(&self, kind: u64) -> bool {
        matches!((self.target.machine, kind), (62, 5) | (183, 1024))
    }

    fn tables<'i>(&'i self, image: &'i Image<'_>) -> Option<Tables<'i>> {
        if !self.target.is_64 {
            return None;
        }
        let count = self.symbol_count(image).filter(|&count| count <= MOST_SYMBOLS)?;
        let dynamic = &self.dynamic;
        let strings_size = Some(dynamic.strings_size).filter(|&size| size <= LARGEST_STRINGS)?;
        let versions = if dynamic.symbol_versions == 0 {
            None
        } else {
            Some(self.whole(image, dynamic.symbol_versions, count * 2)?)
        };
        Some(Tables {
            elf: self,
            symbols: self.whole(image, dynamic.symbols, count * SYMBOL as u64)?,
            strings: self.whole(image, dynamic.strings, strings_size)?,
            versions,
        })
    }

    /// The number of symbols, which only the tables of hashes tell.
    fn symbol_count(&self, image: &Image<'_>) -> Option<u64> {
        let table = self.dynamic.gnu_hash;
        if table == 0 {
            return (self.dynamic.hash != 0)
                .then(|| self.u32_at(image, self.dynamic.hash.checked_add(4)?))?
                .map(u64::from);
        }
        let word = |index: u64| Some(u64::from(self.u32_at(image, table.checked_add(4 * index)?)?));
        let (buckets, first, bloom) = (word(0)?, word(1)?, word(2)?);
        let start = table.checked_add(16)?.checked_add(bloom.checked_mul(8)?)?;
        let bytes = self.whole(image, start, buckets.checked_mul(4)?.min(4 * MOST_SYMBOLS))?;
        let words = bytes.chunks_exact(4).filter_map(|bytes| Some(self.target.endian.read_u32(bytes.try_into().ok()?)));
        let last = u64::from(words.max()?);
        if last < first {
            return Some(first);
        }
        let chains = start.checked_add(4 * buckets)?;
        let ends = |&index: &u64| {
            let at = chains.checked_add(4 * (index - first));
            at.and_then(|at| self.u32_at(image, at)).is_none_or(|entry| entry & 1 == 1)
        };
        (last..last + MOST_SYMBOLS).find(ends).map(|index| index + 1)
    }

    /// All of `len` bytes at a virtual address.
    fn whole<'i>(&self, image: &'i Image<'_>, address: u64, len: u64) -> Option<Cow<'i, [u8]>> {
        let len = usize::try_from(len).ok()?;
        self.at(image, address, len).filter(|bytes| bytes.len() == len)
    }
}

/// An entry of the table of symbols.
struct Symbol {
    name: usize,
    binding: u8,
    is_undefined: bool,
}

impl Tables<'_> {
    fn symbol(&self, index: usize) -> Option<Symbol> {
        let endian = self.elf.target.endian;
        let bytes = self.symbols.get(index.checked_mul(SYMBOL)?..)?.get(..SYMBOL)?;
        let name = usize::try_from(endian.read_u32(bytes[..4].try_into().ok()?)).ok()?;
        let section = endian.read_u16(bytes[6..8].try_into().ok()?);
        Some(Symbol { name, binding: bytes[4] >> 4, is_undefined: section == 0 })
    }

    fn name(&self, offset: usize) -> Option<&BStr> {
        let rest = self.strings.get(offset..)?;
        Some(rest[..rest.find_byte(0)?].as_bstr())
    }

    /// The number of the version, with its mark; 1 is that of the file without versions.
    fn version(&self, index: usize) -> u16 {
        let bytes = self.versions.as_ref().and_then(|versions| versions.get(2 * index..2 * index + 2)?.try_into().ok());
        bytes.map_or(1, |bytes| self.elf.target.endian.read_u16(bytes))
    }
}
