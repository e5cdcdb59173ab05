//! `binfmt_misc`: programs for another processor that Linux runs with an emulator.

use bstr::ByteSlice;
use data_encoding::HEXLOWER_PERMISSIVE;

use super::links::join;
use crate::host::Lookups;

const DIR: &[u8] = b"/proc/sys/fs/binfmt_misc";
/// A registration is a few hundred bytes long.
const LARGEST_ENTRY: u64 = 16 << 10;
/// More emulators than anybody registers.
const MOST_ENTRIES: usize = 256;

/// Whether a registered emulator takes programs that begin with `head`.
pub(super) fn takes(lookups: &Lookups<'_>, head: &[u8]) -> bool {
    let Ok(names) = lookups.list_dir(DIR.as_bstr()) else { return false };
    let entries = names.iter().filter(|name| *name != "register" && *name != "status").take(MOST_ENTRIES);
    entries.map(|name| join(DIR.as_bstr(), name)).any(|path| {
        let entry = lookups.read(path.as_bstr(), LARGEST_ENTRY);
        entry.is_ok_and(|entry| matches(&entry, head).unwrap_or(false))
    })
}

/// Whether an enabled registration fits; none where it goes by file names, or makes no sense.
fn matches(entry: &[u8], head: &[u8]) -> Option<bool> {
    let field = |name: &str| entry.lines().find_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b" "));
    if entry.lines().next()? != b"enabled" {
        return Some(false);
    }
    let magic = HEXLOWER_PERMISSIVE.decode(field("magic")?).ok()?;
    let mask =
        field("mask").map_or_else(|| Some(vec![0xff; magic.len()]), |mask| HEXLOWER_PERMISSIVE.decode(mask).ok())?;
    let offset = field("offset")?.to_str().ok()?.parse::<usize>().ok()?;
    let bytes = head.get(offset..)?.get(..magic.len())?;
    Some(
        magic.len() == mask.len()
            && bytes.iter().zip(magic).zip(mask).all(|((byte, magic), mask)| byte & mask == magic & mask),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_under_the_mask() {
        let entry = b"enabled\ninterpreter /usr/bin/qemu-x\nflags: F\noffset 1\nmagic 454c46b7\nmask ffffff0f\n";
        assert_eq!(matches(entry, b"\x7fELF\x07rest"), Some(true));
        assert_eq!(matches(entry, b"\x7fELF\x08rest"), Some(false));
        assert_eq!(matches(entry, b"\x7fEL"), None);
        assert_eq!(matches(b"disabled\nmagic 7f\noffset 0\n", b"\x7f"), Some(false));
        assert_eq!(matches(b"enabled\nextension .exe\n", b"MZ"), None);
    }
}
