//! The libraries that are loaded before all others.

use bstr::{BString, ByteSlice};

use super::Linking;

/// `/etc/ld.so.preload` is one line as a rule.
const LARGEST_LIST: u64 = 64 << 10;
/// More than anybody lists.
const MOST_FILES: usize = 256;

/// The files, in order (`handle_preload_list`, and for the file of the system, `dl_main`).
pub(super) fn files(linking: &Linking<'_, '_>) -> Vec<BString> {
    let mut files: Vec<BString> = Vec::new();
    if let Some(list) = linking.variables.preload {
        let names = list.split(|byte| b" :".contains(byte)).filter(|name| !name.is_empty());
        // Secure execution takes no paths, and of names only libraries that are marked themselves.
        files.extend(names.filter(|_| !linking.is_secure).take(MOST_FILES).map(BString::from));
    }
    if let Ok(list) = linking.lookups.read(b"/etc/ld.so.preload".into(), LARGEST_LIST) {
        let lines = list.lines().map(|line| line.split_once_str("#").map_or(line, |(text, _)| text));
        let names = lines.flat_map(|line| line.split(|byte| b": \t".contains(byte)));
        files.extend(names.filter(|name| !name.is_empty()).take(MOST_FILES).map(BString::from));
    }
    files
}
