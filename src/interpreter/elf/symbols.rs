//! What an ELF file exports, found by name as the dynamic loader finds it: in the GNU hash table.

use bstr::BString;
use object::elf::{self, FileHeader32, FileHeader64};
use object::endian::{Endian, Endianness};
use object::pod;
use object::read::elf::{FileHeader, Sym};

use super::Elf;
use crate::interpreter::image::Image;

/// The longest chain of one hash bucket that is followed.
const LONGEST_CHAIN: u32 = 4096;
/// The most names that are read of what has to be defined elsewhere.
const MOST_IMPORTED: u32 = 4096;

impl Elf {
    /// Whether there is a table in which [`Self::symbol`] can look.
    pub fn has_symbols(&self) -> bool {
        self.dynamic.gnu_hash != 0
    }

    /// The value and size of a symbol that this file defines.
    pub fn symbol(&self, image: &Image<'_>, name: &[u8]) -> Option<(u64, u64)> {
        if self.target.is_64 {
            self.symbol_of_class::<FileHeader64<Endianness>>(image, name)
        } else {
            self.symbol_of_class::<FileHeader32<Endianness>>(image, name)
        }
    }

    /// Whether this file imports one of the names.
    pub fn imports(&self, image: &Image<'_>, names: &[&[u8]]) -> bool {
        self.imported_symbols(image).iter().any(|symbol| names.contains(&symbol.as_slice()))
    }

    /// Looks a name up as the dynamic loader does, but without its Bloom filter.
    fn symbol_of_class<H: FileHeader<Endian = Endianness>>(
        &self,
        image: &Image<'_>,
        name: &[u8],
    ) -> Option<(u64, u64)> {
        let endian = self.target.endian;
        let table = self.dynamic.gnu_hash;
        let header: [u8; 12] = (table != 0).then(|| self.array(image, table))??;
        let field = |at: usize| Some(endian.read_u32(header.get(at..at + 4)?.try_into().ok()?));
        let (buckets, first, bloom) = (field(0)?, field(4)?, field(8)?);
        let hash = elf::gnu_hash(name);
        let bucket = hash.checked_rem(buckets)?;
        let bloom_size = u64::from(bloom) * size_of::<H::Word>() as u64;
        let bucket_table = table.checked_add(16)?.checked_add(bloom_size)?;
        let chain_table = bucket_table.checked_add(4 * u64::from(buckets))?;
        let start = self.u32_at(image, bucket_table.checked_add(4 * u64::from(bucket))?)?;
        let start_of_chain = chain_table.checked_add(4 * u64::from(start.checked_sub(first)?))?;
        for step in 0..LONGEST_CHAIN {
            let entry = self.u32_at(image, start_of_chain.checked_add(4 * u64::from(step))?)?;
            if entry | 1 == hash | 1
                && let Some(found) = self.symbol_named::<H>(image, start.checked_add(step)?, name)
            {
                return Some(found);
            }
            if entry & 1 == 1 {
                break;
            }
        }
        None
    }

    /// The value and size of symbol number `index`, where it is a definition of that name.
    fn symbol_named<H: FileHeader<Endian = Endianness>>(
        &self,
        image: &Image<'_>,
        index: u32,
        name: &[u8],
    ) -> Option<(u64, u64)> {
        let endian = self.target.endian;
        let size = size_of::<H::Sym>();
        let bytes = self.at(image, self.dynamic.symbols.checked_add(u64::from(index) * size as u64)?, size)?;
        let (symbol, _) = pod::from_bytes::<H::Sym>(&bytes).ok()?;
        let text = self.at(image, self.dynamic.strings.checked_add(symbol.st_name(endian).into())?, name.len() + 1)?;
        let same = text.strip_suffix(&[0]) == Some(name) && !symbol.is_undefined(endian);
        same.then(|| (symbol.st_value(endian).into(), symbol.st_size(endian).into()))
    }

    /// The names that have to be defined elsewhere. They come before those in the GNU hash table, which gives their number.
    pub fn imported_symbols(&self, image: &Image<'_>) -> Vec<BString> {
        if self.target.is_64 {
            self.imported_of_class::<FileHeader64<Endianness>>(image)
        } else {
            self.imported_of_class::<FileHeader32<Endianness>>(image)
        }
    }

    fn imported_of_class<H: FileHeader<Endian = Endianness>>(&self, image: &Image<'_>) -> Vec<BString> {
        let endian = self.target.endian;
        let first = (self.dynamic.gnu_hash != 0).then(|| self.u32_at(image, self.dynamic.gnu_hash + 4)).flatten();
        let count = first.unwrap_or_default().min(MOST_IMPORTED) as usize;
        let size = size_of::<H::Sym>();
        let Some(bytes) = self.at(image, self.dynamic.symbols, count * size) else { return Vec::new() };
        let Ok((symbols, _)) = pod::slice_from_bytes::<H::Sym>(&bytes, bytes.len() / size) else { return Vec::new() };
        let is_needed = |symbol: &&H::Sym| symbol.is_undefined(endian) && symbol.st_bind() == elf::STB_GLOBAL;
        let name =
            |symbol: &H::Sym| self.string(image, self.dynamic.strings.checked_add(symbol.st_name(endian).into())?);
        symbols.iter().filter(is_needed).filter_map(name).collect()
    }

    /// The low 32 bits of an exported integer of the size of C's `long`.
    pub fn exported_long(&self, image: &Image<'_>, name: &[u8]) -> Option<u32> {
        let (address, size) = self.symbol(image, name)?;
        match size {
            4 => self.u32_at(image, address),
            8 => u32::try_from(self.target.endian.read_u64(self.array(image, address)?)).ok(),
            _ => None,
        }
    }
}
