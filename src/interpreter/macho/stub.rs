//! The program in `bin` of a framework: a stub that starts the interpreter in the application bundle
//! (`Mac/Tools/pythonw.c`).

use bstr::{BStr, BString, ByteSlice};

use super::Macho;
use super::dyld::dir_of;
use crate::interpreter::image::Image;
use crate::interpreter::links::join;

/// What the stub takes: it asks dyld where the function of the framework is, and calls nothing of Python.
const ASKS: &[u8] = b"dladdr";
const STARTS: [&[u8]; 2] = [b"posix_spawn", b"execv"];
const LOCATES: &[u8] = b"Py_Initialize";
/// The path of the interpreter in the framework is written in the stub.
const BEGINS: &[u8] = b"\0Resources/";
const CONTAINS: &[u8] = b".app/Contents/MacOS/";
/// Stubs for two processors have 100 KB.
const LARGEST: u64 = 1 << 20;
const LONGEST: usize = 512;

/// The interpreter that a stub starts, where the program is one; `library` is the file of the framework.
pub(super) fn target(image: &Image<'_>, macho: &Macho, library: &BStr) -> Option<BString> {
    let imported = macho.imported(image);
    let takes = |name: &[u8]| imported.iter().any(|symbol| symbol.strip_prefix(b"_") == Some(name));
    if !takes(LOCATES) || !takes(ASKS) || !STARTS.iter().any(|name| takes(name)) {
        return None;
    }
    Some(join(dir_of(library), written(image)?))
}

/// The path in the stub.
fn written(image: &Image<'_>) -> Option<BString> {
    let size = usize::try_from(image.size().min(LARGEST)).ok()?;
    let content = image.read(0, size)?;
    content.find_iter(BEGINS).find_map(|at| {
        let text = &content[at + 1..];
        let text = &text[..text.iter().take(LONGEST).position(|byte| *byte == 0)?];
        text.contains_str(CONTAINS).then(|| text.into())
    })
}
