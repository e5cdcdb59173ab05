//! The tables of symbols of objects, for the loaders of both C libraries.

use bstr::{BString, ByteSlice};

use super::{Loaded, Stop};
use crate::host::Lookups;
use crate::interpreter::elf::{Definitions, Elf, Reference};
use crate::interpreter::image::Image;

/// A function that Python's library has in every release.
const OF_EVERY_PYTHON: &[u8] = b"Py_GetVersion";

/// What an object defines.
pub(in crate::interpreter) fn definitions(elf: &Elf, image: &Image<'_>) -> Loaded<Definitions> {
    elf.definitions(image).ok_or_else(|| unreadable(image.path.clone()))
}

/// What an object takes from others.
pub(in crate::interpreter) fn references(elf: &Elf, image: &Image<'_>) -> Loaded<Vec<Reference>> {
    elf.references(image).ok_or_else(|| unreadable(image.path.clone()))
}

/// What the loader of a program defines itself.
pub(in crate::interpreter) fn definitions_of_loader(lookups: &Lookups<'_>, program: &Elf) -> Loaded<Definitions> {
    let loader = program.loader.clone().unwrap_or_default();
    let image = Image::open(lookups, loader.as_bstr()).ok();
    let own = image.and_then(|image| Elf::parse(&image).ok()?.definitions(&image));
    own.ok_or_else(|| unreadable(loader))
}

/// Whether an object holds a Python.
pub(in crate::interpreter) fn holds_python(elf: &Elf, image: &Image<'_>) -> bool {
    elf.symbol(image, OF_EVERY_PYTHON).is_some()
}

fn unreadable(path: BString) -> Stop {
    Stop::Unknown(path, "its table of symbols cannot be read")
}
