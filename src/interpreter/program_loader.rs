//! Whether the kernel can start the dynamic loader that a program names (`PT_INTERP`).
//!
//! `load_elf_binary` of Linux opens it as it opens programs (`open_exec`), and reads its headers before it gives up the
//! process that called `execve`.

use std::borrow::Cow;

use bstr::{BStr, BString, ByteSlice};
use object::endian::Endian;

use super::Problem;
use super::elf::{Elf, Target};
use super::image::Image;
use super::links::name as last_component;
use crate::host::{FileKind, HostError, Lookups, Metadata};

/// Where distributions keep the loader: a file of the right size there is taken for one without reading it.
const USUAL: [&[u8]; 4] = [b"/lib/ld-", b"/lib64/ld-", b"/usr/lib/ld-", b"/usr/lib64/ld-"];
/// No loader is smaller.
const SMALLEST: u64 = 64 << 10;
/// The size of the headers that the kernel reads, in the smaller of both classes.
const HEADER: u64 = 52;
const HEADER_64: u64 = 64;

/// What keeps the loader from being started.
pub(super) fn problem(lookups: &Lookups<'_>, loader: &BString, target: Target) -> Option<Problem> {
    if !lookups.exists(loader.as_bstr()) {
        let missing = || Problem::MissingLoader { loader: loader.clone() };
        return match lookups.metadata(loader.as_bstr()) {
            Err(HostError::PermissionDenied) => Some(bad(loader, "there is no permission to reach it", "EACCES")),
            Err(HostError::SymlinkLoop) => Some(bad(loader, "its symlinks form a loop", "ELOOP")),
            _ => Some(missing()),
        };
    }
    let metadata = lookups.metadata(loader.as_bstr()).ok()?;
    of_metadata(lookups, loader, &metadata, target).or_else(|| {
        let is_usual = USUAL.iter().any(|place| loader.starts_with(place)) && metadata.len >= SMALLEST;
        if is_usual { None } else { of_content(lookups, loader, target) }
    })
}

fn bad(loader: &BString, flaw: &'static str, error: &'static str) -> Problem {
    Problem::BadLoader { loader: loader.clone(), flaw: flaw.into(), error: Some(error.into()) }
}

/// What is plain without reading the file.
fn of_metadata(lookups: &Lookups<'_>, loader: &BString, metadata: &Metadata, target: Target) -> Option<Problem> {
    let header = if target.is_64 { HEADER_64 } else { HEADER };
    let for_all = |mode: u16| mode & 0o111 == 0o111;
    match metadata.kind {
        FileKind::Directory => Some(bad(loader, "it is a directory", "EACCES")),
        FileKind::File if !metadata.executable => Some(bad(loader, "it is not executable", "EACCES")),
        FileKind::File if metadata.len < header => Some(bad(loader, "it is too short", "EIO")),
        FileKind::File => {
            let is_open = metadata.access.is_none_or(|access| for_all(access.mode));
            let is_refused = !is_open && !lookups.may_execute(loader.as_bstr());
            is_refused.then(|| bad(loader, "this user may not execute it", "EACCES"))
        }
        _ => Some(bad(loader, "it is no regular file", "EACCES")),
    }
}

/// What its headers say; the kernel looks at the magic number, the processor and the table of segments.
fn of_content(lookups: &Lookups<'_>, loader: &BString, target: Target) -> Option<Problem> {
    let image = Image::open(lookups, loader.as_bstr()).ok()?;
    let Some(found) = image.head().starts_with(b"\x7fELF").then(|| Target::of(&image)).flatten() else {
        return Some(bad(loader, "it is no program", "ELIBBAD"));
    };
    if found.machine != target.machine {
        return Some(bad(loader, "it is built for another processor", "ELIBBAD"));
    }
    if !has_segments(&image, found) {
        return Some(bad(loader, "it is truncated", "ELIBBAD"));
    }
    let crashes =
        |flaw: &'static str| Some(Problem::BadLoader { loader: loader.clone(), flaw: flaw.into(), error: None });
    match Elf::parse(&image) {
        _ if found.is_64 != target.is_64 => Some(unknown(loader, "one is a 32-bit and the other a 64-bit program")),
        Err(_) => crashes("it is no program, or truncated"),
        Ok(elf) if is_loader(&elf, &image) => None,
        // It runs as it is, with the arguments of Python.
        Ok(_) => Some(unknown(loader, "it is not recognized as a dynamic loader")),
    }
}

fn unknown(loader: &BString, why: &'static str) -> Problem {
    Problem::LoadingUnknown { object: loader.clone(), why: why.into() }
}

/// Whether the table of segments is in the file.
fn has_segments(image: &Image<'_>, target: Target) -> bool {
    let read = |at: u64, len: usize| image.read(at, len).map(Cow::into_owned);
    let half = |at: u64| read(at, 2).and_then(|bytes| Some(target.endian.read_u16(bytes.try_into().ok()?)));
    let start = if target.is_64 {
        read(32, 8).and_then(|bytes| Some(target.endian.read_u64(bytes.try_into().ok()?)))
    } else {
        read(28, 4).and_then(|bytes| Some(u64::from(target.endian.read_u32(bytes.try_into().ok()?))))
    };
    let (size_at, count_at) = if target.is_64 { (54, 56) } else { (42, 44) };
    let (Some(start), Some(size), Some(count)) = (start, half(size_at), half(count_at)) else { return false };
    start.checked_add(u64::from(size) * u64::from(count)).is_some_and(|end| end <= image.size()) && count > 0
}

/// A dynamic loader needs no library, and is called so.
fn is_loader(elf: &Elf, image: &Image<'_>) -> bool {
    let is_named = |name: &BStr| name.starts_with(b"ld-") || name.starts_with(b"ld.so") || name.starts_with(b"ld64.so");
    let own = elf.soname(image).unwrap_or_default();
    let is_musl = (own.is_empty() || own.starts_with(b"libc.")) && elf.symbol(image, b"__libc_start_main").is_some();
    let name = if own.is_empty() { last_component(image.path.as_bstr()).to_owned() } else { own };
    elf.libraries(image).needed.is_empty() && (is_named(name.as_bstr()) || is_musl)
}
