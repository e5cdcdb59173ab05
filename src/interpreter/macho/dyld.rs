//! The search of macOS' dynamic loader for a library that a file names (`dyld`, `Loader::getLoader`).

use bstr::{BStr, BString, ByteSlice};

use super::{Architecture, Kind, Macho, Slice, names, slices};
use crate::host::{HostError, Lookups};
use crate::interpreter::image::Image;
use crate::interpreter::links::{join, name as last_component, parent};

/// What is below these is in the cache that all processes share, and since macOS 11 in no file.
const OF_SYSTEM: [&[u8]; 2] = [b"/usr/lib/", b"/System/"];
/// Where a library is looked for by its last component after everything else, if the program is built for an old system.
const FALLBACK: &str = "/usr/local/lib";
/// More directories than any chain of files names.
const MOST_PATHS: usize = 256;

/// A file that is loaded, as far as the search for what it names depends on it.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    /// Its headers.
    pub macho: &'a Macho,
    /// The directory of its resolved path, which `@loader_path` means.
    pub dir: &'a BStr,
    /// The file that asked for it, whose `LC_RPATH` counts, too.
    pub asked_by: Option<&'a Asking<'a>>,
}

/// The process in which libraries are loaded.
#[derive(Clone, Copy)]
pub(super) struct Process<'l, 'h> {
    pub lookups: &'l Lookups<'h>,
    /// The directory of the program's resolved path, which `@executable_path` means.
    pub dir: &'l BStr,
    /// What the process runs as.
    pub architecture: Architecture,
    /// `DYLD_LIBRARY_PATH`.
    pub library_path: Option<&'l BStr>,
}

/// What the search finds.
pub(super) enum Found<'h> {
    /// A file, under its resolved path, with its part for this process.
    File(Box<(Image<'h>, Macho)>),
    /// A library of the system, of which there need be no file.
    OfSystem,
    /// Nothing.
    Missing {
        /// The paths that were tried, in order.
        searched: Vec<BString>,
    },
    /// Only files that cannot be loaded.
    Unusable {
        /// The first of them.
        path: BString,
        /// What dyld says of it.
        complaint: String,
    },
    /// Whether there is one is not known: the file that it depends on, and why.
    Unknown {
        /// The file.
        path: BString,
        /// Why.
        why: &'static str,
    },
}

impl<'h> Process<'_, 'h> {
    /// Finds what `asking` names as `path`.
    pub fn find(&self, asking: Asking<'_>, path: &BStr) -> Found<'h> {
        if let Some(overriding) = self.overriding(path) {
            let why = "DYLD_LIBRARY_PATH leads to it, and whether dyld reads that variable depends on the program's signature";
            return Found::Unknown { path: overriding, why };
        }
        let candidates = self.candidates(asking, path);
        let mut unusable = None;
        for candidate in &candidates {
            if OF_SYSTEM.iter().any(|dir| candidate.starts_with(dir)) {
                return Found::OfSystem;
            }
            match self.open(candidate.as_bstr()) {
                Ok(Some(found)) => return Found::File(Box::new(found)),
                Ok(None) => {}
                Err(Flaw::Unknown(why)) => return Found::Unknown { path: candidate.clone(), why },
                Err(Flaw::Complaint(complaint)) => {
                    unusable.get_or_insert((candidate.clone(), complaint));
                }
            }
        }
        if let Some((path, complaint)) = unusable {
            return Found::Unusable { path, complaint };
        }
        let last = join(FALLBACK.into(), last_component(path));
        if !candidates.contains(&last) && self.lookups.is_file(last.as_bstr()) {
            let why = "dyld looks there only for programs that are built for an old release of macOS";
            return Found::Unknown { path: last, why };
        }
        Found::Missing { searched: candidates }
    }

    /// A file in `DYLD_LIBRARY_PATH` that has the library's last component.
    fn overriding(&self, path: &BStr) -> Option<BString> {
        let dirs = self.library_path?.split_str(":").filter(|dir| !dir.is_empty()).take(MOST_PATHS);
        let mut files = dirs.map(|dir| join(dir.as_bstr(), last_component(path)));
        files.find(|file| self.lookups.is_file(file.as_bstr()))
    }

    /// The paths that a name stands for, in order.
    fn candidates(&self, asking: Asking<'_>, path: &BStr) -> Vec<BString> {
        let Some(rest) = path.strip_prefix(b"@rpath/") else { return vec![self.expand(asking, path)] };
        let chain = std::iter::successors(Some(&asking), |asking| asking.asked_by);
        let dirs =
            chain.flat_map(|asking| asking.macho.rpaths.iter().map(|rpath| self.expand(*asking, rpath.as_bstr())));
        dirs.take(MOST_PATHS).map(|dir| join(dir.as_bstr(), rest)).collect()
    }

    /// Puts directories in the place of the words at the beginning of a path.
    fn expand(&self, asking: Asking<'_>, path: &BStr) -> BString {
        let words: [(&[u8], &BStr); 2] = [(b"@executable_path", self.dir), (b"@loader_path", asking.dir)];
        let found = words.into_iter().find_map(|(word, dir)| {
            let rest = path.strip_prefix(word)?;
            match rest.first() {
                None => Some(dir.to_owned()),
                Some(b'/') => Some(join(dir, rest.trim_start_with(|c| c == '/'))),
                Some(_) => None,
            }
        });
        found.unwrap_or_else(|| path.to_owned())
    }

    /// Opens a candidate; none where it is absent.
    fn open(&self, path: &BStr) -> Result<Option<(Image<'h>, Macho)>, Flaw> {
        let mut image = match Image::open(self.lookups, path) {
            Ok(image) => image,
            Err(HostError::Unanswered) => return Err(Flaw::Unknown("what it contains is not known")),
            Err(HostError::PermissionDenied) => {
                return Err(Flaw::Complaint("file system sandbox or permission denied".into()));
            }
            Err(_) => return Ok(None),
        };
        let found = slices(&image).map_err(|_| not_macho())?;
        let fits = |slice: &&Slice| self.architecture.loads(slice.architecture);
        let Some(slice) = found.iter().find(fits) else {
            let (have, need) = (names(&found), self.architecture.name());
            let text = format!("mach-o file, but is an incompatible architecture (have '{have}', need '{need}')");
            return Err(Flaw::Complaint(text));
        };
        let macho = Macho::parse(&image, *slice).map_err(|_| not_macho())?;
        if macho.kind != Kind::Library {
            return Err(Flaw::Complaint("not a dylib".into()));
        }
        // The path under which dyld keeps a file has its symlinks resolved.
        if let Ok(real) = self.lookups.real_path(path) {
            image.path = real;
        }
        Ok(Some((image, macho)))
    }
}

/// Why a file that is there is not taken.
enum Flaw {
    Complaint(String),
    Unknown(&'static str),
}

fn not_macho() -> Flaw {
    Flaw::Complaint("slice is not valid mach-o file".into())
}

/// The directory of a file.
pub(super) fn dir_of(path: &BStr) -> &BStr {
    parent(path).unwrap_or(b"/".as_bstr())
}
