//! The newest version that begins with a prefix, as `pyenv latest` chooses it (`libexec/pyenv-latest`).

use std::cmp::{Ordering, Reverse};

use bstr::{BStr, BString, ByteSlice};

/// The newest of the `names` that continues `prefix` with a dot or a hyphen. Development versions do not count, and
/// free-threaded ones only where the prefix ends in `t`.
pub(super) fn newest<'n>(names: &'n [BString], prefix: &BStr) -> Option<&'n BString> {
    let (begin, is_threaded) = match prefix.strip_suffix(b"t") {
        Some(begin) if begin.last().is_some_and(u8::is_ascii_digit) => (begin, true),
        _ => (prefix.as_bytes(), false),
    };
    let continues = |name: &&BString| {
        let rest = name.strip_prefix(begin).unwrap_or_default();
        matches!(rest.first(), Some(b'-' | b'.')) && (!is_threaded || rest.ends_with(b"t"))
    };
    let is_release = |name: &&BString| !is_development(name) && (is_threaded || !is_free_threaded(name));
    names.iter().filter(continues).filter(is_release).min_by(|one, other| order(one, other))
}

fn is_development(name: &[u8]) -> bool {
    let stem = name.trim_end_with(|c| c.is_ascii_digit());
    let is_numbered = stem.len() < name.len() && [&b"a"[..], b"b", b"rc"].iter().any(|mark| stem.ends_with(mark));
    is_numbered || [&b"-dev"[..], b"-src", b"-latest"].iter().any(|mark| name.ends_with(mark))
}

fn is_free_threaded(name: &[u8]) -> bool {
    name.strip_suffix(b"t").and_then(|stem| stem.last().copied()).is_some_and(|last| last.is_ascii_digit())
}

/// `sort -t. -k1,1r -k2,2nr -k3,3nr -k4,4nr`, where the name of another implementation counts as the first field.
fn order(one: &BString, other: &BString) -> Ordering {
    let (one_key, other_key) = (key(one), key(other));
    let number = |key: &BString, field: usize| key.split_str(".").nth(field).map_or(0, leading_number);
    let first = |key: &BString| Reverse(key.split_str(".").next().map(BString::from));
    let numbers = |key: &BString| Reverse([1, 2, 3].map(|field| number(key, field)));
    first(&one_key)
        .cmp(&first(&other_key))
        .then_with(|| numbers(&one_key).cmp(&numbers(&other_key)))
        .then(one.cmp(other))
}

/// `pypy-7.3` is compared as `pypy.7.3`.
fn key(name: &BString) -> BString {
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len());
    let mut key = name.clone();
    if end > 0 && key.get(end) == Some(&b'-') {
        key[end] = b'.';
    }
    key
}

fn leading_number(field: &[u8]) -> u64 {
    let digits = field.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: &[&str], prefix: &str) -> Option<String> {
        let names: Vec<BString> = names.iter().map(|&name| name.into()).collect();
        newest(&names, prefix.into()).map(ToString::to_string)
    }

    #[test]
    fn the_newest_release_of_a_prefix() {
        let names = ["3.9.18", "3.12.1", "3.12.10", "3.12-dev", "3.13.0rc1", "3.13.0t", "3.12.1-debug", "3.1.5"];
        assert_eq!(told(&names, "3.12").as_deref(), Some("3.12.10"));
        assert_eq!(told(&names, "3").as_deref(), Some("3.12.10"));
        assert_eq!(told(&names, "3.1").as_deref(), Some("3.1.5"));
        assert_eq!(told(&names, "3.13"), None);
        assert_eq!(told(&names, "3.13t").as_deref(), Some("3.13.0t"));
        assert_eq!(told(&["pypy3.10-7.3.9", "pypy3.10-7.3.12"], "pypy3.10").as_deref(), Some("pypy3.10-7.3.12"));
        assert_eq!(told(&["miniconda3-4.7.12", "miniconda3-22.11"], "miniconda3").as_deref(), Some("miniconda3-22.11"));
    }
}
