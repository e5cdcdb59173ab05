//! `zipimport`: a module in a zip file, or in a directory within one.

use std::io::Read;

use bstr::{BStr, BString, ByteSlice};
use zip::ZipArchive;

use super::{flavor, is_separator, join};
use crate::host::{BinaryReader, FileKind, Lookups};
use crate::text::sentence;

/// The most that is read of a module in a zip file.
const MOST_BYTES: u64 = 1 << 20;

/// Searches an entry of `sys.path` that names a zip file, or a directory within one.
pub fn find_in_zip(lookups: &Lookups<'_>, entry: &BStr, name: &str) -> Option<BString> {
    let (file, inner) = split_at_zip(lookups, entry)?;
    let archive = open(lookups, file)?;
    let candidates =
        [format!("{name}/__init__.pyc"), format!("{name}/__init__.py"), format!("{name}.pyc"), format!("{name}.py")];
    let found = candidates.iter().find(|candidate| {
        let member = sentence!(inner, if inner.is_empty() { "" } else { "/" }, candidate);
        member.to_str().is_ok_and(|member| archive.index_for_name(member).is_some())
    })?;
    Some(found.split('/').fold(entry.to_owned(), |path, part| join(lookups, path.as_bstr(), part)))
}

/// The content of a file that [`find_in_zip`] has found: `file` is below the entry.
pub fn read_in_zip(lookups: &Lookups<'_>, entry: &BStr, file: &BStr) -> Option<Vec<u8>> {
    let (archive_file, _) = split_at_zip(lookups, entry)?;
    let separates = |c| is_separator(flavor(lookups), c);
    let member = file.strip_prefix(archive_file.as_bytes())?.trim_with(separates).to_str().ok()?.replace('\\', "/");
    let mut archive = open(lookups, archive_file)?;
    let member = archive.by_name(&member).ok()?;
    let mut content = Vec::new();
    member.take(MOST_BYTES).read_to_end(&mut content).ok()?;
    Some(content)
}

/// Whether a path names a zip file: what counts is the central directory at the end of the file, not its name.
pub fn is_zip(lookups: &Lookups<'_>, path: &BStr) -> bool {
    open(lookups, path).is_some()
}

/// The nearest of an entry and its parents that exists, if it is a file, and the path within it.
fn split_at_zip<'a>(lookups: &Lookups<'_>, entry: &'a BStr) -> Option<(&'a BStr, &'a BStr)> {
    let separates = |c| is_separator(flavor(lookups), c);
    let mut file = entry.trim_end_with(separates).as_bstr();
    loop {
        match lookups.metadata(file) {
            Ok(metadata) if metadata.kind == FileKind::File => {
                let inner = entry[file.len()..].trim_with(separates);
                return Some((file, inner.as_bstr()));
            }
            Ok(_) => return None,
            Err(_) => file = file[..file.iter().rposition(|&byte| separates(byte.into()))?].as_bstr(),
        }
    }
}

fn open<'h>(lookups: &Lookups<'h>, path: &BStr) -> Option<ZipArchive<BinaryReader<'h>>> {
    if !matches!(lookups.metadata(path), Ok(metadata) if metadata.kind == FileKind::File) {
        return None;
    }
    ZipArchive::new(lookups.reader(path).ok()?).ok()
}
