//! Which build a file is, without any judgement about it.

use bstr::BStr;

use super::elf;
use super::image::Image;
use crate::host::Lookups;

pub(crate) use super::installation::define;

/// The stamp that the linker left in an ELF file, where it did.
pub(crate) fn build_id(lookups: &Lookups<'_>, path: &BStr) -> Option<Vec<u8>> {
    elf::build_id(&Image::open(lookups, path).ok()?)
}
