//! The program in `bin` of a framework: a stub that starts the interpreter in the application bundle
//! (`Mac/Tools/pythonw.c`).

use bstr::{BStr, BString, ByteSlice};

use super::Macho;
use super::dyld::dir_of;
use crate::host::Lookups;
use crate::interpreter::image::Image;
use crate::interpreter::links::{join, name as last_component};

/// What the stub takes: it asks dyld where the function of the framework is, and calls nothing of Python.
const ASKS: &[u8] = b"dladdr";
const STARTS: [&[u8]; 2] = [b"posix_spawn", b"execv"];
const LOCATES: &[u8] = b"Py_Initialize";
/// The path of the interpreter in the framework is written in the stub, or in its instructions, where compilers put short texts.
const BEGINS: &[u8] = b"Resources/";
const CONTAINS: &[u8] = b".app/Contents/MacOS/";
/// Stubs for two processors have 100 KB.
const LARGEST: u64 = 1 << 20;
const LONGEST: usize = 512;

/// The directory of the interpreter in every framework.
const IN_FRAMEWORK: &str = "Resources/Python.app/Contents/MacOS";

/// The interpreter that a stub starts, where the program is one; `library` is the file of the framework.
pub(super) fn target(lookups: &Lookups<'_>, image: &Image<'_>, macho: &Macho, library: &BStr) -> Option<BString> {
    let imported = macho.imported(image);
    let takes = |name: &[u8]| imported.iter().any(|symbol| symbol.strip_prefix(b"_") == Some(name));
    // A program that embeds Python takes more of it.
    let is_other = |symbol: &BString| symbol.starts_with(b"_Py") && symbol.strip_prefix(b"_") != Some(LOCATES);
    let is_stub = takes(LOCATES) && takes(ASKS) && STARTS.iter().any(|name| takes(name));
    if !is_stub || imported.iter().any(is_other) {
        return None;
    }
    let framework = dir_of(library);
    if let Some(path) = written(image) {
        return Some(join(framework, path));
    }
    let dir = join(framework, IN_FRAMEWORK);
    let of_framework = join(dir.as_bstr(), last_component(library));
    let usual = join(dir.as_bstr(), "Python");
    Some(if lookups.is_executable(of_framework.as_bstr()) { of_framework } else { usual })
}

/// The path in the stub.
fn written(image: &Image<'_>) -> Option<BString> {
    let size = usize::try_from(image.size().min(LARGEST)).ok()?;
    let content = image.read(0, size)?;
    content.find_iter(BEGINS).find_map(|at| {
        let text = &content[at..];
        let text = &text[..text.iter().take(LONGEST).position(|byte| *byte == 0)?];
        text.contains_str(CONTAINS).then(|| text.into())
    })
}
