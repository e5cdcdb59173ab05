//! The loader of musl, the C library of Alpine: what it loads before a program runs, and what it ends with.
//!
//! Versions of symbols mean nothing to it, and every symbol is looked up before the program runs. It goes on after an error,
//! so that the first line that it prints is about the first of them.

mod search;

use bstr::{BStr, BString, ByteSlice};

use super::Problem;
use super::elf::{Definitions, Elf, Libraries, Malformed};
use super::image::Image;
use super::linking::{Loaded, Stop, Verdict, definitions, definitions_of_loader, holds_python, references};
use super::links::parent;
use super::loader::{Outcome, Program};
use super::loader_variables::LoaderVariables;
use super::problem::Wanted;
use crate::host::Lookups;
pub(super) use search::{find, is_loader};

/// More objects than any Python loads before it runs.
const MOST_OBJECTS: usize = 512;
/// Where the libraries of the system are.
const OF_SYSTEM: [&[u8]; 3] = [b"/lib/", b"/usr/lib/", b"/usr/local/lib/"];
/// More files than anybody preloads.
const MOST_PRELOADED: usize = 256;

/// What is linked.
pub(super) struct Linking<'l, 'h> {
    pub lookups: &'l Lookups<'h>,
    /// The program and its file.
    pub program: &'l Program<'l>,
    pub image: &'l Image<'h>,
    pub variables: LoaderVariables<'l>,
}

/// A library that was loaded.
struct Object<'h> {
    image: Image<'h>,
    elf: Elf,
    libraries: Libraries,
    /// Its name for those who search for it, where it was found by a search.
    short: Option<BString>,
    /// The directory of the path by which it was found, symlinks unresolved.
    origin: BString,
    /// The object that asked for it; none where that is the program.
    asked_by: Option<usize>,
    identity: Option<(u64, u64)>,
}

struct Objects<'l, 'h> {
    linking: &'l Linking<'l, 'h>,
    all: Vec<Object<'h>>,
    /// Names that were asked for, with their files.
    names: Vec<(BString, BString)>,
}

impl Linking<'_, '_> {
    /// Loads everything.
    pub fn run(&self) -> Verdict {
        let mut objects = Objects { linking: self, all: Vec::new(), names: Vec::new() };
        let linked = self.preload().and_then(|()| objects.load()).and_then(|()| objects.check_symbols());
        linked.map(|()| objects.names).into()
    }

    /// What is preloaded may replace any function. What cannot be loaded is passed over in silence.
    fn preload(&self) -> Loaded<()> {
        let Some(list) = self.variables.preload.filter(|_| !self.program.is_secure) else { return Ok(()) };
        let names = list.split(|byte| byte.is_ascii_whitespace() || *byte == b':').filter(|name| !name.is_empty());
        for name in names.take(MOST_PRELOADED).map(BStr::new) {
            if !is_loader(name, self.program.elf.loader.as_ref())
                && let Outcome::Found(image) = find(self.lookups, self.program, name)
            {
                return Err(Stop::Unknown(image.path, "LD_PRELOAD names it, and it may replace any function"));
            }
        }
        Ok(())
    }
}

impl<'h> Objects<'_, 'h> {
    /// Loads what the program needs, and then what that needs, in the order in which it was loaded.
    fn load(&mut self) -> Loaded<()> {
        for needed in self.linking.program.libraries.needed.clone() {
            self.get(None, needed.as_bstr())?;
        }
        let mut index = 0;
        while let Some(object) = self.all.get(index) {
            for needed in object.libraries.needed.clone() {
                self.get(Some(index), needed.as_bstr())?;
            }
            index += 1;
        }
        Ok(())
    }

    fn get(&mut self, asking: Option<usize>, needed: &BStr) -> Loaded<()> {
        let is_path = needed.contains(&b'/');
        if is_loader(needed, self.linking.program.elf.loader.as_ref())
            || !is_path && self.all.iter().any(|object| object.short.as_ref().is_some_and(|short| short == needed))
        {
            return Ok(());
        }
        let wanted = Wanted { name: needed.to_owned(), needed_by: self.path(asking) };
        let image = match self.search(asking, needed) {
            Outcome::Found(image) => image,
            Outcome::Missing { searched } => {
                let (library, needed_by) = (wanted.name, Some(wanted.needed_by));
                return Err(Stop::Fails(Problem::MissingLibrary { library, searched, is_musl: true, needed_by }));
            }
            Outcome::Unusable { path, complaint } => return Err(refused(path, complaint, wanted)),
            Outcome::Unseen if self.linking.lookups.host().is_partial() => return Ok(()),
            Outcome::Unseen => {
                return Err(Stop::Unknown(needed.to_owned(), "what the loader finds for it is not known"));
            }
        };
        self.add(asking, image, wanted)
    }

    /// Adds what was found; the same file under another name is the same object.
    fn add(&mut self, asking: Option<usize>, image: Image<'h>, wanted: Wanted) -> Loaded<()> {
        self.names.push((wanted.name.clone(), image.path.clone()));
        let metadata = self.linking.lookups.metadata(image.path.as_bstr());
        let identity = metadata.ok().and_then(|metadata| metadata.identity);
        let same = |object: &&mut Object<'_>| identity.is_some() && object.identity == identity;
        let short = (!wanted.name.contains(&b'/')).then(|| wanted.name.clone());
        if let Some(known) = self.all.iter_mut().find(same) {
            known.short = known.short.take().or(short);
            return Ok(());
        }
        let elf = self.headers(&image, wanted)?;
        if self.all.len() >= MOST_OBJECTS {
            return Err(Stop::Unknown(image.path, "there are too many libraries"));
        }
        let origin = parent(image.path.as_bstr()).unwrap_or(b".".as_bstr()).to_owned();
        let libraries = elf.libraries(&image);
        self.all.push(Object { image, elf, libraries, short, origin, asked_by: asking, identity });
        Ok(())
    }

    /// `map_library`: of the headers, only the kind of the file and the presence of a dynamic section are looked at.
    fn headers(&self, image: &Image<'_>, wanted: Wanted) -> Loaded<Elf> {
        let program = self.linking.program.elf;
        let mut elf = match Elf::parse(image) {
            Ok(elf) => elf,
            Err(Malformed::Truncated) if image.head().starts_with(b"\x7fELF") && image.size() >= 64 => {
                let problem = Problem::BadLibrary { library: image.path.clone(), complaint: None, wanted: None };
                return Err(Stop::Fails(problem));
            }
            Err(_) => return Err(refused(image.path.clone(), "Exec format error", wanted)),
        };
        if elf.target != program.target {
            return Err(Stop::Unknown(
                image.path.clone(),
                "it is built for another processor, which musl does not look at",
            ));
        }
        if elf.not_a_library.is_some_and(|why| why.contains("no dynamic section") || why.contains("no loadable")) {
            return Err(refused(image.path.clone(), "Exec format error", wanted));
        }
        elf.loader.clone_from(&program.loader);
        Ok(elf)
    }

    /// The path of an object, by which the loader names it.
    fn path(&self, index: Option<usize>) -> BString {
        index.map_or_else(|| self.linking.image.path.clone(), |index| self.all[index].image.path.clone())
    }

    /// Searches as for an object that was asked for by others, down from the program.
    fn search(&self, asking: Option<usize>, needed: &BStr) -> Outcome<'h> {
        let mut chain: Vec<usize> = std::iter::successors(asking, |index| self.all[*index].asked_by).collect();
        chain.reverse();
        self.descend(self.linking.program, &chain, needed)
    }

    fn descend(&self, above: &Program<'_>, chain: &[usize], needed: &BStr) -> Outcome<'h> {
        let Some((&index, below)) = chain.split_first() else { return find(self.linking.lookups, above, needed) };
        let Object { elf, libraries, origin, .. } = &self.all[index];
        let program = Program { elf, libraries, origin: origin.as_bstr(), asked_by: Some(above), ..*above };
        self.descend(&program, below, needed)
    }

    /// Looks up what each object takes from others, the program last. Libraries of the system fit together.
    fn check_symbols(&self) -> Loaded<()> {
        let is_foreign = |object: &Object<'_>| {
            let path = &object.image.path;
            !OF_SYSTEM.iter().any(|dir| path.starts_with(dir)) && !holds_python(&object.elf, &object.image)
        };
        if !self.all.iter().any(is_foreign) {
            return Ok(());
        }
        let program = self.linking.program.elf;
        let mut scope = vec![definitions(program, self.linking.image)?];
        for object in &self.all {
            scope.push(definitions(&object.elf, &object.image)?);
        }
        // The loader is the C library as well.
        scope.push(definitions_of_loader(self.linking.lookups, program)?);
        for object in &self.all {
            check_object(&object.elf, &object.image, &scope)?;
        }
        check_object(program, self.linking.image, &scope)
    }
}

/// The first symbol that is nowhere: functions come before data.
fn check_object(elf: &Elf, image: &Image<'_>, scope: &[Definitions]) -> Loaded<()> {
    let mut references = references(elf, image)?;
    references.sort_by_key(|reference| !reference.is_lazy);
    for mut reference in references {
        reference.version = None;
        if !scope.iter().any(|defined| defined.satisfy(&reference)) {
            let (symbol, needed_by) = (reference.name, image.path.clone());
            return Err(Stop::Fails(Problem::MissingSymbol { symbol, version: None, needed_by, is_musl: true }));
        }
    }
    Ok(())
}

fn refused(library: BString, complaint: &'static str, wanted: Wanted) -> Stop {
    Stop::Fails(Problem::BadLibrary { library, complaint: Some(complaint.into()), wanted: Some(wanted) })
}
