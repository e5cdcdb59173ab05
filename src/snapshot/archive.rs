//! Zip archives by the names in them: startup looks for modules in an archive and never reads one.

use std::io::{Cursor, Write};

use bstr::BStr;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::document::{ArchiveDocument, False};
use crate::host::{BinaryReader, Host};

/// The modules in the archive at `path`.
pub fn read(host: &dyn Host, path: &BStr) -> ArchiveDocument {
    let archive = host.open(path).ok().and_then(|binary| ZipArchive::new(BinaryReader::new(binary)).ok());
    let Some(archive) = archive else { return ArchiveDocument::None(False) };
    let is_module = |name: &String| [".py", ".pyc"].iter().any(|suffix| name.ends_with(suffix));
    let names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let mut members: Vec<String> = names.filter(is_module).collect();
    members.sort();
    ArchiveDocument::Members(members)
}

/// An archive with members of these names, all empty.
pub fn make(members: &[String]) -> Vec<u8> {
    write(members).unwrap_or_default()
}

fn write(members: &[String]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for name in members {
        // A name that occurs twice is the same module.
        if writer.start_file(name.as_str(), options).is_ok() {
            writer.write_all(b"")?;
        }
    }
    Ok(writer.finish()?.into_inner())
}
