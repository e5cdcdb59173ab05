//! What a Mach-O file takes from libraries.

use bstr::{BString, ByteSlice};
use object::endian::Endianness;
use object::macho::{N_EXT, N_STAB, N_TYPE, N_UNDF, Nlist64};
use object::pod;

use super::{LONGEST_STRING, Macho};
use crate::interpreter::elf::until_nul;
use crate::interpreter::image::Image;

/// The most names that are read of what has to be defined elsewhere.
const MOST_IMPORTED: u32 = 4096;

impl Macho {
    /// Whether it takes one of the names, as C writes them.
    pub fn imports(&self, image: &Image<'_>, names: &[&[u8]]) -> bool {
        self.imported(image).iter().any(|symbol| {
            let plain = symbol.strip_prefix(b"_").unwrap_or(symbol);
            names.contains(&plain)
        })
    }

    /// The names that have to be defined elsewhere, with the underscore that the linker puts before each.
    pub fn imported(&self, image: &Image<'_>) -> Vec<BString> {
        let found = || {
            let symbols = self.symbols?;
            let (first, count) = symbols.undefined.unwrap_or((0, symbols.count));
            let count = count.min(symbols.count.checked_sub(first)?).min(MOST_IMPORTED) as usize;
            let size = size_of::<Nlist64<Endianness>>();
            let offset = symbols.entries.checked_add(u64::from(first) * size as u64)?;
            let bytes = self.read(image, offset, count * size)?;
            let (entries, _) = pod::slice_from_bytes::<Nlist64<Endianness>>(&bytes, count).ok()?;
            Some(
                entries
                    .iter()
                    .filter(|symbol| is_undefined(symbol))
                    .filter_map(|symbol| self.name(image, symbol))
                    .collect(),
            )
        };
        found().unwrap_or_default()
    }

    fn name(&self, image: &Image<'_>, symbol: &Nlist64<Endianness>) -> Option<BString> {
        let (start, size) = self.symbols?.strings;
        let at = u64::from(symbol.n_strx.get(self.endian));
        let length = usize::try_from(size.checked_sub(at)?).ok()?.min(LONGEST_STRING);
        let bytes = self.read(image, start.checked_add(at)?, length)?;
        bytes.contains_str("\0").then(|| until_nul(&bytes).into())
    }
}

fn is_undefined(symbol: &Nlist64<Endianness>) -> bool {
    let flags = symbol.n_type.0;
    flags & N_STAB == 0 && flags & N_EXT.0 != 0 && flags & N_TYPE == N_UNDF.0
}
