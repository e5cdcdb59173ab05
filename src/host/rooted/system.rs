//! The system that is in a directory: its platform, and its processor, as far as its own programs tell.

use bstr::BStr;

use super::super::{FileKind, Host, Machine, Platform};

/// Programs that a system has, of its own architecture, the most usual first.
const PROGRAMS: [&str; 5] = ["/usr/bin/env", "/bin/sh", "/bin/busybox", "/sbin/init", "/sbin/ldconfig"];
/// The header of ELF up to `e_machine`.
const HEADER: usize = 20;
/// Directories that only macOS has. A copy of some directories may hold no program, and is recognized by one of these.
const OF_MACOS: [&str; 4] =
    ["/System/Library/CoreServices", "/Library/Frameworks", "/Library/Developer", "/opt/homebrew"];

/// What is known of a system.
pub(super) struct System {
    pub platform: Platform,
    pub machine: Option<Machine>,
}

/// What a program says.
enum Program {
    Elf(Machine),
    /// For several processors, or for one.
    MachO(Option<Machine>),
}

/// What the system in the directory is; `outer` is the platform of the host that it is on.
pub(super) fn of(host: &dyn Host, outer: Platform) -> System {
    let program = PROGRAMS.iter().find_map(|program| header(host, BStr::new(program)));
    let is_dir = |path: &str| host.metadata(path.into()).is_ok_and(|metadata| metadata.kind == FileKind::Directory);
    let is_macos = || outer != Platform::Windows && OF_MACOS.iter().any(|dir| is_dir(dir));
    match program {
        Some(Program::Elf(machine)) => System { platform: outer, machine: Some(machine) },
        Some(Program::MachO(machine)) => System { platform: Platform::Macos, machine },
        None => System { platform: if is_macos() { Platform::Macos } else { outer }, machine: None },
    }
}

fn header(host: &dyn Host, program: &BStr) -> Option<Program> {
    let header = host.open(program).ok()?.read_at(0, HEADER).ok()?;
    match header.as_slice() {
        [0x7f, b'E', b'L', b'F', class @ (1 | 2), order @ (1 | 2), ..] => {
            let number = [*header.get(18)?, *header.get(19)?];
            let elf = if *order == 1 { u16::from_le_bytes(number) } else { u16::from_be_bytes(number) };
            Some(Program::Elf(Machine { elf, is_64: *class == 2 }))
        }
        [0xcf, 0xfa, 0xed, 0xfe, kind, 0, 0, 1, ..] => Some(Program::MachO(machine(*kind))),
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1..=0x20, ..] => Some(Program::MachO(None)),
        _ => None,
    }
}

/// The processor of a 64-bit Mach-O program, by the lowest byte of its number.
fn machine(kind: u8) -> Option<Machine> {
    let elf = match kind {
        7 => Machine::X86_64,
        12 => Machine::AARCH64,
        _ => return None,
    };
    Some(Machine { elf, is_64: true })
}
