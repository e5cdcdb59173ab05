//! The readers of this module, each by itself, for the fuzz targets of this crate.
#![allow(clippy::missing_panics_doc, reason = "what must hold of any input is asserted here")]

use std::hint::black_box;

use bstr::{BStr, ByteSlice};

use super::elf::{Elf, Target};
use super::image::Image;
use super::scan::{Scan, pypy_release};
use super::{
    LoaderVariables, Version, conda, elf, identify, launcher, ld_cache, library_header, macho, pe, sysconfigdata,
};
use crate::host::{Content, Lookups, MemoryHost, Platform};

/// A program or shared object of Linux.
pub fn elf(content: &[u8]) {
    let image = Image::of_binary(Content(content));
    black_box(elf::build_id(&image));
    let target = Target::of(&image);
    if let Some(target) = target {
        black_box(library_header::check(&image, target));
    }
    let Ok(elf) = Elf::parse(&image) else { return };
    black_box((elf.libraries(&image), elf.soname(&image)));
    black_box((elf.needed_versions(&image).len(), elf.defined_versions(&image), elf.defined_indices(&image).len()));
    black_box((elf.symbol(&image, b"Py_Version"), elf.exported_long(&image, b"__bss_start")));
    black_box(elf.imports(&image, &[b"Py_BytesMain"]));
    let definitions = elf.definitions(&image);
    for reference in elf.references(&image).unwrap_or_default() {
        black_box(definitions.as_ref().is_some_and(|definitions| definitions.satisfy(&reference)));
    }
}

/// What any program is searched for: versions, suffixes and paths.
pub fn program_texts(content: &[u8]) {
    let image = Image::of_binary(Content(content));
    let scan = Scan::of(&image);
    black_box((scan.feature().is_some(), scan.only_release_of(Version::feature(3, 12))));
    black_box(pypy_release(&image, Version::feature(3, 10)));
}

/// `/etc/ld.so.cache`.
pub fn ld_cache(content: &[u8]) {
    for name in ["libc.so.6", "libpython3.12.so.1.0", ""] {
        black_box(ld_cache::lookup(content, name.into()).len());
    }
}

/// `_sysconfigdata_*.py`.
pub fn sysconfigdata(content: &[u8]) {
    black_box(sysconfigdata::lookup(content, ["prefix", "Py_ENABLE_SHARED", "SOABI", "", "EXT_SUFFIX"]));
}

/// A program of Windows: its resources, what it starts as a launcher, and which Python it is.
pub fn windows_program(content: &[u8]) {
    let image = Image::of_binary(Content(content));
    black_box(pe::find_resource(&image, "UV_PYTHON_PATH"));
    black_box(pe::of_redirector(&image).version);
    let path: &BStr = r"C:\w\.venv\Scripts\app.exe".into();
    let host = MemoryHost::new(Platform::Windows).file(path, content);
    let lookups = Lookups::new(&host, None);
    black_box(launcher::read(&lookups, path));
    black_box(pe::inspect(&lookups, path, &image).0);
}

/// A program or library of macOS: as a file, and as a program that is started.
pub fn macho(content: &[u8]) {
    let image = Image::of_binary(Content(content));
    for slice in macho::slices(&image).unwrap_or_default() {
        let Ok(macho) = macho::Macho::parse(&image, slice) else { continue };
        black_box((macho.imports(&image, &[b"Py_BytesMain"]), macho.exported_long(&image, b"Py_Version")));
        let Some(pointers) = macho::Pointers::of(&macho, &image) else { continue };
        let Some(table) = macho.export(&image, b"PyImport_Inittab") else { continue };
        let target = pointers.target(&macho, &image, table);
        black_box(target.and_then(|target| macho.text(&image, target)));
    }
    let path: &BStr = "/opt/py/bin/python3".into();
    let host = MemoryHost::new(Platform::Macos).file(path, content).executable(path);
    black_box(identify(&Lookups::new(&host, None), path, LoaderVariables::default()).problem);
}

/// The names of versions: those of the option `--python-version`, and of the records of conda.
pub fn versions(content: &[u8]) {
    for line in content.lines() {
        black_box(conda::conda_version(line.as_bstr(), "python"));
        let Ok(version) = line.to_str().unwrap_or_default().parse::<Version>() else { continue };
        assert_eq!(version.to_string().parse(), Ok(version), "{version}");
    }
}
