//! Edits of 64-bit little-endian ELF files.

use bstr::ByteSlice;

/// Where the entries of the dynamic section are.
fn dynamic(file: &[u8]) -> std::ops::Range<usize> {
    let word = |at: usize| usize::try_from(u64::from_le_bytes(file[at..at + 8].try_into().expect("8"))).expect("small");
    let half = |at: usize| usize::from(u16::from_le_bytes(file[at..at + 2].try_into().expect("2")));
    let (start, size, count) = (word(32), half(54), half(56));
    let mut headers = (0..count).map(|index| start + index * size);
    let header = headers.find(|&at| file[at..at + 4] == 2u32.to_le_bytes()).expect("a dynamic section");
    word(header + 8)..word(header + 8) + word(header + 32)
}

/// Changes the tag of the entries of one kind.
pub fn retag(file: &mut [u8], old: u64, new: u64) {
    for at in dynamic(file).step_by(16) {
        if file[at..at + 8] == old.to_le_bytes() {
            file[at..at + 8].copy_from_slice(&new.to_le_bytes());
        }
    }
}

/// Replaces a string of the dynamic section by one that is not longer.
pub fn rename(file: &mut [u8], old: &str, new: &str) -> bool {
    assert!(new.len() <= old.len(), "{new} is longer than {old}");
    let Some(at) = file.find(format!("\0{old}\0")) else { return false };
    file[at + 1..=at + old.len()].fill(0);
    file[at + 1..=at + new.len()].copy_from_slice(new.as_bytes());
    true
}

/// The library of Python that a program names.
pub fn python_library(file: &[u8]) -> Option<String> {
    let at = file.find("\0libpython3.")? + 1;
    let name = file[at..].split(|byte| *byte == 0).next()?;
    Some(name.to_str().ok()?.to_owned())
}
