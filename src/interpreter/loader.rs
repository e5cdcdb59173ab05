//! The dynamic loader's search for the library that holds Python, in its order and with its spelling.
//!
//! glibc: `_dl_map_object` and `fillin_rpath` of `elf/dl-load.c`; musl: `load_library` of `ldso/dynlink.c`.

use bstr::{BStr, BString, ByteSlice};

use super::elf::{Elf, Libraries, Target};
use super::image::Image;
use super::ld_cache;
use super::links::{join, name as last_component};
use crate::host::{HostError, Lookups};

/// The largest `ld.so.cache` that is read.
const LARGEST_CACHE: u64 = 16 << 20;
/// The most directories of one search path that are tried.
const MOST_DIRS: usize = 256;

/// What the loader makes of a needed library.
pub(super) enum Outcome<'h> {
    /// It opens this file, under this path.
    Found(Image<'h>),
    /// It finds none.
    Missing {
        /// The paths tried, in order.
        searched: Vec<BString>,
    },
    /// It comes to a file whose content is not known here.
    Unseen,
    /// It finds a file that it cannot use, and gives up.
    Unusable {
        /// The file.
        path: BString,
    },
}

/// The program for which libraries are searched.
pub(super) struct Program<'p> {
    /// Its headers.
    pub elf: &'p Elf,
    /// What it says about libraries.
    pub libraries: &'p Libraries,
    /// The directory of its resolved path, which `$ORIGIN` means.
    pub origin: &'p BStr,
    /// `LD_LIBRARY_PATH`.
    pub library_path: Option<&'p BStr>,
    /// Secure execution (`AT_SECURE`): `LD_LIBRARY_PATH` is ignored, and `$ORIGIN` is not expanded.
    pub is_secure: bool,
    /// The program that asked for this object, whose `DT_RPATH` counts for what the object needs.
    pub asked_by: Option<&'p Program<'p>>,
}

/// A search under way.
struct Search<'s, 'h> {
    lookups: &'s Lookups<'h>,
    program: &'s Program<'s>,
    tried: Vec<BString>,
}

/// What became of one candidate.
enum Candidate<'h> {
    Usable(Image<'h>),
    Unseen,
    Unusable(BString),
}

/// Finds `needed`, an entry of `DT_NEEDED`.
pub(super) fn find<'h>(lookups: &Lookups<'h>, program: &Program<'_>, needed: &BStr) -> Outcome<'h> {
    let mut search = Search { lookups, program, tried: Vec::new() };
    let found = if needed.contains(&b'/') {
        let path = search.expand(needed);
        search.attempt(path)
    } else if program.is_musl() {
        search.as_musl(needed)
    } else {
        search.as_glibc(needed)
    };
    match found {
        Some(Candidate::Usable(image)) => Outcome::Found(image),
        Some(Candidate::Unseen) => Outcome::Unseen,
        Some(Candidate::Unusable(path)) => Outcome::Unusable { path },
        None => Outcome::Missing { searched: search.tried },
    }
}

impl Program<'_> {
    /// `LD_LIBRARY_PATH`, where it counts.
    fn library_path(&self) -> Option<&BStr> {
        self.library_path.filter(|_| !self.is_secure)
    }

    pub(super) fn is_musl(&self) -> bool {
        self.elf.loader.as_ref().is_some_and(|loader| last_component(loader.as_bstr()).starts_with(b"ld-musl-"))
    }
}

impl<'h> Search<'_, 'h> {
    fn as_glibc(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let Program { elf, libraries, asked_by, .. } = *self.program;
        let asked_by = asked_by.filter(|_| libraries.runpath.is_none());
        self.rpath(name)
            .or_else(|| self.inherited(asked_by?, name))
            .or_else(|| self.dirs(name, self.program.library_path(), b":;"))
            .or_else(|| self.dirs(name, libraries.runpath.as_ref().map(|path| path.as_bstr()), b":"))
            .or_else(|| if elf.no_default_dirs { None } else { self.cached(name).or_else(|| self.defaults(name)) })
    }

    /// `DT_RPATH` counts only where there is no `DT_RUNPATH`.
    fn rpath(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let libraries = self.program.libraries;
        let rpath = libraries.rpath.as_ref().filter(|_| libraries.runpath.is_none());
        self.dirs(name, rpath.map(|path| path.as_bstr()), b":")
    }

    /// The `DT_RPATH` of the program, seen from its own directory.
    fn inherited(&mut self, program: &Program<'_>, name: &BStr) -> Option<Candidate<'h>> {
        let tried = std::mem::take(&mut self.tried);
        let mut search = Search { lookups: self.lookups, program, tried };
        let found = search.rpath(name);
        self.tried = search.tried;
        found
    }

    fn as_musl(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let libraries = self.program.libraries;
        let run_path = libraries.runpath.as_ref().or(libraries.rpath.as_ref()).map(|path| path.as_bstr());
        self.dirs(name, self.program.library_path(), b":\n").or_else(|| self.dirs(name, run_path, b":\n")).or_else(
            || {
                let listed = self.musl_path();
                let dirs = listed.as_deref().unwrap_or(b"/lib:/usr/local/lib:/usr/lib");
                self.dirs(name, Some(dirs.as_bstr()), b":\n")
            },
        )
    }

    /// `/etc/ld-musl-ARCH.path`, seen from the directory of the loader: `/lib/ld-musl-ARCH.so.1`.
    fn musl_path(&self) -> Option<Vec<u8>> {
        let loader = last_component(self.program.elf.loader.as_ref()?.as_bstr());
        let stem = loader.strip_suffix(b".so.1")?;
        let path = join(b"/etc".into(), [stem, b".path"].concat());
        Some(self.lookups.read(path.as_bstr(), LARGEST_CACHE).ok()?.to_vec())
    }

    /// Tries each directory of a search path.
    fn dirs(&mut self, name: &BStr, list: Option<&BStr>, separators: &[u8]) -> Option<Candidate<'h>> {
        let list = list.filter(|list| !list.is_empty())?;
        let mut dirs = list.split(|byte| separators.contains(byte)).take(MOST_DIRS);
        dirs.find_map(|dir| {
            if self.program.is_secure && names_origin(dir) {
                return None;
            }
            let dir = self.expand(dir.as_bstr());
            // `fillin_rpath`: an empty element is the working directory, and slashes at the end go.
            let end = dir.trim_end_with(|c| c == '/').len();
            let dir = match (dir.is_empty(), end) {
                (true, _) => b".".as_bstr(),
                (false, 0) => b"/".as_bstr(),
                (false, end) => dir[..end].as_bstr(),
            };
            self.attempt(join(dir, name))
        })
    }

    fn cached(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let cache = self.lookups.read(b"/etc/ld.so.cache".into(), LARGEST_CACHE).ok()?;
        ld_cache::lookup(&cache, name).into_iter().find_map(|path| self.attempt(path.to_owned()))
    }

    fn defaults(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let target = self.program.elf.target;
        let multiarch = multiarch(target).map(|triple| format!("/lib/{triple}:/usr/lib/{triple}:"));
        let wide = if target.is_64 { "/lib64:/usr/lib64:" } else { "" };
        let list = format!("{}{wide}/lib:/usr/lib", multiarch.unwrap_or_default());
        self.dirs(name, Some(list.as_str().into()), b":")
    }

    /// Puts the program's directory in the place of `$ORIGIN`, and the library directory in that of `$LIB`.
    fn expand(&self, text: &BStr) -> BString {
        if !text.contains(&b'$') {
            return text.to_owned();
        }
        let lib: &[u8] = if self.program.elf.target.is_64 { b"lib64" } else { b"lib" };
        let mut text = text.to_vec();
        for (token, value) in [("ORIGIN", &**self.program.origin), ("LIB", lib)] {
            text = text.replace(format!("${{{token}}}"), value);
            text = text.replace(format!("${token}"), value);
        }
        text.into()
    }

    /// Opens a candidate; one that is absent, or built for something else, is skipped (`open_verify`).
    fn attempt(&mut self, path: BString) -> Option<Candidate<'h>> {
        let outcome = match Image::open(self.lookups, path.as_bstr()) {
            Ok(image) => match Target::of(&image) {
                Some(target) if target == self.program.elf.target => Some(Candidate::Usable(image)),
                Some(_) => None,
                None => Some(Candidate::Unusable(path.clone())),
            },
            Err(HostError::Unanswered) => Some(Candidate::Unseen),
            // A directory can be opened and not read (`cannot read file data: Error 21`), which ends the search.
            Err(HostError::Truncated | HostError::IsADirectory) => Some(Candidate::Unusable(path.clone())),
            Err(_) => None,
        };
        self.tried.push(path);
        outcome
    }
}

/// Whether an element of a search path means the directory of the program.
fn names_origin(dir: &[u8]) -> bool {
    dir.contains_str("$ORIGIN") || dir.contains_str("${ORIGIN}")
}

/// Debian's name for the directories of a processor, as far as the ELF header determines it.
pub(super) fn multiarch(target: Target) -> Option<&'static str> {
    Some(match (target.machine, target.is_64) {
        (3, false) => "i386-linux-gnu",
        (21, true) => "powerpc64le-linux-gnu",
        (22, true) => "s390x-linux-gnu",
        (40, false) => "arm-linux-gnueabihf",
        (62, true) => "x86_64-linux-gnu",
        (183, true) => "aarch64-linux-gnu",
        (243, true) => "riscv64-linux-gnu",
        (258, true) => "loongarch64-linux-gnu",
        _ => return None,
    })
}
