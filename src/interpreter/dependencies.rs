//! Whether the dynamic loader finds everything that a shared object needs: libraries, and the versions of their symbols.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::elf::{Elf, Libraries, Target};
use super::image::Image;
use super::links::parent;
use super::loader::{self, Outcome, Program};
use super::macho::Modules;
use super::musl;
use crate::host::Lookups;

/// More objects than any program loads.
const MOST_OBJECTS: usize = 4096;

/// What the loader lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// A library is nowhere where it is looked for.
    Library {
        /// Its name.
        library: BString,
        /// The object that needs it.
        needed_by: BString,
    },
    /// The library that is found does not have a version that is needed.
    Version {
        /// The file.
        library: BString,
        /// The version, such as `GLIBC_2.38`.
        version: BString,
        /// The object that needs it.
        needed_by: BString,
    },
}

/// The dynamic loader of an interpreter, with what it has learned.
pub struct Loader<'l, 'h> {
    lookups: &'l Lookups<'h>,
    /// `PT_INTERP` of the interpreter.
    program: BString,
    /// The program itself, whose search path counts for what it loads, where its loader is that of musl.
    of_musl: Option<(Elf, Libraries, BString)>,
    /// That of macOS, where the program is one of macOS.
    of_macos: Option<Modules>,
    library_path: Option<BString>,
    /// Where each library is for objects that say nothing of their own about where to search.
    places: RefCell<HashMap<(BString, Target), Place>>,
    /// What each object lacks.
    objects: RefCell<HashMap<BString, Option<Lack>>>,
    /// The versions that each library defines.
    versions: RefCell<HashMap<BString, Rc<Option<Vec<u32>>>>>,
}

impl<'l, 'h> Loader<'l, 'h> {
    /// The loader of the program at `executable`; where its bytes are not known, as in a snapshot, that of glibc.
    pub fn of(lookups: &'l Lookups<'h>, executable: &BStr, library_path: Option<&BStr>) -> Self {
        let image = Image::open(lookups, executable).ok();
        let read = || {
            let image = image.as_ref()?;
            let elf = Elf::parse(image).ok()?;
            let libraries = elf.libraries(image);
            Some((elf, libraries, parent(executable)?.to_owned()))
        };
        let program = read();
        let is_musl =
            |(elf, libraries, origin): &(Elf, Libraries, BString)| bare(elf, libraries, origin.as_bstr()).is_musl();
        Self {
            lookups,
            program: program.as_ref().and_then(|(elf, ..)| elf.loader.clone()).unwrap_or_default(),
            of_macos: image.as_ref().and_then(|image| Modules::of(lookups, image, library_path)),
            of_musl: program.filter(is_musl),
            library_path: library_path.map(ToOwned::to_owned),
            places: RefCell::default(),
            objects: RefCell::default(),
            versions: RefCell::default(),
        }
    }

    /// What the loader lacks when it loads the object at `path`; none where it lacks nothing, or that cannot be seen.
    pub fn lack(&self, path: &BStr) -> Option<Lack> {
        if let Some(known) = self.objects.borrow().get(path) {
            return known.clone();
        }
        if self.objects.borrow().len() >= MOST_OBJECTS {
            return None;
        }
        // Libraries may need each other.
        self.objects.borrow_mut().insert(path.to_owned(), None);
        let lack = self.examine(path);
        self.objects.borrow_mut().insert(path.to_owned(), lack.clone());
        lack
    }

    fn examine(&self, path: &BStr) -> Option<Lack> {
        if let Some(modules) = &self.of_macos {
            return modules.lack(self.lookups, path);
        }
        let image = Image::open(self.lookups, path).ok()?;
        let mut elf = Elf::parse(&image).ok()?;
        elf.loader = Some(self.program.clone());
        let libraries = elf.libraries(&image);
        let real = self.lookups.real_path(path).unwrap_or_else(|_| path.to_owned());
        // musl goes by the path under which a file was found.
        let origin = parent(if self.of_musl.is_some() { path } else { real.as_bstr() })?;
        let library_path = self.library_path.as_ref().map(|path| path.as_bstr());
        let above = self.of_musl.as_ref().map(|(elf, libraries, origin)| bare(elf, libraries, origin.as_bstr()));
        let program = Program { library_path, asked_by: above.as_ref(), ..bare(&elf, &libraries, origin) };
        // musl knows no versions.
        let versions = if program.is_musl() { Vec::new() } else { elf.needed_versions(&image) };
        for needed in &libraries.needed {
            if self.is_loaded_by_musl(needed) {
                continue;
            }
            let library = match self.place(&program, needed) {
                Place::File(file) => file,
                Place::Unclear => continue,
                Place::Nowhere => return Some(Lack::Library { library: needed.clone(), needed_by: path.to_owned() }),
            };
            if let Some(defined) = self.versions_of(library.as_bstr()).as_ref() {
                let mut wanted = versions.iter().filter(|version| version.library == *needed);
                if let Some(missing) = wanted.find(|version| !defined.contains(&version.hash)) {
                    let version = missing.name.clone();
                    return Some(Lack::Version { library, version, needed_by: path.to_owned() });
                }
            }
            if let Some(lack) = self.lack(library.as_bstr()) {
                return Some(lack);
            }
        }
        None
    }

    /// Where the loader finds a library. Most objects leave that to it, and share the answer.
    fn place(&self, program: &Program<'_>, needed: &BString) -> Place {
        let has_own_way = program.libraries.rpath.is_some()
            || program.libraries.runpath.is_some()
            || program.elf.no_default_dirs
            || program.is_musl()
            || [Some(needed), self.library_path.as_ref()].into_iter().flatten().any(|text| text.contains(&b'$'))
            || needed.contains(&b'/');
        if has_own_way {
            return find(self.lookups, program, needed);
        }
        let key = (needed.clone(), program.elf.target);
        if let Some(known) = self.places.borrow().get(&key) {
            return known.clone();
        }
        let place = find(self.lookups, program, needed);
        self.places.borrow_mut().insert(key, place.clone());
        place
    }

    /// Whether musl has a library already: as part of itself, or because the program needs it, too.
    fn is_loaded_by_musl(&self, needed: &BString) -> bool {
        self.of_musl.as_ref().is_some_and(|(_, libraries, _)| {
            musl::is_loader(needed.as_bstr(), Some(&self.program)) || libraries.needed.contains(needed)
        })
    }

    fn versions_of(&self, library: &BStr) -> Rc<Option<Vec<u32>>> {
        if let Some(known) = self.versions.borrow().get(library) {
            return Rc::clone(known);
        }
        let read = || {
            let image = Image::open(self.lookups, library).ok()?;
            Elf::parse(&image).ok()?.defined_versions(&image)
        };
        let versions = Rc::new(read());
        self.versions.borrow_mut().insert(library.to_owned(), Rc::clone(&versions));
        versions
    }
}

/// Where a library is.
#[derive(Clone, Debug)]
enum Place {
    File(BString),
    /// A snapshot knows the names of libraries, and not their bytes.
    Unclear,
    Nowhere,
}

fn find(lookups: &Lookups<'_>, program: &Program<'_>, needed: &BString) -> Place {
    match loader::find(lookups, program, needed.as_bstr()) {
        Outcome::Found(image) => Place::File(image.path),
        Outcome::Unseen | Outcome::Unusable { .. } => Place::Unclear,
        Outcome::Missing { .. } => Place::Nowhere,
    }
}

/// A program or library as one that searches, without variables and rights.
fn bare<'p>(elf: &'p Elf, libraries: &'p Libraries, origin: &'p BStr) -> Program<'p> {
    Program { elf, libraries, origin, library_path: None, is_secure: false, asked_by: None }
}
