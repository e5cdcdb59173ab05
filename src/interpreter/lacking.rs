//! Functions that an extension module takes from the interpreter, and that the interpreter does not have.

use bstr::{BStr, BString};

use super::elf::Elf;
use super::image::Image;
use crate::host::Lookups;

/// The first function of the interpreter that an extension module needs and that `interpreter`, the program or its
/// library, does not define; none where either file cannot be read well enough.
pub fn lacking(lookups: &Lookups<'_>, interpreter: &BStr, module: &BStr) -> Option<BString> {
    let image = Image::open(lookups, interpreter).ok()?;
    let elf = Elf::parse(&image).ok().filter(Elf::has_symbols)?;
    // A build of which this is no definition exports nothing.
    elf.symbol(&image, b"PyModule_GetDict")?;
    let extension = Image::open(lookups, module).ok()?;
    let headers = Elf::parse(&extension).ok()?;
    // Such a module brings its own interpreter.
    if headers.libraries(&extension).needed.iter().any(|library| library.starts_with(b"libpython")) {
        return None;
    }
    let is_api = |name: &BString| name.starts_with(b"Py") || name.starts_with(b"_Py");
    let mut wanted = headers.imported_symbols(&extension).into_iter().filter(is_api);
    wanted.find(|name| elf.symbol(&image, name).is_none())
}
