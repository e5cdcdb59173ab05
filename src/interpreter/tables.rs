//! The tables of modules inside an interpreter: those that are built in, those that are frozen, and the suffixes by which
//! it knows extension modules.

use bstr::{BStr, BString, ByteSlice};

use super::elf::{Elf, Pointers};
use super::image::Image;
use super::macho::{self, Macho};
use super::pe::Program;
use super::scan;
use super::{Identification, Version};
use crate::host::Lookups;

/// More modules than any build has in one table.
const MOST_MODULES: u64 = 4096;
/// More suffixes than any build knows.
const MOST_SUFFIXES: u64 = 32;

/// A module whose code is frozen into the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct FrozenModule {
    /// Its name.
    pub name: BString,
    /// Whether it is a package.
    pub is_package: bool,
    /// Whether it is used even where the frozen modules of the standard library are switched off.
    pub is_always_used: bool,
}

/// The tables of modules inside an interpreter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct ModuleTables {
    /// `sys.builtin_module_names`, in the order of the build.
    pub builtin: Vec<BString>,
    /// `_imp._frozen_module_names()`, in the order of the build.
    pub frozen: Vec<FrozenModule>,
    /// The suffixes of extension modules, in the order in which they are tried; none where nobody has looked for them.
    pub suffixes: Option<Vec<BString>>,
}

/// The tables with their names, and whether what is in them is always used.
const FROZEN: [(&[u8], bool); 3] =
    [(b"_PyImport_FrozenBootstrap", true), (b"_PyImport_FrozenStdlib", false), (b"_PyImport_FrozenTest", false)];

/// The file with the interpreter itself: the library that the executable loads, or the executable.
fn image_path(identification: &Identification) -> Option<&BStr> {
    let library = identification.interpreter.library.as_ref();
    library.or(identification.file.as_ref()).map(|path| path.as_bstr())
}

/// Reads the tables of a `CPython`; none where they cannot be found in its file.
pub fn module_tables(lookups: &Lookups<'_>, identification: &Identification) -> Option<ModuleTables> {
    let image = Image::open(lookups, image_path(identification)?).ok()?;
    let version = identification.interpreter.version?;
    if let Some(file) = LinuxFile::of(&image) {
        return read(&file, version);
    }
    match MacFile::of(&image) {
        Some(file) => read(&file, version),
        None => read(&Program::of(&image)?, version),
    }
}

fn read(data: &impl Data, version: Version) -> Option<ModuleTables> {
    Some(ModuleTables { builtin: builtin(data)?, frozen: frozen(data, version)?, suffixes: None })
}

/// The suffixes of extension modules in the order in which the build tries them; none where they cannot be found.
pub fn extension_suffixes(lookups: &Lookups<'_>, identification: &Identification) -> Option<Vec<BString>> {
    let image = Image::open(lookups, image_path(identification)?).ok()?;
    let file = LinuxFile::of(&image)?;
    let first = file.first_suffix()?;
    let mut found = Vec::new();
    for index in 0..MOST_SUFFIXES {
        let target = file.target(first.checked_add(index * file.pointer_size())?)?;
        if target == 0 {
            return Some(found);
        }
        found.push(file.text(target).filter(|text| text.starts_with(b"."))?);
    }
    None
}

/// The data of a program, as it is when the program runs.
trait Data {
    /// How many bytes a pointer has.
    fn pointer_size(&self) -> u64;
    /// Where an exported variable is.
    fn address(&self, name: &[u8]) -> Option<u64>;
    /// What the pointer at an address points to; 0 for a null pointer.
    fn target(&self, address: u64) -> Option<u64>;
    /// The text at an address.
    fn text(&self, address: u64) -> Option<BString>;
    /// The number at an address.
    fn number(&self, address: u64) -> Option<i32>;
}

impl Data for Program<'_, '_> {
    fn pointer_size(&self) -> u64 {
        self.pointer_size()
    }

    fn address(&self, name: &[u8]) -> Option<u64> {
        self.export(name)
    }

    fn target(&self, address: u64) -> Option<u64> {
        self.target(address)
    }

    fn text(&self, address: u64) -> Option<BString> {
        self.text_at(address)
    }

    fn number(&self, address: u64) -> Option<i32> {
        self.number_at(address).map(u32::cast_signed)
    }
}

/// What an exported pointer points to.
fn exported(data: &impl Data, name: &[u8]) -> Option<u64> {
    data.target(data.address(name)?).filter(|target| *target != 0)
}

/// The texts to which the first words of the entries of a table point, with the address of each entry.
fn names(data: &impl Data, table: u64, size: u64) -> Option<Vec<(BString, u64)>> {
    let mut found = Vec::new();
    for index in 0..MOST_MODULES {
        let entry = table.checked_add(index * size)?;
        let name = data.target(entry)?;
        if name == 0 {
            return Some(found);
        }
        found.push((data.text(name)?, entry));
    }
    None
}

/// `PyImport_Inittab`: a name and a function for each module.
fn builtin(data: &impl Data) -> Option<Vec<BString>> {
    let table = exported(data, b"PyImport_Inittab")?;
    let names = names(data, table, 2 * data.pointer_size())?;
    Some(names.into_iter().map(|(name, _)| name).collect())
}

/// One table up to 3.10, three since then.
fn frozen(data: &impl Data, version: Version) -> Option<Vec<FrozenModule>> {
    let word = data.pointer_size();
    let mut found = Vec::new();
    let Some(layout) = version.frozen_layout() else {
        let table = exported(data, b"PyImport_FrozenModules")?;
        for (name, entry) in names(data, table, 3 * word)? {
            // The size of a package is negative.
            let size = data.number(entry.checked_add(2 * word)?)?;
            found.push(FrozenModule { name, is_package: size < 0, is_always_used: true });
        }
        return Some(found);
    };
    let size = 2 * word + 8 + if layout.has_getter { word } else { 0 };
    for (symbol, is_always_used) in FROZEN {
        for (name, entry) in names(data, exported(data, symbol)?, size)? {
            let is_package = data.number(entry.checked_add(2 * word + 4)?)? != 0;
            found.push(FrozenModule { name, is_package, is_always_used });
        }
    }
    Some(found)
}

/// A program or library of Linux.
struct LinuxFile<'i, 'h> {
    image: &'i Image<'h>,
    elf: Elf,
    pointers: Pointers,
}

impl<'i, 'h> LinuxFile<'i, 'h> {
    fn of(image: &'i Image<'h>) -> Option<Self> {
        let elf = Elf::parse(image).ok()?;
        let pointers = Pointers::of(&elf, image);
        Some(Self { image, elf, pointers })
    }

    /// Where the array of suffixes begins: at the one pointer to the text of the first.
    fn first_suffix(&self) -> Option<u64> {
        if let Some(address) = self.address(b"_PyImport_DynLoadFiletab") {
            return Some(address);
        }
        let text = scan::suffix_text(self.image)?;
        let address = self.elf.address_of(text)?;
        let pointer = self.pointers.pointer_to(address);
        pointer.or_else(|| self.elf.plain_pointer_to(self.image, address))
    }
}

impl Data for LinuxFile<'_, '_> {
    fn pointer_size(&self) -> u64 {
        self.elf.pointer_size()
    }

    fn address(&self, name: &[u8]) -> Option<u64> {
        Some(self.elf.symbol(self.image, name)?.0)
    }

    fn target(&self, address: u64) -> Option<u64> {
        self.pointers.target(&self.elf, self.image, address)
    }

    fn text(&self, address: u64) -> Option<BString> {
        self.elf.text(self.image, address)
    }

    fn number(&self, address: u64) -> Option<i32> {
        self.elf.number(self.image, address)
    }
}

/// A program or library of macOS.
struct MacFile<'i, 'h> {
    image: &'i Image<'h>,
    macho: Macho,
    pointers: macho::Pointers,
}

impl<'i, 'h> MacFile<'i, 'h> {
    /// The first part of the file: the tables of the others are the same.
    fn of(image: &'i Image<'h>) -> Option<Self> {
        let slice = *macho::slices(image).ok()?.first()?;
        let macho = Macho::parse(image, slice).ok()?;
        let pointers = macho::Pointers::of(&macho, image)?;
        Some(Self { image, macho, pointers })
    }
}

impl Data for MacFile<'_, '_> {
    fn pointer_size(&self) -> u64 {
        8
    }

    fn address(&self, name: &[u8]) -> Option<u64> {
        self.macho.export(self.image, name)
    }

    fn target(&self, address: u64) -> Option<u64> {
        self.pointers.target(&self.macho, self.image, address)
    }

    fn text(&self, address: u64) -> Option<BString> {
        self.macho.text(self.image, address)
    }

    fn number(&self, address: u64) -> Option<i32> {
        self.macho.number(self.image, address).map(u32::cast_signed)
    }
}
