//! What a Mach-O file takes from libraries.

use bstr::{BString, ByteSlice};
use object::endian::Endianness;
use object::macho::Nlist64;

use super::symbols::{is_defined, is_external};
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
            let count = count.min(symbols.count.checked_sub(first)?).min(MOST_IMPORTED);
            let entries = self.entries(image, first, count)?;
            let undefined = entries.iter().filter(|symbol| is_external(symbol) && !is_defined(symbol));
            Some(undefined.filter_map(|symbol| self.name(image, symbol)).collect())
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
