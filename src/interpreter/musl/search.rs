//! The search of musl's loader for a library (`load_library`, `path_open` and `fixup_rpath` of `ldso/dynlink.c`).
//!
//! There is no cache, a search path is the same for libraries as for programs, and the first file that can be opened is taken,
//! whatever it contains.

use bstr::{BStr, BString, ByteSlice};

use crate::host::{HostError, Lookups};
use crate::interpreter::image::Image;
use crate::interpreter::links::{join, name as last_component, parent};
use crate::interpreter::loader::{MOST_DIRS, Outcome, Program};

/// Libraries of this name are the loader itself, whatever follows: with glibc, they are files of their own.
const RESERVED: [&[u8]; 7] = [b"libc.", b"libpthread.", b"librt.", b"libm.", b"libdl.", b"libutil.", b"libxnet."];
/// Where is looked without a list.
const DEFAULT: &[u8] = b"/lib:/usr/local/lib:/usr/lib";
/// Larger than any list of directories.
const LARGEST_LIST: u64 = 64 << 10;

/// Whether the loader takes itself for a library of this name.
pub(in crate::interpreter) fn is_loader(name: &BStr, loader: Option<&BString>) -> bool {
    RESERVED.iter().any(|reserved| name.starts_with(reserved)) || loader.is_some_and(|loader| loader == name)
}

/// Finds what a program or library needs.
pub(in crate::interpreter) fn find<'h>(lookups: &Lookups<'h>, program: &Program<'_>, needed: &BStr) -> Outcome<'h> {
    let mut search = Search { lookups, program, tried: Vec::new() };
    let found = if needed.contains(&b'/') { search.open(needed) } else { search.by_name(needed) };
    found.unwrap_or(Outcome::Missing { searched: search.tried })
}

struct Search<'s, 'h> {
    lookups: &'s Lookups<'h>,
    program: &'s Program<'s>,
    tried: Vec<BString>,
}

impl<'h> Search<'_, 'h> {
    fn by_name(&mut self, name: &BStr) -> Option<Outcome<'h>> {
        if let Some(found) = self.program.library_path().and_then(|list| self.in_list(list, name)) {
            return Some(found);
        }
        let program = self.program;
        for asking in std::iter::successors(Some(program), |program| program.asked_by) {
            let list = run_path(asking);
            if let Some(found) = list.and_then(|list| self.in_list(list.as_bstr(), name)) {
                return Some(found);
            }
        }
        let listed = self.system_list();
        self.in_list(listed.as_deref().unwrap_or(DEFAULT).as_bstr(), name)
    }

    /// Tries each directory of a list. An empty element is none, and names are put together as they are written.
    fn in_list(&mut self, list: &BStr, name: &BStr) -> Option<Outcome<'h>> {
        let mut dirs = list.split(|byte| b":\n".contains(byte)).filter(|dir| !dir.is_empty()).take(MOST_DIRS);
        dirs.find_map(|dir| self.open([dir, b"/", name.as_bytes()].concat().as_bstr()))
    }

    /// Opens a file; none where the search goes on.
    fn open(&mut self, path: &BStr) -> Option<Outcome<'h>> {
        self.tried.push(path.to_owned());
        let unusable = |complaint| Some(Outcome::Unusable { path: path.to_owned(), complaint });
        match Image::open(self.lookups, path) {
            Ok(image) => Some(Outcome::Found(image)),
            Err(HostError::Unanswered) => Some(Outcome::Unseen),
            Err(HostError::Truncated) => unusable("Exec format error"),
            Err(HostError::IsADirectory) => unusable("Is a directory"),
            Err(HostError::SymlinkLoop) => unusable("Symbolic link loop"),
            Err(_) => None,
        }
    }

    /// `etc/ld-musl-ARCH.path`, two directories above the loader: next to `/lib/ld-musl-ARCH.so.1`, that is `/etc`. One that
    /// cannot be read is as good as an empty one.
    fn system_list(&self) -> Option<Vec<u8>> {
        let loader = self.program.elf.loader.as_ref()?.as_bstr();
        let stem = last_component(loader).strip_suffix(b".so.1")?;
        let prefix = parent(loader).and_then(parent).unwrap_or(b"/".as_bstr());
        let path = join(join(prefix, "etc").as_bstr(), [stem, b".path"].concat());
        match self.lookups.read(path.as_bstr(), LARGEST_LIST) {
            Ok(content) => Some(content.to_vec()),
            Err(HostError::NotFound) => None,
            Err(_) => Some(Vec::new()),
        }
    }
}

/// The search path of one object, of which `DT_RUNPATH` comes first. With a token that musl does not know, it is none, and a
/// program with the rights of somebody else may not use any.
fn run_path(program: &Program<'_>) -> Option<BString> {
    let path = program.libraries.runpath.as_ref().or(program.libraries.rpath.as_ref())?;
    let is_known = |at: usize| origin(&path[at..]).is_some();
    if path.contains(&b'$') && (program.is_secure && program.asked_by.is_none() || !path.find_iter("$").all(is_known)) {
        return None;
    }
    let mut expanded = BString::default();
    let mut rest = path.as_slice();
    while let Some(at) = rest.find_byte(b'$') {
        expanded.extend_from_slice(&rest[..at]);
        expanded.extend_from_slice(program.origin);
        rest = &rest[at + origin(&rest[at..])?..];
    }
    expanded.extend_from_slice(rest);
    Some(expanded)
}

/// The length of `$ORIGIN` or `${ORIGIN}`; what follows is not looked at.
fn origin(text: &[u8]) -> Option<usize> {
    let words: [&[u8]; 2] = [b"$ORIGIN", b"${ORIGIN}"];
    words.into_iter().find(|word| text.starts_with(word)).map(<[u8]>::len)
}
