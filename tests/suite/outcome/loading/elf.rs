//! Edits of 64-bit little-endian ELF files.

use bstr::ByteSlice;

/// `DT_RPATH`.
pub const RPATH: u64 = 15;
/// `DT_RUNPATH`.
pub const RUNPATH: u64 = 29;
/// A tag that means nothing to the loader.
pub const NOTHING: u64 = 0x6fff_fef0;

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

/// Lets the entry that needs `name` mean `needed`, which takes the place of the search path `run_path`.
pub fn need(file: &mut [u8], name: &str, run_path: &str, needed: &str) -> bool {
    let position = |text: &str| file.find(format!("\0{text}\0")).map(|at| at as u64 + 1);
    let (Some(of_name), Some(of_path)) = (position(name), position(run_path)) else { return false };
    let entries: Vec<usize> = dynamic(file).step_by(16).collect();
    let word = |file: &[u8], at: usize| u64::from_le_bytes(file[at..at + 8].try_into().expect("8"));
    let Some(&path) = entries.iter().find(|&&at| word(file, at) == RUNPATH) else { return false };
    let offset = word(file, path + 8);
    let old = offset + of_name - of_path;
    let Some(&entry) = entries.iter().find(|&&at| word(file, at) == 1 && word(file, at + 8) == old) else {
        return false;
    };
    if needed.len() > run_path.len() {
        return false;
    }
    file[entry + 8..entry + 16].copy_from_slice(&offset.to_le_bytes());
    retag(file, RUNPATH, NOTHING);
    rename(file, run_path, needed)
}

/// The library of Python that a program names.
pub fn python_library(file: &[u8]) -> Option<String> {
    let at = file.find("\0libpython3.")? + 1;
    let name = file[at..].split(|byte| *byte == 0).next()?;
    Some(name.to_str().ok()?.to_owned())
}
