//! What glibc's dynamic loader does before a program runs, from one object to the next: preloaded libraries, those that
//! objects need, versions of symbols, and symbols.
//!
//! An ordinary start is judged by less ([`super::needs`]). This is for those that are not ordinary, where the order decides
//! what the loader complains about first.

mod objects;
mod preload;
mod symbols;
mod tables;

use bstr::{BStr, BString, ByteSlice};

use super::Problem;
use super::elf::{Elf, NeededVersion};
use super::image::Image;
use super::links::{join, parent};
use super::loader_variables::LoaderVariables;
use crate::host::Lookups;
use objects::Objects;
pub(super) use tables::{definitions, definitions_of_loader, holds_python, references};

/// How it ends.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// The program runs; these names of needed libraries stand for these files.
    Runs(Vec<(BString, BString)>),
    /// It does not.
    Fails(Problem),
    /// That cannot be said: the file that it depends on, and why.
    Unknown(BString, &'static str),
}

/// What is linked.
pub(super) struct Linking<'l, 'h> {
    /// The lookups.
    pub lookups: &'l Lookups<'h>,
    /// The program.
    pub image: &'l Image<'h>,
    /// Its headers.
    pub elf: &'l Elf,
    /// The directory of its resolved path.
    pub origin: &'l BStr,
    /// The variables.
    pub variables: LoaderVariables<'l>,
    /// Whether it runs with the rights of another user.
    pub is_secure: bool,
}

/// Why the loader does not go on.
pub(super) enum Stop {
    /// The program ends with it.
    Fails(Problem),
    /// What it does cannot be said: the file that it depends on, and why.
    Unknown(BString, &'static str),
}

pub(super) type Loaded<T> = Result<T, Stop>;

impl From<Loaded<Vec<(BString, BString)>>> for Verdict {
    fn from(loaded: Loaded<Vec<(BString, BString)>>) -> Self {
        match loaded {
            Ok(names) => Self::Runs(names),
            Err(Stop::Fails(problem)) => Self::Fails(problem),
            Err(Stop::Unknown(object, why)) => Self::Unknown(object, why),
        }
    }
}

impl Linking<'_, '_> {
    /// Loads everything.
    pub fn run(&self) -> Verdict {
        self.load().into()
    }

    fn load(&self) -> Loaded<Vec<(BString, BString)>> {
        if let Some(variable) = self.variables.instead_of_running().filter(|_| !self.is_secure) {
            return Err(Stop::Fails(Problem::OnlyListed { variable: variable.into() }));
        }
        self.audit()?;
        let mut objects = Objects::new(self);
        for file in preload::files(self) {
            objects.preload(file.as_bstr())?;
        }
        let preloaded = 1..objects.all.len();
        objects.load_needed()?;
        objects.check_versions()?;
        if self.knows_system() {
            symbols::check(self, &objects)?;
        }
        symbols::check_preloaded(&objects, preloaded)?;
        Ok(objects.names())
    }

    /// A library that watches the loader may change whatever it does. One that does not exist is passed over.
    fn audit(&self) -> Loaded<()> {
        let Some(list) = self.variables.audit.filter(|_| !self.is_secure) else { return Ok(()) };
        let exists = |file: &&[u8]| !file.is_empty() && (!file.contains(&b'/') || self.lookups.exists(file.as_bstr()));
        match list.split_str(":").find(exists) {
            Some(file) => Err(Stop::Unknown(file.into(), "LD_AUDIT names it, and it may change what the loader does")),
            None => Ok(()),
        }
    }

    /// Whether the host holds the files of a system: its loader is a program, and the cache of its libraries is there.
    fn knows_system(&self) -> bool {
        let is_loader =
            |path: &BString| Image::open(self.lookups, path.as_bstr()).is_ok_and(|image| Elf::parse(&image).is_ok());
        self.lookups.exists(b"/etc/ld.so.cache".into()) && self.elf.loader.as_ref().is_some_and(is_loader)
    }

    /// Whether one of the directories has variants for better processors, which are searched before it.
    fn has_variants(&self, searched: &[BString]) -> Option<BString> {
        let dirs = searched.iter().filter_map(|path| parent(path.as_bstr()));
        let mut variants = dirs.map(|dir| join(dir, "glibc-hwcaps"));
        variants.find(|dir| !is_of_system(dir.as_bstr()) && self.lookups.is_dir(dir.as_bstr()))
    }
}

/// Whether a file is where distributions keep the libraries of the system.
pub(super) fn is_of_system(path: &BStr) -> bool {
    const DIRS: [&[u8]; 4] = [b"/lib/", b"/lib64/", b"/usr/lib/", b"/usr/lib64/"];
    DIRS.iter().any(|dir| path.starts_with(dir))
}

/// The first version that an object needs and a library does not define.
fn missing_version<'v>(needed: &'v [NeededVersion], library: &BString, defined: &[u32]) -> Option<&'v NeededVersion> {
    needed.iter().find(|version| version.library == *library && !defined.contains(&version.hash))
}
