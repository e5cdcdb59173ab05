//! What dyld loads before a program runs, from one file to the next, and what it ends with.

use bstr::{BStr, BString, ByteSlice};

use super::dyld::{Asking, Found, Process, dir_of};
use super::{Dependency, Macho};
use crate::interpreter::Problem;
use crate::interpreter::image::Image;

/// More libraries of its own than any Python has.
const MOST_FILES: usize = 256;

/// A library that was loaded; the files of the system are not among them.
pub(super) struct Loaded<'h> {
    pub image: Image<'h>,
    pub macho: Macho,
    /// The position of the file that asked for it; none where that is the program.
    asked_by: Option<usize>,
}

/// Everything that is loaded.
pub(super) struct Linked<'h> {
    pub all: Vec<Loaded<'h>>,
    /// What each of the program's own dependencies led to, where that is a file.
    pub of_program: Vec<(BString, usize)>,
}

/// Loads what the program needs, breadth first, as dyld does.
pub(super) fn link<'h>(process: Process<'_, 'h>, program: &Macho) -> Result<Linked<'h>, Problem> {
    let mut linked = Linked { all: Vec::new(), of_program: Vec::new() };
    let mut next = None;
    loop {
        let needed = match next {
            None => program.needed.clone(),
            Some(index) => match linked.all.get::<usize>(index) {
                Some(loaded) => loaded.macho.needed.clone(),
                None => return Ok(linked),
            },
        };
        for dependency in needed {
            linked.load(process, program, next, dependency)?;
        }
        next = Some(next.map_or(0, |index| index + 1));
    }
}

impl<'h> Linked<'h> {
    /// Loads what the file `asking` names, or the program where there is none.
    fn load(
        &mut self,
        process: Process<'_, 'h>,
        program: &Macho,
        asking: Option<usize>,
        dependency: Dependency,
    ) -> Result<(), Problem> {
        let path = &dependency.path;
        // A library is known under its own name, which is usually what others write.
        let known = self.all.iter().position(|loaded| loaded.macho.id.as_ref() == Some(path) && path.starts_with(b"/"));
        let index = match known {
            Some(index) => index,
            None => match self.search(process, program, asking, path.as_bstr()) {
                Found::OfSystem => return Ok(()),
                Found::File(found) => {
                    let (image, macho) = *found;
                    self.add(image, macho, asking)?
                }
                _ if dependency.is_weak => return Ok(()),
                Found::Missing { searched } => {
                    return Err(Problem::MissingLibrary {
                        library: path.clone(),
                        searched,
                        is_musl: false,
                        needed_by: None,
                    });
                }
                Found::Unusable { path, complaint } => {
                    return Err(Problem::BadLibrary { library: path, complaint: Some(complaint.into()), wanted: None });
                }
                Found::Unknown { path, why } => return Err(Problem::LoadingUnknown { object: path, why: why.into() }),
            },
        };
        if asking.is_none() {
            self.of_program.push((dependency.path, index));
        }
        Ok(())
    }

    fn add(&mut self, image: Image<'h>, macho: Macho, asked_by: Option<usize>) -> Result<usize, Problem> {
        if let Some(known) = self.all.iter().position(|loaded| loaded.image.path == image.path) {
            return Ok(known);
        }
        if self.all.len() >= MOST_FILES {
            return Err(Problem::LoadingUnknown { object: image.path, why: "there are too many libraries".into() });
        }
        self.all.push(Loaded { image, macho, asked_by });
        Ok(self.all.len() - 1)
    }

    /// Searches as for a file that was asked for by others, down from the program.
    fn search(&self, process: Process<'_, 'h>, program: &Macho, asking: Option<usize>, path: &BStr) -> Found<'h> {
        let mut chain: Vec<usize> = std::iter::successors(asking, |index| self.all[*index].asked_by).collect();
        chain.reverse();
        let top = Asking { macho: program, dir: process.dir, asked_by: None };
        self.descend(process, top, &chain, path)
    }

    fn descend(&self, process: Process<'_, 'h>, above: Asking<'_>, chain: &[usize], path: &BStr) -> Found<'h> {
        let Some((&index, below)) = chain.split_first() else { return process.find(above, path) };
        let loaded = &self.all[index];
        let asking = Asking { macho: &loaded.macho, dir: dir_of(loaded.image.path.as_bstr()), asked_by: Some(&above) };
        self.descend(process, asking, below, path)
    }
}
