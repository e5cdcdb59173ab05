//! What every normalization of Python has in common: `.` and empty names go, `..` takes the name before it along.

use bstr::BString;

/// Appends `names` to `kept`, folding `.`, `..` and empty names. Below a root, `..` at the top has nowhere to go and
/// is dropped; in a relative path it stays.
pub(super) fn fold<'p>(kept: &mut Vec<&'p [u8]>, names: impl Iterator<Item = &'p [u8]>, rooted: bool) {
    for name in names {
        match name {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(&last) if last != b".." => {
                    kept.pop();
                }
                None if rooted => {}
                _ => kept.push(name),
            },
            _ => kept.push(name),
        }
    }
}

/// `prefix` followed by `names` with `separator` between them.
pub(super) fn unite(prefix: &[u8], names: &[&[u8]], separator: u8) -> BString {
    let mut path = Vec::with_capacity(prefix.len() + names.iter().map(|name| name.len() + 1).sum::<usize>());
    path.extend_from_slice(prefix);
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            path.push(separator);
        }
        path.extend_from_slice(name);
    }
    path.into()
}
