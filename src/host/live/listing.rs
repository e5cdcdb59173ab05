//! Directory listings by the standard library, for systems that have no better way.

use std::{fs, io};

use bstr::{BStr, BString};

use super::system::{kind_by_type, native};
use crate::host::FileKind;
use crate::host::os::{OsStrExt, into_bytes};

/// The names in a directory; none where there are more than `most`.
pub(super) fn names(path: &BStr, most: usize) -> io::Result<Option<Vec<BString>>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(native(path))? {
        if names.len() == most {
            return Ok(None);
        }
        names.push(into_bytes(entry?.file_name()));
    }
    Ok(Some(names))
}

/// Calls `visit` with the name and the kind of each entry.
pub(super) fn visit(path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> io::Result<()> {
    for entry in fs::read_dir(native(path))? {
        let entry = entry?;
        let kind = entry.file_type().map_or(FileKind::Other, kind_by_type);
        visit(BStr::new(entry.file_name().as_bytes()), kind);
    }
    Ok(())
}
