#![allow(clippy::disallowed_methods, reason = "the test's own binary serves as an ELF file")]

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Elf, Image, Malformed};
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
