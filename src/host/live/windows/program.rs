//! Which files are redirectors of virtual environments.
#![allow(clippy::disallowed_methods, reason = "this is where the host's answers come from")]

use std::fs;
use std::sync::LazyLock;

use bstr::{BStr, ByteSlice};
use memchr::memmem::Finder;

use super::native;
use crate::host::ProgramKind;
use crate::host::path::{Flavor, module};

/// Redirectors have a quarter of a megabyte; a Python that has all of itself in one file is larger.
const LARGEST: u64 = 2 << 20;

/// The file that a redirector reads, as it stands in its program.
static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| {
    let name: Vec<u8> = "pyvenv.cfg".encode_utf16().flat_map(u16::to_le_bytes).collect();
    Finder::new(&name).into_owned()
});

/// The redirector that `venv` installs as `python.exe`: it is named as a Python, is no library, and knows the name of the
/// file that tells it where the Python is. The bytes of every other program tell what it is.
pub(in super::super) fn program(path: &BStr) -> Option<ProgramKind> {
    let name = module::basename(Flavor::Windows, path).to_ascii_lowercase();
    let is_named =
        name.starts_with(b"python") || name.starts_with(b"venvlauncher") || name.starts_with(b"venvwlauncher");
    if !is_named || !name.ends_with(b".exe") {
        return None;
    }
    let path = native(path);
    let is_small = fs::metadata(&path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST);
    let content = is_small.then(|| fs::read(&path).ok()).flatten()?;
    let is_redirector =
        content.starts_with(b"MZ") && NAME.find(&content).is_some() && content.find(b"PK\x05\x06").is_none();
    is_redirector.then_some(ProgramKind::VenvLauncher)
}
