//! The table of symbols of a Mach-O file: those that it defines for others, and those that it takes from them.

use object::endian::Endianness;
use object::macho::{N_EXT, N_STAB, N_TYPE, N_UNDF, Nlist64};
use object::pod;

use super::Macho;
use crate::interpreter::image::Image;

impl Macho {
    /// Some entries of the table, from number `first` on; none where not all of them are in the file.
    pub(super) fn entries(&self, image: &Image<'_>, first: u32, count: u32) -> Option<Vec<Nlist64<Endianness>>> {
        let size = size_of::<Nlist64<Endianness>>();
        let offset = self.symbols?.entries.checked_add(u64::from(first) * size as u64)?;
        let bytes = self.read(image, offset, count as usize * size)?;
        let (entries, _) = pod::slice_from_bytes::<Nlist64<Endianness>>(&bytes, count as usize).ok()?;
        Some(entries.to_vec())
    }
}

/// Whether other files may have something to do with a symbol: it is not for debuggers, and not private.
pub(super) fn is_external(symbol: &Nlist64<Endianness>) -> bool {
    let flags = symbol.n_type.0;
    flags & N_STAB == 0 && flags & N_EXT.0 != 0
}

/// Whether the file itself has what a symbol names.
pub(super) fn is_defined(symbol: &Nlist64<Endianness>) -> bool {
    symbol.n_type.0 & N_TYPE != N_UNDF.0
}
