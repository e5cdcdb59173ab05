//! What a Mach-O file of macOS says about how it is loaded and what it exports, with a few short reads.
//!
//! Every count and length that comes from the file is bounded, and every offset is checked: the file may be hostile.

mod architecture;
mod developer_tool;
mod dyld;
mod exports;
mod imports;
mod inspect;
mod link;
mod modules;
mod pointers;
mod slices;
mod stub;
mod symbols;

use std::borrow::Cow;

use bstr::BString;
use object::endian::{Endian, Endianness};
use object::macho::{
    LC_DYLD_CHAINED_FIXUPS, LC_DYLD_EXPORTS_TRIE, LC_LOAD_UPWARD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB,
    MH_BUNDLE, MH_DYLIB, MH_EXECUTE, MachHeader64,
};
use object::pod;
use object::read::macho::{LoadCommandData, LoadCommandVariant, MachHeader, Segment};

use super::image::Image;
pub(super) use architecture::Architecture;
pub(super) use inspect::inspect;
pub(super) use modules::Modules;
pub(super) use pointers::Pointers;
pub(super) use slices::{Slice, names, slices};

/// Larger than the load commands of any library.
const MOST_COMMANDS: u32 = 1 << 20;
/// `PATH_MAX`: no name in a load command or a table is longer.
const LONGEST_STRING: usize = 1024;

/// Why a file with the magic number of Mach-O cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It ends before its headers say.
    Truncated,
    /// Its headers make no sense.
    Nonsense,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A program.
    Program,
    /// A library that others name in their load commands.
    Library,
    /// A module that programs load when they want it, as Python's extension modules are.
    Bundle,
    /// Anything else.
    Other,
}

/// A library that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The path as written: absolute, or with `@rpath`, `@loader_path` or `@executable_path` in front.
    pub path: BString,
    /// Whether the file is loaded without it as well (`LC_LOAD_WEAK_DYLIB`).
    pub is_weak: bool,
    /// Whether its symbols count as the file's own.
    pub is_reexported: bool,
}

/// A part of the file that is mapped into memory; offsets count from the beginning of the slice.
#[derive(Clone, Copy, Debug)]
struct Mapped {
    address: u64,
    offset: u64,
    size: u64,
    /// Whether it is the one that begins with the header.
    is_base: bool,
}

/// A table in the file: offset and size.
type Table = (u64, u64);

/// One slice of a file, as its load commands describe it.
#[derive(Clone, Debug)]
pub(super) struct Macho {
    pub slice: Slice,
    pub kind: Kind,
    /// The libraries that it needs, in order.
    pub needed: Vec<Dependency>,
    /// `LC_RPATH`, in order: what `@rpath` stands for.
    pub rpaths: Vec<BString>,
    /// Its own name (`LC_ID_DYLIB`).
    pub id: Option<BString>,
    /// The oldest release of the system that it is built for, such as 11.0.
    pub oldest_system: Option<(u32, u32)>,
    endian: Endianness,
    segments: Vec<Mapped>,
    exports: Option<Table>,
    fixups: Option<Table>,
    symbols: Option<Symbols>,
}

/// Where the table of symbols is, and which of them are defined elsewhere.
#[derive(Clone, Copy, Debug, Default)]
struct Symbols {
    entries: u64,
    count: u32,
    strings: Table,
    undefined: Option<(u32, u32)>,
}

impl Macho {
    /// Reads the load commands of a slice.
    pub fn parse(image: &Image<'_>, slice: Slice) -> Result<Self, Malformed> {
        let end = slice.start.checked_add(slice.size).ok_or(Malformed::Nonsense)?;
        if end > image.size() {
            return Err(Malformed::Truncated);
        }
        let size = size_of::<MachHeader64<Endianness>>();
        let bytes = image.read(slice.start, size).ok_or(Malformed::Truncated)?;
        let (endian, is_64) = slices::order(&bytes).ok_or(Malformed::Nonsense)?;
        let (header, _) = pod::from_bytes::<MachHeader64<Endianness>>(&bytes).map_err(|()| Malformed::Truncated)?;
        let commands = header.sizeofcmds(endian);
        if !is_64 || commands > MOST_COMMANDS {
            return Err(Malformed::Nonsense);
        }
        let whole = image.read(slice.start, size + commands as usize).ok_or(Malformed::Truncated)?;
        let kind = match header.filetype(endian) {
            MH_EXECUTE => Kind::Program,
            MH_DYLIB => Kind::Library,
            MH_BUNDLE => Kind::Bundle,
            _ => Kind::Other,
        };
        let mut parsed = Self::bare(slice, kind, endian);
        let mut listed = header.load_commands(endian, &*whole, 0).map_err(|_| Malformed::Nonsense)?;
        while let Some(command) = listed.next().map_err(|_| Malformed::Nonsense)? {
            parsed.take(&command)?;
        }
        parsed.judge_size()?;
        Ok(parsed)
    }

    fn bare(slice: Slice, kind: Kind, endian: Endianness) -> Self {
        Self {
            slice,
            kind,
            needed: Vec::new(),
            rpaths: Vec::new(),
            id: None,
            oldest_system: None,
            endian,
            segments: Vec::new(),
            exports: None,
            fixups: None,
            symbols: None,
        }
    }

    /// Takes what a load command says.
    fn take(&mut self, command: &LoadCommandData<'_, Endianness>) -> Result<(), Malformed> {
        let endian = self.endian;
        let text = |name| command.string(endian, name).map(BString::from).map_err(|_| Malformed::Nonsense);
        match command.variant().map_err(|_| Malformed::Nonsense)? {
            LoadCommandVariant::Segment64(segment, _) => {
                let (offset, size) = segment.file_range(endian);
                let is_base = offset == 0 && size > 0;
                self.segments.push(Mapped { address: segment.vmaddr.get(endian), offset, size, is_base });
            }
            LoadCommandVariant::Dylib(dylib) => self.needed.push(Dependency {
                path: text(dylib.dylib.name)?,
                is_weak: command.cmd() == LC_LOAD_WEAK_DYLIB,
                is_reexported: matches!(command.cmd(), LC_REEXPORT_DYLIB | LC_LOAD_UPWARD_DYLIB),
            }),
            LoadCommandVariant::IdDylib(dylib) => self.id = Some(text(dylib.dylib.name)?),
            LoadCommandVariant::Rpath(rpath) => self.rpaths.push(text(rpath.path)?),
            LoadCommandVariant::Symtab(table) => {
                let symbols = self.symbols.get_or_insert_default();
                symbols.entries = table.symoff.get(endian).into();
                symbols.count = table.nsyms.get(endian);
                symbols.strings = (table.stroff.get(endian).into(), table.strsize.get(endian).into());
            }
            LoadCommandVariant::Dysymtab(table) => {
                let undefined = (table.iundefsym.get(endian), table.nundefsym.get(endian));
                self.symbols.get_or_insert_default().undefined = Some(undefined);
            }
            LoadCommandVariant::DyldInfo(info) => {
                self.exports = Some((info.export_off.get(endian).into(), info.export_size.get(endian).into()));
            }
            LoadCommandVariant::LinkeditData(data) => {
                let table = (data.dataoff.get(endian).into(), data.datasize.get(endian).into());
                match command.cmd() {
                    LC_DYLD_EXPORTS_TRIE => self.exports = Some(table),
                    LC_DYLD_CHAINED_FIXUPS => self.fixups = Some(table),
                    _ => {}
                }
            }
            LoadCommandVariant::BuildVersion(build, _) => self.note_system(build.minos.get(endian).0),
            LoadCommandVariant::VersionMin(build) => self.note_system(build.version.get(endian).0),
            _ => {}
        }
        Ok(())
    }

    /// `X.Y.Z` in two bytes and twice one.
    fn note_system(&mut self, version: u32) {
        self.oldest_system = Some((version >> 16, version >> 8 & 0xff));
    }

    /// The kernel and dyld refuse what ends before its segments do.
    fn judge_size(&self) -> Result<(), Malformed> {
        let is_in_file =
            |mapped: &Mapped| mapped.offset.checked_add(mapped.size).is_some_and(|end| end <= self.slice.size);
        if self.segments.iter().all(is_in_file) { Ok(()) } else { Err(Malformed::Truncated) }
    }

    /// Exactly `len` bytes of the slice.
    fn read<'i>(&self, image: &'i Image<'_>, offset: u64, len: usize) -> Option<Cow<'i, [u8]>> {
        let end = offset.checked_add(len as u64)?;
        (end <= self.slice.size).then(|| image.read(self.slice.start.checked_add(offset)?, len))?
    }

    /// Where in the slice an address is, and how much of the file follows there.
    fn offset(&self, address: u64) -> Option<(u64, u64)> {
        self.segments.iter().find_map(|mapped| {
            let into = address.checked_sub(mapped.address)?;
            let rest = mapped.size.checked_sub(into).filter(|rest| *rest > 0)?;
            Some((mapped.offset.checked_add(into)?, rest))
        })
    }

    /// Exactly `N` bytes at an address.
    fn array<const N: usize>(&self, image: &Image<'_>, address: u64) -> Option<[u8; N]> {
        let (offset, _) = self.offset(address)?;
        self.read(image, offset, N)?.as_ref().try_into().ok()
    }

    /// The address of the header, from which offsets of other addresses count.
    fn base(&self) -> Option<u64> {
        self.segments.iter().find(|mapped| mapped.is_base).map(|mapped| mapped.address)
    }

    /// The number in a variable of the size of C's `int`.
    pub fn number(&self, image: &Image<'_>, address: u64) -> Option<u32> {
        self.array(image, address).map(|bytes| self.endian.read_u32(bytes))
    }

    /// The number in an exported variable of the size of C's `long`.
    pub fn exported_long(&self, image: &Image<'_>, name: &[u8]) -> Option<u32> {
        let address = self.export(image, name)?;
        let bytes = self.array(image, address)?;
        u32::try_from(self.endian.read_u64(bytes)).ok()
    }
}
