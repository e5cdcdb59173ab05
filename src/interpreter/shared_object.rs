//! What the headers of a shared object say about who can load it.

use bstr::{BStr, ByteSlice};

use super::elf::{Elf, Malformed, Target};
use super::image::Image;
use super::macho::{self, Macho};
use crate::host::{HostError, Lookups, Machine};

/// The format of a file that is loaded as a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Nothing is in it.
    Empty,
    /// ELF, as on Linux.
    Elf,
    /// Mach-O, as on macOS.
    MachO,
    /// PE, as on Windows.
    Pe,
    /// None of these.
    Unknown,
}

/// A shared object, as far as its headers describe it.
#[derive(Clone, Debug)]
pub struct SharedObject {
    /// Its format.
    pub format: Format,
    /// Its size in bytes.
    pub size: u64,
    /// The processor that it is built for, and the same in words; of ELF files.
    pub machine: Option<(Machine, String)>,
    /// The names of the processors that it is built for; of Mach-O files.
    pub architectures: Vec<String>,
    /// Whether it ends before its headers say.
    pub is_truncated: bool,
    /// The C library that it wants: `gnu` or `musl`.
    pub libc: Option<&'static str>,
    /// Whether it defines a function; none if that cannot be determined.
    pub defines: Option<bool>,
}

/// Reads the headers of a shared object, and where a `function` is given, its library and whether it defines that.
///
/// # Errors
/// As [`crate::host::Host::open`].
pub fn inspect(lookups: &Lookups<'_>, path: &BStr, function: Option<&[u8]>) -> Result<SharedObject, HostError> {
    let image = Image::open(lookups, path)?;
    let mut object = SharedObject {
        format: format(&image),
        size: image.size(),
        machine: None,
        architectures: Vec::new(),
        is_truncated: false,
        libc: None,
        defines: None,
    };
    if object.format == Format::MachO {
        describe_macho(&image, &mut object, function);
        return Ok(object);
    }
    if object.format != Format::Elf {
        return Ok(object);
    }
    object.machine =
        Target::of(&image).map(|target| (Machine { elf: target.machine, is_64: target.is_64 }, target.words()));
    match Elf::parse(&image) {
        Ok(elf) => {
            if let Some(function) = function {
                let needed = elf.libraries(&image).needed;
                object.libc = needed.iter().find_map(|library| libc(library.as_bstr()));
                object.defines = elf.has_symbols().then(|| elf.symbol(&image, function).is_some());
            }
        }
        Err(Malformed::Truncated) => object.is_truncated = true,
        Err(Malformed::Nonsense) => {}
    }
    Ok(object)
}

fn describe_macho(image: &Image<'_>, object: &mut SharedObject, function: Option<&[u8]>) {
    let Ok(slices) = macho::slices(image) else { return };
    let parsed = slices.first().map(|slice| Macho::parse(image, *slice));
    object.is_truncated = matches!(parsed, Some(Err(macho::Malformed::Truncated)));
    let library = parsed.and_then(Result::ok).filter(Macho::lists_exports);
    object.defines = function.and_then(|function| library.map(|library| library.export(image, function).is_some()));
    object.architectures = slices.iter().map(|slice| slice.architecture.name()).collect();
}

fn format(image: &Image<'_>) -> Format {
    match image.head() {
        [] => Format::Empty,
        [0x7f, b'E', b'L', b'F', ..] => Format::Elf,
        // The last is a universal binary; Java's classes begin alike, but have no small number of architectures.
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..]
        | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
        | [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0..=20, ..] => Format::MachO,
        [b'M', b'Z', ..] => Format::Pe,
        _ => Format::Unknown,
    }
}

fn libc(library: &BStr) -> Option<&'static str> {
    if library == "libc.so.6" { Some("gnu") } else { library.starts_with(b"libc.musl-").then_some("musl") }
}
