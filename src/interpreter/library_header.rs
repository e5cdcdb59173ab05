//! What glibc's loader checks of a file under the name of a library before it maps it (`open_verify` of `elf/dl-load.c`).

use object::endian::{Endian, Endianness};

use super::elf::Target;
use super::image::Image;

/// What becomes of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// It is mapped.
    Usable,
    /// It is for another machine, and the search goes on.
    Passed,
    /// The loader ends, with these words about the file.
    Flawed(&'static str),
}

const ELF64_HEADER: usize = 64;
const ELF32_HEADER: usize = 52;
const SYSTEM_V: u8 = 0;
const GNU: u8 = 3;
/// `LIBC_ABI_MAX` was 4 in the oldest release that still runs a supported Python; later ones accept more.
const OLDEST_ABI: u8 = 3;

/// Checks the headers as the loader of a program for `wanted` does.
pub(super) fn check(image: &Image<'_>, wanted: Target) -> Header {
    let (size, class) = if wanted.is_64 { (ELF64_HEADER, 2) } else { (ELF32_HEADER, 1) };
    let Some(head) = image.head().get(..size) else { return Header::Flawed("file too short") };
    let order = match wanted.endian {
        Endianness::Little => 1,
        Endianness::Big => 2,
    };
    let abi_is_known = match head[7] {
        SYSTEM_V => head[8] == 0,
        GNU => head[8] <= OLDEST_ABI,
        _ => true,
    };
    if head[..4] != *b"\x7fELF" {
        return Header::Flawed("invalid ELF header");
    } else if head[4] != class {
        return Header::Passed;
    } else if head[5] != order {
        let is_little = order == 1;
        return Header::Flawed(if is_little {
            "ELF file data encoding not little-endian"
        } else {
            "ELF file data encoding not big-endian"
        });
    } else if head[6] != 1 {
        return Header::Flawed("ELF file version ident does not match current one");
    } else if !matches!(head[7], SYSTEM_V | GNU) {
        return Header::Flawed("ELF file OS ABI invalid");
    } else if !abi_is_known {
        return Header::Flawed("ELF file ABI version invalid");
    } else if head[9..16] != [0; 7] {
        return Header::Flawed("nonzero padding in e_ident");
    }
    fields(image, wanted, head)
}

/// The fields after the identification.
fn fields(image: &Image<'_>, wanted: Target, head: &[u8]) -> Header {
    let half = |at: usize| wanted.endian.read_u16([head[at], head[at + 1]]);
    let word = |at: usize| wanted.endian.read_u32([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (program_size, at) = if wanted.is_64 { (56, 54) } else { (32, 42) };
    let long = |at: usize| head[at..at + 8].try_into().map_or(u64::MAX, |bytes| wanted.endian.read_u64(bytes));
    let start = if wanted.is_64 { long(32) } else { u64::from(word(28)) };
    if word(20) != 1 {
        return Header::Flawed("ELF file version does not match current one");
    } else if half(18) != wanted.machine {
        return Header::Passed;
    } else if !matches!(half(16), 2 | 3) {
        return Header::Flawed("only ET_DYN and ET_EXEC can be loaded");
    } else if half(at) != program_size {
        return Header::Flawed("ELF file's phentsize not the expected size");
    }
    let end = start.checked_add(u64::from(half(at + 2)) * u64::from(program_size));
    if end.is_some_and(|end| end <= image.size()) { Header::Usable } else { Header::Flawed("cannot read file data") }
}
