//! The standard library next to an image, and what it says about the build.

use bstr::{BStr, BString, ByteSlice};

use super::Version;
use super::cpython::LibraryName;
use super::headers::Build;
use super::image::read_once;
use super::links::{join, name, parent};
use crate::host::Lookups;

/// `_sysconfigdata` files have about 50 KiB.
const LARGEST_SYSCONFIGDATA: u64 = 4 << 20;
/// `site.py` has about 30 KiB, `patchlevel.h` one.
const LARGEST_TEXT: u64 = 1 << 20;

/// What is already known about the image when its installation is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought<'s> {
    /// The image: the library, or the resolved executable of a static build.
    pub image: &'s BStr,
    /// Whether the image is a library.
    pub is_library: bool,
    /// What it is built for.
    pub build: Build,
    /// The version, at least to the minor version.
    pub version: Version,
    /// The ABI flags, as far as they are known: of `m`, `d` and `t`.
    pub flags: &'s BStr,
}

/// The standard library of an image, found where the build would have installed it.
#[derive(Clone, Debug)]
pub(super) struct Installation {
    /// The directory with `os.py`.
    pub stdlib: BString,
    /// `_sysconfigdata_*.py` with its content.
    pub sysconfigdata: Option<(BString, Vec<u8>)>,
}

impl Installation {
    /// Looks for the standard library next to the image.
    pub fn of(lookups: &Lookups<'_>, sought: Sought<'_>) -> Option<Self> {
        stdlib_candidates(lookups, sought).into_iter().find_map(|stdlib| Self::at(lookups, stdlib, sought))
    }

    /// The installation whose standard library is `stdlib`, if it is one.
    pub fn at(lookups: &Lookups<'_>, stdlib: BString, sought: Sought<'_>) -> Option<Self> {
        if let Some(platform) = sought.build.platform() {
            // ABIFLAGS of 3.6 and 3.7 hold the `m`, so that they are those of the library's name.
            let guess = format!("_sysconfigdata_{}_{platform}.py", sought.flags);
            let guess = join(stdlib.as_bstr(), guess);
            if let Ok(content) = read_once(lookups, guess.as_bstr(), LARGEST_SYSCONFIGDATA) {
                return Some(Self { stdlib, sysconfigdata: Some((guess, content)) });
            }
        }
        if !lookups.is_file(join(stdlib.as_bstr(), "os.py").as_bstr()) {
            return None;
        }
        let sysconfigdata = listed_sysconfigdata(lookups, stdlib.as_bstr());
        Some(Self { stdlib, sysconfigdata })
    }

    /// The content of `site.py`, with its path.
    pub fn site(&self, lookups: &Lookups<'_>) -> Option<(BString, Vec<u8>)> {
        let path = join(self.stdlib.as_bstr(), "site.py");
        let content = read_once(lookups, path.as_bstr(), LARGEST_TEXT).ok()?;
        Some((path, content))
    }

    /// The release that the headers of this installation name, with the header's path.
    ///
    /// The headers are in `include`, next to the `lib` that contains the standard library.
    pub fn patchlevel(&self, lookups: &Lookups<'_>, flags: &BStr) -> Option<(Version, BString)> {
        let root = parent(parent(self.stdlib.as_bstr())?)?;
        // `t` is part of the name of the standard library's directory already.
        let mut dir = name(self.stdlib.as_bstr()).to_owned();
        dir.extend(flags.iter().filter(|&&flag| flag != b't'));
        let path = join(join(join(root, "include").as_bstr(), dir).as_bstr(), "patchlevel.h");
        let content = read_once(lookups, path.as_bstr(), LARGEST_TEXT).ok()?;
        Some((define(&content, "PY_VERSION")?.parse().ok()?, path))
    }
}

/// The string of `#define NAME "…"`.
pub(crate) fn define<'t>(content: &'t [u8], macro_name: &str) -> Option<&'t str> {
    content.lines().find_map(|line| {
        let mut words = line.fields_with(|c| c.is_ascii_whitespace());
        if words.next()? != b"#define" || words.next()? != macro_name.as_bytes() {
            return None;
        }
        words.next()?.strip_prefix(b"\"")?.strip_suffix(b"\"")?.to_str().ok()
    })
}

/// The only `_sysconfigdata_*.py` in the directory; several (builds for debugging) would leave the choice open.
fn listed_sysconfigdata(lookups: &Lookups<'_>, stdlib: &BStr) -> Option<(BString, Vec<u8>)> {
    let names = lookups.list_dir(stdlib).ok()?;
    let fits = |name: &&BString| name.starts_with(b"_sysconfigdata_") && name.ends_with(b".py");
    let mut fitting = names.iter().filter(fits);
    let found = fitting.next().filter(|_| fitting.next().is_none())?;
    let path = join(stdlib, found);
    let content = read_once(lookups, path.as_bstr(), LARGEST_SYSCONFIGDATA).ok()?;
    Some((path, content))
}

/// Where the standard library would be, relative to the image.
fn stdlib_candidates(lookups: &Lookups<'_>, sought: Sought<'_>) -> Vec<BString> {
    let thread = if sought.flags.contains(&b't') { "t" } else { "" };
    let python = format!("python{}{thread}", sought.version.short());
    library_dirs(lookups, sought).into_iter().map(|dir| join(dir.as_bstr(), &python)).collect()
}

/// The directories that hold `pythonX.Y` where a build puts the image into `LIBDIR` or `BINDIR`.
pub(super) fn library_dirs(lookups: &Lookups<'_>, sought: Sought<'_>) -> Vec<BString> {
    let Some(dir) = parent(sought.image) else { return Vec::new() };
    // `$ORIGIN/../lib` stays as it is in the library's name, but is not shown to people.
    let dotted = dir.split_str("/").any(|part| part == b"..");
    let dir = if dotted { lookups.real_path(dir).unwrap_or_else(|_| dir.to_owned()) } else { dir.to_owned() };
    let dir = dir.as_bstr();
    let Some(above) = parent(dir) else { return Vec::new() };
    let sibling = |name: &str| join(above, name);
    if !sought.is_library {
        return vec![sibling("lib"), sibling("lib64")];
    }
    if LibraryName::of_framework(sought.image).is_some() {
        return vec![join(dir, "lib")];
    }
    let is_multiarch = sought.build.multiarch().is_some_and(|triple| name(dir) == triple);
    if is_multiarch {
        return vec![above.to_owned()];
    }
    let other = if name(dir) == "lib64" { "lib" } else { "lib64" };
    vec![dir.to_owned(), sibling(other)]
}
