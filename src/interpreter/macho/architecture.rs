//! Processors, as Mach-O files number and name them.

use object::macho::{
    CPU_SUBTYPE_ARM64E, CPU_SUBTYPE_X86_64_H, CPU_TYPE_ARM64, CPU_TYPE_POWERPC, CPU_TYPE_POWERPC64, CPU_TYPE_X86,
    CPU_TYPE_X86_64,
};

/// The upper bits of a subtype are flags, such as that of a versioned ABI.
const SUBTYPE: u32 = 0x00ff_ffff;

/// The processor that a file, or one slice of it, is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::interpreter) struct Architecture {
    kind: u32,
    subtype: u32,
}

impl Architecture {
    pub fn new(kind: u32, subtype: u32) -> Self {
        Self { kind, subtype: subtype & SUBTYPE }
    }

    /// The name that Apple's tools use.
    pub fn name(self) -> String {
        let is = |subtype: u32| self.subtype == subtype & SUBTYPE;
        match self.kind {
            kind if kind == CPU_TYPE_ARM64.0 && is(CPU_SUBTYPE_ARM64E.0) => "arm64e".to_owned(),
            kind if kind == CPU_TYPE_ARM64.0 => "arm64".to_owned(),
            kind if kind == CPU_TYPE_X86_64.0 && is(CPU_SUBTYPE_X86_64_H.0) => "x86_64h".to_owned(),
            kind if kind == CPU_TYPE_X86_64.0 => "x86_64".to_owned(),
            kind if kind == CPU_TYPE_X86.0 => "i386".to_owned(),
            kind if kind == CPU_TYPE_POWERPC.0 => "ppc".to_owned(),
            kind if kind == CPU_TYPE_POWERPC64.0 => "ppc64".to_owned(),
            kind => format!("processor {kind:#x}"),
        }
    }

    pub fn is_arm(self) -> bool {
        self.kind == CPU_TYPE_ARM64.0
    }

    /// Signs pointers. Only programs of the system itself run so.
    pub fn is_arm64e(self) -> bool {
        self.is_arm() && self.subtype == CPU_SUBTYPE_ARM64E.0 & SUBTYPE
    }

    pub fn is_x86_64(self) -> bool {
        self.kind == CPU_TYPE_X86_64.0
    }

    /// 32-bit code for processors of Intel, which macOS runs up to 10.14.
    pub fn is_i386(self) -> bool {
        self.kind == CPU_TYPE_X86.0
    }

    /// Whether a process of this architecture can load code of the other.
    pub fn loads(self, other: Self) -> bool {
        self.kind == other.kind && self.is_arm64e() == other.is_arm64e()
    }
}
