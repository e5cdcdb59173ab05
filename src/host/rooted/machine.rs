//! The processor that a system was made for, told by one of its own programs.

use bstr::BStr;

use super::super::{Host, Machine};

/// Programs that a system has, of its own architecture, the most usual first.
const PROGRAMS: [&str; 5] = ["/usr/bin/env", "/bin/sh", "/bin/busybox", "/sbin/init", "/sbin/ldconfig"];
/// The header of ELF up to `e_machine`.
const HEADER: usize = 20;

/// What the first program that is an ELF file says.
pub(super) fn of(host: &dyn Host) -> Option<Machine> {
    PROGRAMS.iter().find_map(|program| header(host, BStr::new(program)))
}

fn header(host: &dyn Host, program: &BStr) -> Option<Machine> {
    let header = host.open(program).ok()?.read_at(0, HEADER).ok()?;
    let [0x7f, b'E', b'L', b'F', class @ (1 | 2), order @ (1 | 2), ..] = header.as_slice() else { return None };
    let number = [*header.get(18)?, *header.get(19)?];
    let elf = if *order == 1 { u16::from_le_bytes(number) } else { u16::from_be_bytes(number) };
    Some(Machine { elf, is_64: *class == 2 })
}
