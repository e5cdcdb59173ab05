//! `/etc/ld.so.cache`: where glibc's loader remembers the libraries of the system directories.
//!
//! Only the format that glibc has written since 2.2 is read (`elf/cache.c`, `sysdeps/generic/dl-cache.h`).

use bstr::{BStr, ByteSlice};

use super::elf::until_nul;

const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// The old format may come first, so the new one begins at its magic.
const FURTHEST_START: usize = 16 << 20;
const HEADER: usize = 48;
const ENTRY: usize = 24;

/// The paths that the cache holds for `name`, in its order (the loader's order of preference).
///
/// Some entries are for other processors; that shows when they are opened.
pub(super) fn lookup<'c>(cache: &'c [u8], name: &BStr) -> Vec<&'c BStr> {
    let Some(cache) = cache[..cache.len().min(FURTHEST_START)].find(MAGIC).map(|start| &cache[start..]) else {
        return Vec::new();
    };
    let Some(entries) = cache.get(HEADER..) else { return Vec::new() };
    let count = field(cache, MAGIC.len()).unwrap_or(0);
    // There are thousands of entries and few places that hold the name, in the order of the file.
    let text = [name.as_bytes(), b"\0"].concat();
    let places: Vec<usize> = cache.find_iter(&text).collect();
    let is_for_name = |entry: &&[u8]| field(entry, 4).is_some_and(|place| places.binary_search(&place).is_ok());
    let entries = entries.chunks_exact(ENTRY).take(count).filter(is_for_name);
    entries.filter_map(|entry| Some(until_nul(cache.get(field(entry, 8)?..)?).as_bstr())).collect()
}

fn field(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_ne_bytes(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(entries: &[(&str, &str)]) -> Vec<u8> {
        let count = u32::try_from(entries.len()).expect("few");
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&count.to_ne_bytes());
        bytes.resize(HEADER + entries.len() * ENTRY, 0);
        for (index, (name, path)) in entries.iter().enumerate() {
            for (at, text) in [(4, name), (8, path)] {
                let start = u32::try_from(bytes.len()).expect("small");
                let at = HEADER + index * ENTRY + at;
                bytes[at..at + 4].copy_from_slice(&start.to_ne_bytes());
                bytes.extend_from_slice(text.as_bytes());
                bytes.push(0);
            }
        }
        bytes
    }

    #[test]
    fn finds_every_entry_of_a_name() {
        let cache = cache(&[("liba.so.1", "/lib/liba.so.1"), ("liba.so.12", "/x"), ("liba.so.1", "/lib32/liba.so.1")]);
        assert_eq!(lookup(&cache, b"liba.so.1".into()), ["/lib/liba.so.1", "/lib32/liba.so.1"]);
        assert!(lookup(&cache, b"liba.so".into()).is_empty());
    }

    #[test]
    fn shrugs_at_truncated_caches() {
        let cache = cache(&[("liba.so.1", "/lib/liba.so.1")]);
        for end in 0..cache.len() {
            lookup(&cache[..end], b"liba.so.1".into());
        }
    }
}
