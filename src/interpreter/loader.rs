//! The dynamic loader's search for the library that holds Python, in its order and with its spelling.
//!
//! This is glibc's (`_dl_map_object` and `fillin_rpath` of `elf/dl-load.c`); that of musl is in [`super::musl`].

use bstr::{BStr, BString, ByteSlice};

use super::elf::{Elf, Libraries, Target};
use super::image::Image;
use super::ld_cache;
use super::library_header::{self, Header};
use super::links::{join, name as last_component, parent};
use super::musl;
use crate::host::{HostError, Lookups};

/// The largest `ld.so.cache` that is read.
const LARGEST_CACHE: u64 = 16 << 20;
/// The most directories of one search path that are tried.
pub(super) const MOST_DIRS: usize = 256;

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
        /// What it says of it.
        complaint: &'static str,
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
    Unusable(BString, &'static str),
}

/// Finds `needed`, an entry of `DT_NEEDED`.
pub(super) fn find<'h>(lookups: &Lookups<'h>, program: &Program<'_>, needed: &BStr) -> Outcome<'h> {
    if program.is_musl() {
        return musl::find(lookups, program, needed);
    }
    let mut search = Search { lookups, program, tried: Vec::new() };
    let found = if needed.contains(&b'/') {
        search.expand(needed).and_then(|path| search.attempt(path))
    } else {
        search.as_glibc(needed)
    };
    match found {
        Some(Candidate::Usable(image)) => Outcome::Found(image),
        Some(Candidate::Unseen) => Outcome::Unseen,
        Some(Candidate::Unusable(path, complaint)) => Outcome::Unusable { path, complaint },
        None => Outcome::Missing { searched: search.tried },
    }
}

impl Program<'_> {
    /// `LD_LIBRARY_PATH`, where it counts.
    pub(super) fn library_path(&self) -> Option<&BStr> {
        self.library_path.filter(|_| !self.is_secure)
    }

    /// Whether its loader is that of musl.
    pub(super) fn is_musl(&self) -> bool {
        self.elf.loader.as_ref().is_some_and(|loader| last_component(loader.as_bstr()).starts_with(b"ld-musl-"))
    }
}

impl<'h> Search<'_, 'h> {
    fn as_glibc(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let Program { elf, libraries, asked_by, .. } = *self.program;
        let asked_by = asked_by.filter(|_| libraries.runpath.is_none());
        let mut above = std::iter::successors(asked_by, |program| program.asked_by);
        self.rpath(name)
            .or_else(|| above.find_map(|program| self.inherited(program, name)))
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

    /// Tries each directory of a search path.
    fn dirs(&mut self, name: &BStr, list: Option<&BStr>, separators: &[u8]) -> Option<Candidate<'h>> {
        let list = list.filter(|list| !list.is_empty())?;
        let mut dirs = list.split(|byte| separators.contains(byte)).take(MOST_DIRS);
        dirs.find_map(|dir| {
            if names_token(dir, "PLATFORM") {
                // It depends on the features of the processor.
                return Some(Candidate::Unseen);
            }
            let dir = self.expand(dir.as_bstr())?;
            // `fillin_rpath`: an empty element is the working directory, and slashes at the end go.
            let end = dir.trim_end_with(|c| c == '/').len();
            self.attempt(match (dir.is_empty(), end) {
                // The loader prints such a path without its directory.
                (true, _) => name.to_owned(),
                (false, 0) => join(b"/".as_bstr(), name),
                (false, end) => join(dir[..end].as_bstr(), name),
            })
        })
    }

    fn cached(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let cache = self.lookups.read(b"/etc/ld.so.cache".into(), LARGEST_CACHE).ok()?;
        ld_cache::lookup(&cache, name).into_iter().find_map(|path| self.attempt(path.to_owned()))
    }

    fn defaults(&mut self, name: &BStr) -> Option<Candidate<'h>> {
        let list = self.default_dirs();
        self.dirs(name, Some(list.as_str().into()), b":")
    }

    fn default_dirs(&self) -> String {
        let target = self.program.elf.target;
        let multiarch = multiarch(target).map(|triple| format!("/lib/{triple}:/usr/lib/{triple}:"));
        let wide = if target.is_64 { "/lib64:/usr/lib64:" } else { "" };
        format!("{}{wide}/lib:/usr/lib", multiarch.unwrap_or_default())
    }

    /// Puts the program's directory in the place of `$ORIGIN`, and the library directory in that of `$LIB`; none where
    /// secure execution forbids it (`_dl_dst_substitute`).
    fn expand(&self, text: &BStr) -> Option<BString> {
        if !text.contains(&b'$') {
            return Some(text.to_owned());
        }
        let mut expanded = BString::default();
        let mut rest = text.as_bytes();
        while let Some(at) = rest.find_byte(b'$') {
            expanded.extend_from_slice(&rest[..at]);
            let after = &rest[at + 1..];
            let (value, len) = if let Some(len) = token(after, "ORIGIN") {
                let is_first = at == 0 && expanded.is_empty() && matches!(after.get(len), None | Some(b'/'));
                if self.program.is_secure && !is_first {
                    return None;
                }
                (self.program.origin.to_owned(), len)
            } else if let Some(len) = token(after, "LIB") {
                (self.library_dir(), len)
            } else {
                (b"$".into(), 0)
            };
            expanded.extend_from_slice(&value);
            rest = &after[len..];
        }
        expanded.extend_from_slice(rest);
        // The tokens of the program itself may only lead to the directories of the system.
        let is_bound = self.program.is_secure && self.program.asked_by.is_none() && names_token(text, "ORIGIN");
        (!is_bound || self.is_trusted(expanded.as_bstr())).then_some(expanded)
    }

    /// What `$LIB` means: the loader's own directory, without `/usr`.
    fn library_dir(&self) -> BString {
        let loader = self.program.elf.loader.as_ref().and_then(|loader| self.lookups.real_path(loader.as_bstr()).ok());
        let dir = loader.as_ref().and_then(|loader| parent(loader.as_bstr()));
        let dir = dir.and_then(|dir| dir.strip_prefix(b"/usr/").or_else(|| dir.strip_prefix(b"/")));
        dir.map_or_else(|| if self.program.elf.target.is_64 { "lib64".into() } else { "lib".into() }, BString::from)
    }

    /// Whether a path is in a directory of the system, `.` and `..` resolved by their names (`is_trusted_path_normalize`).
    fn is_trusted(&self, path: &BStr) -> bool {
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in path.split_str("/") {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let normal = [b"/", parts.join(&b"/"[..]).as_slice(), b"/"].concat();
        let dirs = self.default_dirs();
        dirs.split(':').any(|dir| normal.starts_with(format!("{dir}/").as_bytes()))
    }

    /// Opens a candidate; one that is absent, or built for something else, is skipped.
    fn attempt(&mut self, path: BString) -> Option<Candidate<'h>> {
        let outcome = match Image::open(self.lookups, path.as_bstr()) {
            Ok(image) => match library_header::check(&image, self.program.elf.target) {
                Header::Usable => Some(Candidate::Usable(image)),
                Header::Passed => None,
                Header::Flawed(complaint) => Some(Candidate::Unusable(path.clone(), complaint)),
            },
            Err(HostError::Unanswered) => Some(Candidate::Unseen),
            Err(HostError::Truncated) => Some(Candidate::Unusable(path.clone(), "file too short")),
            // A directory can be opened and not read, which ends the search.
            Err(HostError::IsADirectory) => Some(Candidate::Unusable(path.clone(), "cannot read file data: Error 21")),
            Err(_) => None,
        };
        self.tried.push(path);
        outcome
    }
}

/// `is_dst`: the length of a token, whose name may be in braces and must not go on.
fn token(text: &[u8], name: &str) -> Option<usize> {
    let (bare, is_braced) = text.strip_prefix(b"{").map_or((text, false), |bare| (bare, true));
    let rest = bare.strip_prefix(name.as_bytes())?;
    match (is_braced, rest.first()) {
        (true, Some(b'}')) => Some(name.len() + 2),
        (true, _) => None,
        (false, Some(byte)) if byte.is_ascii_alphanumeric() || *byte == b'_' => None,
        (false, _) => Some(name.len()),
    }
}

/// Whether a text contains a token.
fn names_token(text: &[u8], name: &str) -> bool {
    text.find_iter("$").any(|at| token(&text[at + 1..], name).is_some())
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
