//! Whether the dynamic loader can satisfy what an executable and its Python's library need of other libraries.
//!
//! Only glibc's loader in its usual place is judged: others search elsewhere, and musl knows no versions of symbols.

use bstr::{BStr, BString, ByteSlice};

use super::Problem;
use super::elf::{Elf, Malformed};
use super::image::Image;
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
    path: BString,
    /// The versions that it defines; none where they are not known, or it has none.
    versions: Option<Vec<u32>>,
}

/// The first need of the objects that the loader of the program certainly does not satisfy.
///
/// `known` is the library of Python, which has been examined.
pub(super) fn unmet<'h>(
    lookups: &Lookups<'h>,
    program: &Program<'_>,
    objects: &[Object<'_, 'h>],
    known: Option<&Image<'h>>,
) -> Option<Problem> {
    let loader = program.elf.loader.as_ref()?.as_bstr();
    if !USUAL.iter().any(|place| loader.starts_with(place)) {
        return None;
    }
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
                return None;
            }
            match load(lookups, program, object.program, name) {
                Ok(library) => loaded.extend(library),
                Err(problem) => return Some(problem),
            }
        }
    }
    objects.iter().find_map(|object| missing_version(object, &loaded))
}

/// What the loader finds under that name; nothing where that is not known.
fn load(
    lookups: &Lookups<'_>,
    program: &Program<'_>,
    asking: &Program<'_>,
    name: &BStr,
) -> Result<Option<Loaded>, Problem> {
    // A library has no `PT_INTERP`; its needs are searched for as those of the program.
    match loader::find(lookups, asking, name) {
        Outcome::Found(image) => {
            let versions = match Elf::parse(&image) {
                Ok(elf) => elf.defined_versions(&image),
                Err(Malformed::Truncated) => return Err(Problem::BadLibrary { library: image.path }),
                Err(Malformed::Nonsense) => None,
            };
            Ok(Some(Loaded { name: name.to_owned(), path: image.path, versions }))
        }
        Outcome::Unusable { path } => Err(Problem::BadLibrary { library: path }),
        Outcome::Missing { searched } if knows_system(lookups, program) => {
            Err(Problem::MissingLibrary { library: name.to_owned(), searched })
        }
        Outcome::Missing { .. } | Outcome::Unseen => Ok(None),
    }
}

/// Whether the host holds the files of a system: its loader is a program, and the cache of its libraries is there.
fn knows_system(lookups: &Lookups<'_>, program: &Program<'_>) -> bool {
    let is_loader = |path: &BString| Image::open(lookups, path.as_bstr()).is_ok_and(|image| Elf::parse(&image).is_ok());
    lookups.exists(b"/etc/ld.so.cache".into()) && program.elf.loader.as_ref().is_some_and(is_loader)
}

/// The first version that the object needs and a library does not define (`_dl_check_map_versions`).
fn missing_version(object: &Object<'_, '_>, loaded: &[Loaded]) -> Option<Problem> {
    object.program.elf.needed_versions(object.image).into_iter().find_map(|version| {
        let library = loaded.iter().find(|library| library.name == version.library)?;
        let is_missing = !library.versions.as_ref()?.contains(&version.hash);
        is_missing.then(|| Problem::MissingVersion {
            library: library.path.clone(),
            version: version.name,
            needed_by: object.image.path.clone(),
        })
    })
}
