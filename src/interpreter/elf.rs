//! What an ELF file says about how it is loaded and what it exports, learnt from a few short reads.
//!
//! Every count and length that comes from the file is bounded, and every offset is checked: the file may be hostile.

use bstr::{BString, ByteSlice};
use object::elf::{self, FileHeader32, FileHeader64};
use object::endian::{Endian, Endianness};
use object::pod;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, Sym};

use super::image::Image;

/// More program headers than any linker writes.
const MOST_PROGRAM_HEADERS: usize = 512;
/// More dynamic entries than any linker writes.
const MOST_DYNAMIC_ENTRIES: usize = 4096;
/// The longest chain of one hash bucket that is followed.
const LONGEST_CHAIN: u32 = 4096;
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

/// What processor and word size a file is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// `e_machine`.
    pub machine: u16,
    /// Whether the file is of the 64-bit class.
    pub is_64: bool,
    /// The byte order.
    pub endian: Endianness,
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
    /// The dynamic loader that the kernel starts in its stead.
    pub loader: Option<BString>,
    /// `DF_1_NODEFLIB`: neither cache nor default folders are searched.
    pub no_default_folders: bool,
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
}

/// What the dynamic loader is told about libraries.
#[derive(Clone, Debug, Default)]
pub(super) struct Libraries {
    /// `DT_NEEDED`, in order.
    pub needed: Vec<BString>,
    /// `DT_RPATH`.
    pub rpath: Option<BString>,
    /// `DT_RUNPATH`.
    pub runpath: Option<BString>,
}

impl Target {
    /// Reads the identification alone; none where the file is no ELF file.
    pub fn of(image: &Image<'_>) -> Option<Self> {
        let ident = image.head().get(..20)?;
        let rest = ident.strip_prefix(&elf::ELFMAG)?;
        let is_64 = match rest[0] {
            1 => false,
            2 => true,
            _ => return None,
        };
        let endian = match rest[1] {
            1 => Endianness::Little,
            2 => Endianness::Big,
            _ => return None,
        };
        let machine = endian.read_u16([ident[18], ident[19]]);
        Some(Self { machine, is_64, endian })
    }

    /// The architecture in words.
    pub fn words(self) -> String {
        let name = match self.machine {
            2 | 18 | 43 => "SPARC",
            3 => "x86",
            8 => "MIPS",
            20 | 21 => "PowerPC",
            22 => "S/390",
            40 => "ARM",
            62 => "x86-64",
            183 => "AArch64 (ARM)",
            243 => "RISC-V",
            258 => "LoongArch",
            other => return format!("ELF machine {other}, {} bits", self.bits()),
        };
        format!("{name}, {} bits", self.bits())
    }

    fn bits(self) -> u8 {
        if self.is_64 { 64 } else { 32 }
    }
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
        Ok(parsed)
    }

    fn bare(target: Target) -> Self {
        Self { target, loader: None, no_default_folders: false, segments: Vec::new(), dynamic: Dynamic::default() }
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
                    // `load_elf_binary` of the kernel refuses such a program as no program.
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
                elf::DT_FLAGS_1 => self.no_default_folders = value & elf::DF_1_NODEFLIB.0 != 0,
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

    /// Whether there is a table in which [`Self::symbol`] can look.
    pub fn has_symbols(&self) -> bool {
        self.dynamic.gnu_hash != 0
    }

    /// The value and size of a symbol that this file defines.
    pub fn symbol(&self, image: &Image<'_>, name: &[u8]) -> Option<(u64, u64)> {
        if self.target.is_64 {
            self.symbol_of_class::<FileHeader64<Endianness>>(image, name)
        } else {
            self.symbol_of_class::<FileHeader32<Endianness>>(image, name)
        }
    }

    /// Looks a name up as the dynamic loader does, except that its Bloom filter is passed over.
    fn symbol_of_class<H: FileHeader<Endian = Endianness>>(
        &self,
        image: &Image<'_>,
        name: &[u8],
    ) -> Option<(u64, u64)> {
        let endian = self.target.endian;
        let table = self.dynamic.gnu_hash;
        let header: [u8; 12] = (table != 0).then(|| self.array(image, table))??;
        let field = |at: usize| Some(endian.read_u32(header.get(at..at + 4)?.try_into().ok()?));
        let (buckets, first, bloom) = (field(0)?, field(4)?, field(8)?);
        let hash = elf::gnu_hash(name);
        let bucket = hash.checked_rem(buckets)?;
        let bloom_size = u64::from(bloom) * size_of::<H::Word>() as u64;
        let bucket_table = table.checked_add(16)?.checked_add(bloom_size)?;
        let chain_table = bucket_table.checked_add(4 * u64::from(buckets))?;
        let start = self.u32_at(image, bucket_table.checked_add(4 * u64::from(bucket))?)?;
        let start_of_chain = chain_table.checked_add(4 * u64::from(start.checked_sub(first)?))?;
        for step in 0..LONGEST_CHAIN {
            let entry = self.u32_at(image, start_of_chain.checked_add(4 * u64::from(step))?)?;
            if entry | 1 == hash | 1
                && let Some(found) = self.symbol_named::<H>(image, start.checked_add(step)?, name)
            {
                return Some(found);
            }
            if entry & 1 == 1 {
                break;
            }
        }
        None
    }

    /// The value and size of symbol number `index`, where it is a definition of that name.
    fn symbol_named<H: FileHeader<Endian = Endianness>>(
        &self,
        image: &Image<'_>,
        index: u32,
        name: &[u8],
    ) -> Option<(u64, u64)> {
        let endian = self.target.endian;
        let size = size_of::<H::Sym>();
        let bytes = self.at(image, self.dynamic.symbols.checked_add(u64::from(index) * size as u64)?, size)?;
        let (symbol, _) = pod::from_bytes::<H::Sym>(&bytes).ok()?;
        let text = self.at(image, self.dynamic.strings.checked_add(symbol.st_name(endian).into())?, name.len() + 1)?;
        let same = text.strip_suffix(&[0]) == Some(name) && !symbol.is_undefined(endian);
        same.then(|| (symbol.st_value(endian).into(), symbol.st_size(endian).into()))
    }

    /// The low 32 bits of an exported integer of the size of C's `long`.
    pub fn exported_long(&self, image: &Image<'_>, name: &[u8]) -> Option<u32> {
        let (address, size) = self.symbol(image, name)?;
        match size {
            4 => self.u32_at(image, address),
            8 => u32::try_from(self.target.endian.read_u64(self.array(image, address)?)).ok(),
            _ => None,
        }
    }
}

/// The bytes before the first NUL.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.find_byte(0).unwrap_or(bytes.len())]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "the test's own binary serves as an ELF file")]

    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::host::{Binary, HostError};

    static SELF: LazyLock<Vec<u8>> = LazyLock::new(|| std::fs::read("/proc/self/exe").expect("the test's binary"));

    /// The test's binary with some bytes changed and its end cut off.
    struct Damaged {
        size: usize,
        patches: Vec<(usize, u8)>,
    }

    impl Binary for Damaged {
        fn size(&self) -> u64 {
            self.size as u64
        }

        fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, HostError> {
            let start = usize::try_from(offset).map_err(|_| HostError::Truncated)?;
            let end = start.checked_add(len).filter(|&end| end <= self.size).ok_or(HostError::Truncated)?;
            let mut bytes = SELF[start..end].to_vec();
            for &(at, byte) in &self.patches {
                if let Some(place) = at.checked_sub(start).and_then(|at| bytes.get_mut(at)) {
                    *place = byte;
                }
            }
            Ok(bytes)
        }
    }

    fn image(patches: Vec<(usize, u8)>, size: usize) -> Image<'static> {
        Image::of_binary(Damaged { size: size.min(SELF.len()), patches })
    }

    /// Asks everything that can be asked.
    fn exercise(image: &Image<'_>) {
        let Ok(elf) = Elf::parse(image) else { return };
        elf.libraries(image);
        elf.symbol(image, b"Py_Version");
        elf.exported_long(image, b"__bss_start");
        elf.target.words();
    }

    #[test]
    fn reads_its_own_binary() {
        let image = image(Vec::new(), usize::MAX);
        let elf = Elf::parse(&image).expect("a sound binary");
        assert!(elf.loader.is_some());
        assert!(elf.libraries(&image).needed.iter().any(|name| name.starts_with(b"libc.so")));
        assert_eq!(elf.symbol(&image, b"Py_Version"), None);
    }

    #[test]
    fn knows_that_it_was_cut_off() {
        for size in [20, 63, 64, 100, 8192] {
            assert_eq!(Elf::parse(&image(Vec::new(), size)).err(), Some(Malformed::Truncated), "{size}");
        }
        assert_eq!(Elf::parse(&image(vec![(16, 4)], usize::MAX)).err(), Some(Malformed::Nonsense), "a core file");
    }

    proptest! {
        #[test]
        fn survives_damaged_headers(patches in prop::collection::vec((0usize..2048, any::<u8>()), 1..24), size in 0usize..1 << 26) {
            exercise(&image(patches.clone(), usize::MAX));
            exercise(&image(patches, size));
        }

        #[test]
        fn survives_damaged_tables(values in prop::collection::vec((any::<u16>(), any::<u8>()), 1..64)) {
            let sound = image(Vec::new(), usize::MAX);
            let elf = Elf::parse(&sound).expect("a sound binary");
            // Damage the dynamic section and the hash table, where the addresses are.
            let tables = [elf.dynamic.gnu_hash, elf.dynamic.symbols, elf.dynamic.strings];
            let at = |value: u16| usize::try_from(tables[usize::from(value % 3)] + u64::from(value % 256)).unwrap_or(0);
            exercise(&image(values.into_iter().map(|(value, byte)| (at(value), byte)).collect(), usize::MAX));
        }
    }
}
