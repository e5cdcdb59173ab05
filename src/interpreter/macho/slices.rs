//! The parts of a universal file, one for each processor; any other Mach-O file is a single part.

use object::endian::{BigEndian, Endian, Endianness};
use object::macho::{
    FAT_CIGAM, FAT_MAGIC, FatArch32, FatHeader, MH_CIGAM, MH_CIGAM_64, MH_MAGIC, MH_MAGIC_64, MachHeader32,
};
use object::pod;

use super::Malformed;
use super::architecture::Architecture;
use crate::host::{Lookups, Machine};
use crate::interpreter::image::Image;

/// Files of Java begin alike; what is there a version would be more slices than there are processors.
const MOST_SLICES: u32 = 32;
/// The code that runs programs of Intel's processors on those of Apple; macOS installs it on demand.
const ROSETTA: &str = "/Library/Apple/usr/libexec/oah/libRosettaRuntime";
/// Whether a program of 32 bits is executed depends on the release of the system.
const OLD: Choice = Choice::Unknown("macOS runs 32-bit programs up to 10.14");

/// One part.
#[derive(Clone, Copy, Debug)]
pub(in crate::interpreter) struct Slice {
    pub architecture: Architecture,
    /// Where it begins in the file.
    pub start: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// Reads the table of a universal file, or the header of another.
pub(in crate::interpreter) fn slices(image: &Image<'_>) -> Result<Vec<Slice>, Malformed> {
    let (magic, _) = pod::from_bytes::<FatHeader>(image.head()).map_err(|()| Malformed::Truncated)?;
    match magic.magic.get(BigEndian) {
        FAT_MAGIC => universal(image, magic.nfat_arch.get(BigEndian)),
        // Of the other order, and of the kind with 64-bit offsets, nothing is executed.
        FAT_CIGAM => Err(Malformed::Nonsense),
        _ => Ok(vec![thin(image)?]),
    }
}

fn universal(image: &Image<'_>, count: u32) -> Result<Vec<Slice>, Malformed> {
    if count == 0 || count > MOST_SLICES {
        return Err(Malformed::Nonsense);
    }
    let size = count as usize * size_of::<FatArch32>();
    let table = image.read(size_of::<FatHeader>() as u64, size).ok_or(Malformed::Truncated)?;
    let (entries, _) = pod::slice_from_bytes::<FatArch32>(&table, count as usize).map_err(|()| Malformed::Truncated)?;
    let slices = entries.iter().map(|entry| {
        let (kind, subtype) = (entry.cputype.get(BigEndian).0, entry.cpusubtype.get(BigEndian).0);
        let (start, size) = (entry.offset.get(BigEndian).into(), entry.size.get(BigEndian).into());
        Slice { architecture: Architecture::new(kind, subtype), start, size }
    });
    Ok(slices.collect())
}

fn thin(image: &Image<'_>) -> Result<Slice, Malformed> {
    let (header, _) = pod::from_bytes::<MachHeader32<Endianness>>(image.head()).map_err(|()| Malformed::Truncated)?;
    let (endian, _) = order(image.head()).ok_or(Malformed::Nonsense)?;
    let architecture = Architecture::new(header.cputype.get(endian).0, header.cpusubtype.get(endian).0);
    Ok(Slice { architecture, start: 0, size: image.size() })
}

/// Which part of a program the kernel executes.
pub(super) enum Choice {
    /// This one.
    Runs(Slice),
    /// None of them: `Bad CPU type in executable`.
    Refused,
    /// It depends on something that is not known, in words.
    Unknown(&'static str),
}

/// Chooses as the kernel of `machine` does: what the processor runs itself comes before what is translated.
///
/// Where the machine is not known, as in another system's tree, the first that any Mac runs stands for all.
pub(super) fn choose(lookups: &Lookups<'_>, slices: &[Slice], machine: Option<Machine>) -> Choice {
    let find = |fits: fn(&Slice) -> bool| slices.iter().find(|slice| fits(slice)).copied();
    let arm = find(|slice| slice.architecture.is_arm() && !slice.architecture.is_arm64e());
    let arm = arm.or_else(|| find(|slice| slice.architecture.is_arm()));
    let intel = find(|slice| slice.architecture.is_x86_64());
    let old = find(|slice| slice.architecture.is_i386());
    match machine.map(|machine| machine.elf) {
        Some(Machine::AARCH64) => match (arm, intel) {
            (Some(slice), _) => Choice::Runs(slice),
            (None, Some(slice)) if lookups.exists(ROSETTA.into()) => Choice::Runs(slice),
            (None, _) => Choice::Refused,
        },
        Some(Machine::X86_64) => match (intel, old) {
            (Some(slice), _) => Choice::Runs(slice),
            (None, Some(_)) => OLD,
            (None, None) => Choice::Refused,
        },
        _ => match arm.or(intel) {
            Some(slice) => Choice::Runs(slice),
            None if old.is_some() => OLD,
            None => Choice::Refused,
        },
    }
}

/// The names of all architectures of a file.
pub(in crate::interpreter) fn names(slices: &[Slice]) -> String {
    let names: Vec<String> = slices.iter().map(|slice| slice.architecture.name()).collect();
    names.join(", ")
}

/// The byte order that a magic number shows, and whether what follows is of 64 bits.
pub(super) fn order(head: &[u8]) -> Option<(Endianness, bool)> {
    let magic = Endianness::Big.read_u32(head.get(..4)?.try_into().ok()?);
    match magic {
        MH_MAGIC => Some((Endianness::Big, false)),
        MH_MAGIC_64 => Some((Endianness::Big, true)),
        MH_CIGAM => Some((Endianness::Little, false)),
        MH_CIGAM_64 => Some((Endianness::Little, true)),
        _ => None,
    }
}
