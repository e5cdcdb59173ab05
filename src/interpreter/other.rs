//! `PyPy`, `GraalPy` and Python 2: recognized, so that they are not taken for a `CPython` whose startup is simulated.

use bstr::{BStr, ByteSlice};

use super::cpython::LibraryName;
use super::headers::Headers;
use super::image::{Image, read_once};
use super::installation::{self, Sought, library_dirs};
use super::links::{join, name, parent};
use super::portrait::{Portrait, words};
use super::{Implementation, Vendor, Version, scan};
use crate::host::Lookups;

/// `site.py` and `patchlevel.h` are far smaller.
const LARGEST_TEXT: u64 = 1 << 20;

/// The facts about the `PyPy` in a library.
pub(super) fn pypy(
    lookups: &Lookups<'_>,
    library: &Image<'_>,
    headers: &dyn Headers,
    mut portrait: Portrait,
) -> Portrait {
    let path = library.path.as_bstr();
    let Some(feature) = pypy_feature(name(path)) else { return portrait };
    portrait.implementation(Implementation::PyPy, words("the library's name, ", path));
    let sought =
        Sought { image: path, is_library: true, build: headers.build(), version: feature, flags: b"".as_bstr() };
    let mut dirs = library_dirs(lookups, sought);
    // In the archives of the project, the library is in `bin`.
    dirs.extend(parent(path).and_then(parent).map(|above| join(above, "lib")));
    let python = format!("pypy{}", feature.short());
    let stdlib = dirs
        .into_iter()
        .map(|dir| join(dir.as_bstr(), &python))
        .find(|stdlib| lookups.is_file(join(stdlib.as_bstr(), "site.py").as_bstr()));
    let stdlib = stdlib.as_ref().map(|stdlib| stdlib.as_bstr());
    pypy_version(lookups, library, feature, stdlib, &mut portrait);
    if let Some(site) = stdlib.map(|stdlib| join(stdlib, "site.py"))
        && let Ok(content) = read_once(lookups, site.as_bstr(), LARGEST_TEXT)
    {
        let debian = content.contains_str("dist-packages");
        let (vendor, from) =
            if debian { (Vendor::Debian, "dist-packages in ") } else { (Vendor::Upstream, "no dist-packages in ") };
        portrait.vendor(vendor, words(from, site.as_bstr()));
    }
    portrait
}

/// 3.11 of `libpypy3.11-c.so`.
fn pypy_feature(library: &BStr) -> Option<Version> {
    let rest = library.strip_prefix(b"libpypy")?;
    let end = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.'))?;
    rest[..end].to_str().ok()?.parse().ok()
}

/// The release from the headers, else from the version string in the library.
fn pypy_version(
    lookups: &Lookups<'_>,
    library: &Image<'_>,
    feature: Version,
    stdlib: Option<&BStr>,
    portrait: &mut Portrait,
) {
    let header = stdlib.and_then(|stdlib| {
        let include = join(parent(parent(stdlib)?)?, "include");
        let path = join(join(include.as_bstr(), name(stdlib)).as_bstr(), "patchlevel.h");
        let content = read_once(lookups, path.as_bstr(), LARGEST_TEXT).ok()?;
        let version: Version = installation::define(&content, "PY_VERSION")?.parse().ok()?;
        let own = installation::define(&content, "PYPY_VERSION")?.into();
        Some((version, own, path))
    });
    let found = header.or_else(|| {
        let (version, own) = scan::pypy_release(library, feature)?;
        Some((version, own, library.path.clone()))
    });
    if let Some((version, own, path)) = found {
        portrait.version(version, words("the version in ", path.as_bstr()));
        portrait.note("pypy_version", own, words("the version in ", path.as_bstr()));
    } else {
        let from =
            words("the micro version is unknown; the minor version is from the name of ", library.path.as_bstr());
        portrait.version(feature, from);
    }
}

/// The facts about a `GraalPy`, if `file` is one: its home holds the virtual machine as a library.
pub(super) fn graalpy(lookups: &Lookups<'_>, file: &BStr) -> Option<Portrait> {
    if !name(file).starts_with(b"graalpy") {
        return None;
    }
    let library = join(parent(parent(file)?)?, "lib/libpythonvm.so");
    let mut portrait = Portrait::new();
    let from = if lookups.is_file(library.as_bstr()) { library } else { words("the file's name, ", file) };
    portrait.implementation(Implementation::GraalPy, from);
    let release = join(parent(parent(file)?)?, "release");
    let content = read_once(lookups, release.as_bstr(), LARGEST_TEXT).unwrap_or_default();
    let line = content.lines().find_map(|line| line.strip_prefix(b"GRAALVM_VERSION="));
    if let Some(own) = line.map(|value| value.trim_with(|c| c == '"' || c == '\r')) {
        portrait.note("implementation_version", own, words("GRAALVM_VERSION in ", release.as_bstr()));
    }
    Some(portrait)
}

/// The facts about a `MicroPython`, if `file` is one by its name and by the text that it prints first.
pub(super) fn micropython(file: &BStr, image: &Image<'_>) -> Option<Portrait> {
    const MARK: &[u8] = b"MicroPython v";
    /// The whole program is about 1 MB large.
    const LARGEST: u64 = 16 << 20;
    if !name(file).starts_with(b"micropython") || image.size() > LARGEST {
        return None;
    }
    let content = image.read(0, usize::try_from(image.size()).ok()?)?;
    let version = &content[content.find(MARK)? + MARK.len()..];
    let end = version.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.')).unwrap_or(version.len());
    let mut portrait = Portrait::new();
    portrait.implementation(Implementation::Other("micropython".to_owned()), words("the text in ", file));
    portrait.note("implementation_version", &version[..end], words("the text in ", file));
    Some(portrait)
}

/// The implementation for which a script of this name is.
pub(super) fn of_script(name: &BStr) -> Option<&'static str> {
    let stem = name.trim_end_with(|c| c.is_ascii_digit() || c == '.');
    match stem {
        b"jython" => Some("Jython"),
        b"ipy" | b"ironpython" => Some("IronPython"),
        _ => None,
    }
}

/// Whether an executable holds a Python 2: it has the C API of `str`, which is gone since 3.0, and a `main`.
pub(super) fn is_python_2(image: &Image<'_>, headers: &dyn Headers) -> bool {
    [b"PyString_FromString".as_slice(), b"Py_Main"].iter().all(|name| headers.exports(image, name))
}

/// The facts about a Python 2: its version, from the headers that are installed next to it.
pub(super) fn python_2(
    lookups: &Lookups<'_>,
    image: &Image<'_>,
    named: LibraryName<'_>,
    mut portrait: Portrait,
) -> Portrait {
    let path = image.path.as_bstr();
    portrait.implementation(Implementation::CPython, words("the name or the exported symbols of ", path));
    let include = format!("include/python{}/patchlevel.h", named.version.short());
    // Debian's libraries are one directory deeper.
    let above = std::iter::successors(parent(path).and_then(parent), |dir| parent(dir)).take(2);
    let found = above.map(|dir| join(dir, &include)).find_map(|header| {
        let content = read_once(lookups, header.as_bstr(), LARGEST_TEXT).ok()?;
        Some((release_of_python_2(installation::define(&content, "PY_VERSION")?)?, header))
    });
    if let Some((version, header)) = found {
        portrait.version(version, words("PY_VERSION in ", header.as_bstr()));
    } else {
        let from = words("the micro version is unknown; the minor version is that of ", path);
        portrait.version(named.version, from);
    }
    portrait
}

/// `2.7.18`, which is no version of Python 3.
fn release_of_python_2(text: &str) -> Option<Version> {
    let (minor, micro) = text.strip_prefix("2.")?.split_once('.')?;
    let digits = micro.find(|c: char| !c.is_ascii_digit()).unwrap_or(micro.len());
    Some(Version::new(2, minor.parse().ok()?, micro[..digits].parse().ok()?))
}
