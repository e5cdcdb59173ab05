//! What Pythons are called.

use bstr::{BStr, ByteSlice};

/// Whether a program of that name is a Python: `python`, `python3.13t`, `pypy3`, `pythonw.exe`.
pub fn is_python(name: &BStr) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(b".exe").unwrap_or(&lower);
    let known: [&[u8]; 3] = [b"python", b"pypy", b"graalpy"];
    known.iter().filter_map(|prefix| stem.strip_prefix(*prefix)).any(|rest| {
        let rest = rest.strip_prefix(b"w").unwrap_or(rest);
        rest.trim_end_with(|c| matches!(c, 't' | 'd' | 'm' | 'u')).iter().all(|b| b.is_ascii_digit() || *b == b'.')
    })
}
