//! What dyld lacks when a running Python loads an extension module.

use std::cell::RefCell;
use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::dyld::{Asking, Found, Process, dir_of};
use super::slices::{Choice, choose};
use super::{Macho, slices};
use crate::host::Lookups;
use crate::interpreter::dependencies::Lack;
use crate::interpreter::image::Image;

/// More files than any program loads.
const MOST_FILES: usize = 4096;
/// Deeper than any libraries need each other.
const DEEPEST: usize = 32;

/// The dyld of a process that runs a Python.
pub(in crate::interpreter) struct Modules {
    /// The program, whose `LC_RPATH` counts for everything that it loads.
    program: Macho,
    dir: BString,
    library_path: Option<BString>,
    /// The files that lack nothing, or of which that has been told.
    known: RefCell<HashSet<BString>>,
}

impl Modules {
    /// That of the program at `executable`; none where it is no program of macOS.
    pub fn of(lookups: &Lookups<'_>, image: &Image<'_>, library_path: Option<&BStr>) -> Option<Self> {
        let found = slices(image).ok()?;
        let Choice::Runs(slice) = choose(lookups, &found, lookups.host().machine()) else { return None };
        Some(Self {
            program: Macho::parse(image, slice).ok()?,
            dir: dir_of(image.path.as_bstr()).to_owned(),
            library_path: library_path.map(ToOwned::to_owned),
            known: RefCell::default(),
        })
    }

    /// The first library that is nowhere; none where everything is found, or that cannot be seen.
    pub fn lack(&self, lookups: &Lookups<'_>, path: &BStr) -> Option<Lack> {
        let image = Image::open(lookups, path).ok()?;
        let architecture = self.program.slice.architecture;
        let found = slices(&image).ok()?;
        let slice = found.iter().find(|slice| architecture.loads(slice.architecture))?;
        let macho = Macho::parse(&image, *slice).ok()?;
        let real = lookups.real_path(path).unwrap_or_else(|_| path.to_owned());
        let library_path = self.library_path.as_ref().map(|path| path.as_bstr());
        let process = Process { lookups, dir: self.dir.as_bstr(), architecture, library_path };
        let program = Asking { macho: &self.program, dir: self.dir.as_bstr(), asked_by: None };
        let asking = Asking { macho: &macho, dir: dir_of(real.as_bstr()), asked_by: Some(&program) };
        self.examine(process, asking, path, 0)
    }

    fn examine(&self, process: Process<'_, '_>, asking: Asking<'_>, path: &BStr, depth: usize) -> Option<Lack> {
        let is_new = self.known.borrow().len() < MOST_FILES && self.known.borrow_mut().insert(path.to_owned());
        if !is_new || depth > DEEPEST {
            return None;
        }
        // Where the process's own directory is depends on the stub that started it.
        let is_certain = |path: &BString| !path.starts_with(b"@executable_path");
        for needed in asking.macho.needed.iter().filter(|needed| !needed.is_weak && is_certain(&needed.path)) {
            match process.find(asking, needed.path.as_bstr()) {
                Found::Missing { .. } => {
                    return Some(Lack::Library { library: needed.path.clone(), needed_by: path.to_owned() });
                }
                Found::File(found) => {
                    let (image, macho) = *found;
                    let dir = dir_of(image.path.as_bstr());
                    let next = Asking { macho: &macho, dir, asked_by: Some(&asking) };
                    if let Some(lack) = self.examine(process, next, image.path.as_bstr(), depth + 1) {
                        return Some(lack);
                    }
                }
                Found::OfSystem | Found::Unusable { .. } | Found::Unknown { .. } => {}
            }
        }
        None
    }
}
