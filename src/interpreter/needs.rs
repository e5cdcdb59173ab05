//! Whether it is plain that the dynamic loader can satisfy what an executable and its Python's library need of others.
//!
//! Only glibc's loader in its usual place is judged: others search elsewhere, and musl knows no versions of symbols.

use bstr::{BStr, BString, ByteSlice};

use super::elf::Elf;
use super::image::Image;
use super::linking::is_of_system;
use super::loader::{self, Outcome, Program};
use crate::host::Lookups;

/// Where distributions with the usual file system keep the loader.
const USUAL: [&[u8]; 4] = [b"/lib/ld-linux", b"/lib64/ld-linux", b"/usr/lib/ld-linux", b"/usr/lib64/ld-linux"];
/// More libraries than any Python names.
const MOST_LIBRARIES: usize = 256;

/// An object of which the needs are known.
pub(super) struct Object<'o, 'h> {
    /// The file.
    pub image: &'o Image<'h>,
    /// How the loader searches for what it needs.
    pub program: &'o Program<'o>,
}

/// A library that the loader has found.
struct Loaded {
    name: BString,
    /// The versions that it defines; none where they are not known, or it has none.
    versions: Option<Vec<u32>>,
}

/// Whether the loader of the program is that of glibc in its usual place, the only one that is judged.
pub(super) fn is_judged(program: &Program<'_>) -> bool {
    let loader = program.elf.loader.as_ref();
    loader.is_some_and(|loader| USUAL.iter().any(|place| loader.starts_with(place)))
}

/// Whether it is plain that the loader satisfies the needs of the objects: by libraries of the system that define the
/// versions that are asked for.
///
/// `known` is the library of Python, which has been examined.
pub(super) fn are_met<'h>(
    lookups: &Lookups<'h>,
    program: &Program<'_>,
    objects: &[Object<'_, 'h>],
    known: Option<&Image<'h>>,
) -> bool {
    let Some(loader) = program.elf.loader.as_ref().map(|loader| loader.as_bstr()) else { return true };
    let mut loaded: Vec<Loaded> = Vec::new();
    for object in objects {
        for needed in &object.program.libraries.needed {
            let name = needed.as_bstr();
            let is_known = |path: &BString| path.ends_with(&[b"/", name.as_bytes()].concat());
            // The loader itself is in memory already.
            if loader.ends_with(name)
                || known.is_some_and(|library| is_known(&library.path))
                || loaded.iter().any(|library| library.name == name)
            {
                continue;
            }
            if loaded.len() >= MOST_LIBRARIES {
                return false;
            }
            match load(lookups, object.program, name) {
                Some(library) => loaded.push(library),
                None => return false,
            }
        }
    }
    objects.iter().all(|object| has_versions(object, &loaded))
}

/// What the loader finds under that name, where that is a library of the system.
fn load(lookups: &Lookups<'_>, asking: &Program<'_>, name: &BStr) -> Option<Loaded> {
    // A library has no `PT_INTERP`; its needs are searched for as those of the program.
    let Outcome::Found(image) = loader::find(lookups, asking, name) else { return None };
    if !is_of_system(image.path.as_bstr()) {
        return None;
    }
    let elf = Elf::parse(&image).ok()?;
    Some(Loaded { name: name.to_owned(), versions: elf.defined_versions(&image) })
}

/// Whether the libraries define all versions that the object needs (`_dl_check_map_versions`).
fn has_versions(object: &Object<'_, '_>, loaded: &[Loaded]) -> bool {
    object.program.elf.needed_versions(object.image).into_iter().all(|version| {
        let library = loaded.iter().find(|library| library.name == version.library);
        library.is_none_or(|library| library.versions.as_ref().is_some_and(|versions| versions.contains(&version.hash)))
    })
}
