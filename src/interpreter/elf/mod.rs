//! What an ELF file says about how it is loaded and what it exports, with a few short reads.
//!
//! Every count and length that comes from the file is bounded, and every offset is checked: the file may be hostile.

mod build_id;
mod pointers;
mod references;
mod symbols;
mod target;
#[cfg(test)]
mod tests;
mod versions;

use bstr::{BString, ByteSlice};
use object::elf::{self, FileHeader32, FileHeader64};
use object::endian::{Endian, Endianness};
use object::pod;
use object::read::elf::{Dyn, FileHeader, ProgramHeader};

use super::image::Image;
pub(super) use build_id::build_id;
pub(super) use pointers::Pointers;
pub(super) use references::{Definitions, Reference};
pub(super) use target::Target;
pub(super) use versions::NeededVersion;

/// More program headers than any linker writes.
const MOST_PROGRAM_HEADERS: usize = 512;
/// More dynamic entries than any linker writes.
const MOST_DYNAMIC_ENTRIES: usize = 4096;
/// `PATH_MAX`: no name in a dynamic section is longer.
const LONGEST_STRING: usize = 4096;

/// Why a file with ELF's magic number cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It ends before its headers say.
    Truncated,
    /// Its headers make no sense, or it is no program.
    Nonsense,
}

/// A part of the file that is mapped into memory.
#[derive(Clone, Copy, Debug)]
struct Segment {
    address: u64,
    offset: u64,
    size: u64,
}

/// The headers of an ELF program or shared object.
#[derive(Clone, Debug)]
pub(super) struct Elf {
    /// What it is built for.
    pub target: Target,
    /// The dynamic loader that Linux starts in its place.
    pub loader: Option<BString>,
    /// `DF_1_NODEFLIB`: neither cache nor default directories are searched.
    pub no_default_dirs: bool,
    /// What keeps it from being loaded as a library, in the loader's words.
    pub not_a_library: Option<&'static str>,
    /// Whether all functions have to be defined before the program runs (`DF_BIND_NOW`, `DF_1_NOW`, `DT_BIND_NOW`).
    pub binds_now: bool,
    segments: Vec<Segment>,
    dynamic: Dynamic,
}

/// The dynamic section: addresses of tables (0 is none), and names as offsets into the table of strings.
#[derive(Clone, Debug, Default)]
struct Dynamic {
    needed: Vec<u64>,
    rpath: Option<u64>,
    runpath: Option<u64>,
    strings: u64,
    symbols: u64,
    gnu_hash: u64,
    needed_versions: u64,
    defined_versions: u64,
    soname: Option<u64>,
    strings_size: u64,
    hash: u64,
    symbol_versions: u64,
    /// Relocations of data, and of functions, each with its size.
    relocations: (u64, u64),
    function_relocations: (u64, u64),
}

/// What the file says to the dynamic loader about libraries.
#[derive(Clone, Debug, Default)]
pub(super) struct Libraries {
    /// `DT_NEEDED`, in order.
    pub needed: Vec<BString>,
    /// `DT_RPATH`.
    pub rpath: Option<BString>,
    /// `DT_RUNPATH`.
    pub runpath: Option<BString>,
}

impl Elf {
    /// Reads the headers of a program or shared object.
    pub fn parse(image: &Image<'_>) -> Result<Self, Malformed> {
        let target =
            Target::of(image).ok_or(if image.size() < 20 { Malformed::Truncated } else { Malformed::Nonsense })?;
        if target.is_64 {
            Self::parse_class::<FileHeader64<Endianness>>(image, target)
        } else {
            Self::parse_class::<FileHeader32<Endianness>>(image, target)
        }
    }

    fn parse_class<H: FileHeader<Endian = Endianness>>(image: &Image<'_>, target: Target) -> Result<Self, Malformed> {
        let endian = target.endian;
        let (header, _) = pod::from_bytes::<H>(image.head()).map_err(|()| Malformed::Truncated)?;
        if !matches!(header.e_type(endian), elf::ET_EXEC | elf::ET_DYN) {
            return Err(Malformed::Nonsense);
        }
        let count = usize::from(header.e_phnum(endian));
        if count > MOST_PROGRAM_HEADERS || usize::from(header.e_phentsize(endian)) != size_of::<H::ProgramHeader>() {
            return Err(Malformed::Nonsense);
        }
        let bytes = image
            .read(header.e_phoff(endian).into(), count * size_of::<H::ProgramHeader>())
            .ok_or(Malformed::Truncated)?;
        let (headers, _) = pod::slice_from_bytes(&bytes, count).map_err(|()| Malformed::Truncated)?;
        let mut parsed = Self::bare(target);
        parsed.map::<H>(image, headers)?;
        parsed.read_dynamic::<H>(image, headers);
        parsed.judge_kind(
            header.e_type(endian) == elf::ET_EXEC,
            headers.iter().any(|header| header.p_type(endian) == elf::PT_DYNAMIC),
        );
        Ok(parsed)
    }

    fn bare(target: Target) -> Self {
        Self {
            target,
            loader: None,
            no_default_dirs: false,
            not_a_library: None,
            binds_now: false,
            segments: Vec::new(),
            dynamic: Dynamic::default(),
        }
    }

    /// `_dl_map_object_from_fd`: what cannot be loaded as a library.
    fn judge_kind(&mut self, is_fixed: bool, is_dynamic: bool) {
        self.not_a_library = if self.segments.is_empty() {
            Some("object file has no loadable segments")
        } else if is_fixed {
            Some("cannot dynamically load executable")
        } else if !is_dynamic {
            Some("object file has no dynamic section")
        } else {
            self.not_a_library
        };
    }

    /// Notes what is mapped where, and which loader is wanted.
    fn map<H: FileHeader<Endian = Endianness>>(
        &mut self,
        image: &Image<'_>,
        headers: &[H::ProgramHeader],
    ) -> Result<(), Malformed> {
        let endian = self.target.endian;
        for header in headers {
            let (offset, size): (u64, u64) = (header.p_offset(endian).into(), header.p_filesz(endian).into());
            match header.p_type(endian) {
                elf::PT_LOAD => {
                    if offset.checked_add(size).is_none_or(|end| end > image.size()) {
                        return Err(Malformed::Truncated);
                    }
                    self.segments.push(Segment { address: header.p_vaddr(endian).into(), offset, size });
                }
                elf::PT_INTERP => {
                    let size = usize::try_from(size).unwrap_or(usize::MAX);
                    // `load_elf_binary` of Linux rejects such a program.
                    if !(2..=LONGEST_STRING).contains(&size) {
                        return Err(Malformed::Nonsense);
                    }
                    let path = image.read(offset, size).ok_or(Malformed::Truncated)?;
                    self.loader = Some(until_nul(&path).into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes from the dynamic section what a search for libraries and symbols needs.
    fn read_dynamic<H: FileHeader<Endian = Endianness>>(&mut self, image: &Image<'_>, headers: &[H::ProgramHeader]) {
        let endian = self.target.endian;
        let Some(header) = headers.iter().find(|header| header.p_type(endian) == elf::PT_DYNAMIC) else { return };
        let count = usize::try_from(header.p_filesz(endian).into()).unwrap_or(0) / size_of::<H::Dyn>();
        let count = count.min(MOST_DYNAMIC_ENTRIES);
        let Some(bytes) = image.read(header.p_offset(endian).into(), count * size_of::<H::Dyn>()) else { return };
        let Ok((entries, _)) = pod::slice_from_bytes::<H::Dyn>(&bytes, count) else { return };
        let dynamic = &mut self.dynamic;
        for entry in entries {
            let value: u64 = entry.d_val(endian).into();
            match entry.d_tag(endian) {
                elf::DT_NULL => break,
                elf::DT_NEEDED => dynamic.needed.push(value),
                elf::DT_RPATH => dynamic.rpath = Some(value),
                elf::DT_RUNPATH => dynamic.runpath = Some(value),
                elf::DT_STRTAB => dynamic.strings = value,
                elf::DT_SYMTAB => dynamic.symbols = value,
                elf::DT_GNU_HASH => dynamic.gnu_hash = value,
                elf::DT_VERNEED => dynamic.needed_versions = value,
                elf::DT_VERDEF => dynamic.defined_versions = value,
                elf::DT_SONAME => dynamic.soname = Some(value),
                elf::DT_STRSZ => dynamic.strings_size = value,
                elf::DT_HASH => dynamic.hash = value,
                elf::DT_VERSYM => dynamic.symbol_versions = value,
                elf::DT_RELA => dynamic.relocations.0 = value,
                elf::DT_RELASZ => dynamic.relocations.1 = value,
                elf::DT_JMPREL => dynamic.function_relocations.0 = value,
                elf::DT_PLTRELSZ => dynamic.function_relocations.1 = value,
                elf::DT_BIND_NOW => self.binds_now = true,
                elf::DT_FLAGS => self.binds_now |= value & elf::DF_BIND_NOW.0 != 0,
                elf::DT_FLAGS_1 => {
                    self.no_default_dirs = value & elf::DF_1_NODEFLIB.0 != 0;
                    self.binds_now |= value & elf::DF_1_NOW.0 != 0;
                    if value & elf::DF_1_PIE.0 != 0 {
                        self.not_a_library = Some("cannot dynamically load position-independent executable");
                    }
                }
                _ => {}
            }
        }
    }

    /// The names in the dynamic section; read only where they are wanted, for each costs a read in a large file.
    pub fn libraries(&self, image: &Image<'_>) -> Libraries {
        let string = |&offset: &u64| self.string(image, self.dynamic.strings.checked_add(offset)?);
        Libraries {
            needed: self.dynamic.needed.iter().filter_map(string).collect(),
            rpath: self.dynamic.rpath.as_ref().and_then(string),
            runpath: self.dynamic.runpath.as_ref().and_then(string),
        }
    }

    /// `DT_SONAME`, which only matters where names of libraries are compared.
    pub fn soname(&self, image: &Image<'_>) -> Option<BString> {
        self.string(image, self.dynamic.strings.checked_add(self.dynamic.soname?)?)
    }

    /// At most `len` bytes at a virtual address, fewer where what is mapped from the file ends before.
    fn at<'i>(&self, image: &'i Image<'_>, address: u64, len: usize) -> Option<std::borrow::Cow<'i, [u8]>> {
        let (segment, into) = self.segments.iter().find_map(|segment| {
            let into = address.checked_sub(segment.address)?;
            (into < segment.size).then_some((segment, into))
        })?;
        let len = len.min(usize::try_from(segment.size - into).unwrap_or(usize::MAX));
        image.read(segment.offset.checked_add(into)?, len)
    }

    /// Exactly `N` bytes at a virtual address.
    fn array<const N: usize>(&self, image: &Image<'_>, address: u64) -> Option<[u8; N]> {
        self.at(image, address, N)?.as_ref().try_into().ok()
    }

    fn u32_at(&self, image: &Image<'_>, address: u64) -> Option<u32> {
        Some(self.target.endian.read_u32(self.array(image, address)?))
    }

    /// The string at a virtual address; a short read is tried first, since names are short.
    fn string(&self, image: &Image<'_>, address: u64) -> Option<BString> {
        [256, LONGEST_STRING].into_iter().find_map(|len| {
            let bytes = self.at(image, address, len)?;
            let end = bytes.find_byte(0)?;
            Some(bytes[..end].into())
        })
    }
}

/// The bytes before the first NUL.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.find_byte(0).unwrap_or(bytes.len())]
}
