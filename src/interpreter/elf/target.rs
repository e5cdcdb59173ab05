//! The machine that an ELF file is built for, from its first bytes alone.

use object::elf;
use object::endian::{Endian, Endianness};

use crate::interpreter::image::Image;

/// What processor and word size a file is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::interpreter) struct Target {
    /// `e_machine`.
    pub machine: u16,
    /// Whether the file is of the 64-bit class.
    pub is_64: bool,
    /// The byte order.
    pub endian: Endianness,
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
