//! The objects that are loaded, in their order: the program, what is preloaded, and breadth first what they need.

use bstr::{BStr, BString, ByteSlice};

use super::{Linking, Loaded, Stop, is_of_system, missing_version};
use crate::interpreter::Problem;
use crate::interpreter::elf::{Elf, Libraries, Malformed};
use crate::interpreter::image::Image;
use crate::interpreter::links::{name as last_component, parent};
use crate::interpreter::loader::{self, Outcome, Program};

/// More objects than any Python loads before it runs.
const MOST_OBJECTS: usize = 512;

/// One of them.
pub(super) struct Object<'h> {
    /// The file; none for the program, which the linking holds.
    pub image: Option<Image<'h>>,
    pub elf: Elf,
    libraries: Libraries,
    /// The path by which it was found.
    pub path: BString,
    /// The names by which it was asked for, and its own.
    pub names: Vec<BString>,
    origin: BString,
    /// The object that asked for it first.
    asked_by: Option<usize>,
    /// The objects that it needs.
    pub needs: Vec<usize>,
    identity: Option<(u64, u64)>,
    /// The versions that it defines; none where it has no versions.
    versions: Option<Vec<u32>>,
}

pub(super) struct Objects<'l, 'h> {
    linking: &'l Linking<'l, 'h>,
    pub all: Vec<Object<'h>>,
}

impl<'l, 'h> Objects<'l, 'h> {
    pub fn new(linking: &'l Linking<'l, 'h>) -> Self {
        let Linking { image, elf, origin, .. } = linking;
        let program = Object {
            image: None,
            elf: (*elf).clone(),
            libraries: elf.libraries(image),
            path: image.path.clone(),
            names: elf.soname(image).into_iter().collect(),
            origin: (*origin).to_owned(),
            asked_by: None,
            needs: Vec::new(),
            identity: None,
            versions: elf.defined_versions(image),
        };
        Self { linking, all: vec![program] }
    }

    /// The file of an object.
    pub fn image<'o>(&'o self, object: &'o Object<'h>) -> &'o Image<'h> {
        object.image.as_ref().unwrap_or(self.linking.image)
    }

    /// The names of needed libraries, with their files.
    pub fn names(&self) -> Vec<(BString, BString)> {
        let libraries = self.all.iter().skip(1);
        libraries.flat_map(|object| object.names.iter().map(|name| (name.clone(), object.path.clone()))).collect()
    }

    /// Loads a library that no object asks for; where that fails, the loader goes on without it.
    pub fn preload(&mut self, file: &BStr) -> Loaded<()> {
        match self.get(0, file) {
            // What is mapped beyond the end of a file ends the process, whoever asked for it.
            Ok(_)
            | Err(Stop::Fails(Problem::BadLibrary { complaint: Some(_), .. } | Problem::MissingLibrary { .. })) => {
                Ok(())
            }
            Err(stop) => Err(stop),
        }
    }

    /// Loads what the objects need, and what that needs.
    pub fn load_needed(&mut self) -> Loaded<()> {
        let mut index = 0;
        while let Some(object) = self.all.get(index) {
            for needed in object.libraries.needed.clone() {
                if self.linking.elf.loader.as_ref().is_some_and(|loader| last_component(loader.as_bstr()) == needed) {
                    continue;
                }
                if needed.contains(&b'$') && self.linking.is_secure {
                    return Err(Stop::Fails(Problem::BadLibrary {
                        library: needed,
                        complaint: Some("DST not allowed in SUID/SGID programs".into()),
                        wanted: None,
                    }));
                }
                if let Some(found) = self.get(index, needed.as_bstr())? {
                    self.all[index].needs.push(found);
                }
            }
            index += 1;
        }
        Ok(())
    }

    /// The object of that name, loaded where it is not yet; none where it is nowhere, on a host that may not hold it.
    fn get(&mut self, asking: usize, needed: &BStr) -> Loaded<Option<usize>> {
        if let Some(known) = self.all.iter().position(|object| object.names.iter().any(|name| name == needed)) {
            return Ok(Some(known));
        }
        let image = match self.search(asking, needed) {
            Outcome::Found(image) => image,
            Outcome::Missing { searched } => {
                if let Some(dir) = self.linking.has_variants(&searched) {
                    return Err(Stop::Unknown(dir, "it holds libraries for some processors only"));
                }
                if !self.linking.knows_system() {
                    return Ok(None);
                }
                return Err(Stop::Fails(Problem::MissingLibrary {
                    library: needed.to_owned(),
                    searched,
                    is_musl: false,
                    needed_by: None,
                }));
            }
            Outcome::Unusable { path, complaint } => {
                let complaint = Some(complaint.into());
                return Err(Stop::Fails(Problem::BadLibrary { library: path, complaint, wanted: None }));
            }
            // What a record does not hold was not needed for the start that it is of.
            Outcome::Unseen if self.linking.lookups.host().is_partial() => return Ok(None),
            Outcome::Unseen => {
                return Err(Stop::Unknown(needed.to_owned(), "what the loader finds for it is not known"));
            }
        };
        self.add(asking, needed, image).map(Some)
    }

    /// Adds what was found; the same file under another name is the same object.
    fn add(&mut self, asking: usize, needed: &BStr, image: Image<'h>) -> Loaded<usize> {
        let lookups = self.linking.lookups;
        let path = image.path.clone();
        let identity = lookups.metadata(path.as_bstr()).ok().and_then(|metadata| metadata.identity);
        let same = self.all.iter().position(|object| object.identity.is_some() && object.identity == identity);
        if let Some(known) = same {
            self.all[known].names.push(needed.to_owned());
            return Ok(known);
        }
        let mut elf = match Elf::parse(&image) {
            Ok(elf) => elf,
            Err(Malformed::Truncated) => {
                return Err(Stop::Fails(Problem::BadLibrary { library: path, complaint: None, wanted: None }));
            }
            Err(Malformed::Nonsense) => return Err(Stop::Unknown(path, "its headers make no sense")),
        };
        if let Some(complaint) = elf.not_a_library {
            let library = needed.to_owned();
            return Err(Stop::Fails(Problem::BadLibrary { library, complaint: Some(complaint.into()), wanted: None }));
        }
        if self.all.len() >= MOST_OBJECTS {
            return Err(Stop::Unknown(path, "there are too many libraries"));
        }
        elf.loader.clone_from(&self.linking.elf.loader);
        let real = lookups.real_path(path.as_bstr()).unwrap_or_else(|_| path.clone());
        let names = [needed.to_owned(), path.clone()].into_iter().chain(elf.soname(&image)).collect();
        self.all.push(Object {
            libraries: elf.libraries(&image),
            versions: elf.defined_versions(&image),
            origin: parent(real.as_bstr()).unwrap_or(b"/".as_bstr()).to_owned(),
            image: Some(image),
            elf,
            path,
            names,
            asked_by: Some(asking),
            needs: Vec::new(),
            identity,
        });
        Ok(self.all.len() - 1)
    }

    /// Searches as the loader does for the object `asking`: the `DT_RPATH` of those that asked for it counts too.
    fn search(&self, asking: usize, needed: &BStr) -> Outcome<'h> {
        let above = |&index: &usize| self.all[index].asked_by;
        let mut chain: Vec<usize> = std::iter::successors(Some(asking), above).collect();
        chain.reverse();
        self.descend(&chain, None, needed)
    }

    fn descend(&self, chain: &[usize], above: Option<&Program<'_>>, needed: &BStr) -> Outcome<'h> {
        let Some((&index, below)) = chain.split_first() else { return Outcome::Unseen };
        let object = &self.all[index];
        let program = Program {
            elf: &object.elf,
            libraries: &object.libraries,
            origin: object.origin.as_bstr(),
            library_path: self.linking.variables.library_path,
            is_secure: self.linking.is_secure,
            asked_by: above,
        };
        if below.is_empty() {
            loader::find(self.linking.lookups, &program, needed)
        } else {
            self.descend(below, Some(&program), needed)
        }
    }

    /// `_dl_check_all_versions`: the first version that an object needs and a library does not define.
    pub fn check_versions(&self) -> Loaded<()> {
        for object in &self.all {
            let needed = object.elf.needed_versions(self.image(object));
            let mut names: Vec<&BString> = needed.iter().map(|version| &version.library).collect();
            names.dedup();
            for name in names {
                let library = self.all.iter().find(|library| library.names.contains(name));
                let Some((library, defined)) = library.and_then(|library| Some((library, library.versions.as_ref()?)))
                else {
                    continue;
                };
                if let Some(missing) = missing_version(&needed, name, defined) {
                    return Err(Stop::Fails(Problem::MissingVersion {
                        library: library.path.clone(),
                        version: missing.name.clone(),
                        needed_by: object.path.clone(),
                    }));
                }
            }
        }
        Ok(())
    }

    /// Whether a library is one that the system, or whoever built the interpreter, did not put there for it.
    pub fn is_foreign(&self, index: usize) -> bool {
        let object = &self.all[index];
        let is_needed_with_version = || {
            self.all.iter().any(|other| {
                other.needs.contains(&index)
                    && other
                        .elf
                        .needed_versions(self.image(other))
                        .iter()
                        .any(|version| object.names.contains(&version.library))
            })
        };
        index != 0 && (!is_of_system(object.path.as_bstr()) || object.versions.is_none() && is_needed_with_version())
    }
}
