//! The tables of modules inside an interpreter: those that are built in, those that are frozen, and the suffixes by which
//! it knows extension modules.

use bstr::{BStr, BString, ByteSlice};

use super::elf::{Elf, Pointers};
use super::image::Image;
use super::scan;
use super::{Identification, Interpreter};
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
    let file = File::of(&image)?;
    let builtin = file.builtin()?;
    Some(ModuleTables { builtin, frozen: file.frozen(&identification.interpreter)?, suffixes: None })
}

/// The suffixes of extension modules in the order in which the build tries them; none where they cannot be found.
pub fn extension_suffixes(lookups: &Lookups<'_>, identification: &Identification) -> Option<Vec<BString>> {
    let image = Image::open(lookups, image_path(identification)?).ok()?;
    let file = File::of(&image)?;
    let first = file.first_suffix()?;
    let word = file.elf.pointer_size();
    let mut found = Vec::new();
    for index in 0..MOST_SUFFIXES {
        let target = file.pointers.target(&file.elf, &image, first.checked_add(index * word)?)?;
        if target == 0 {
            return Some(found);
        }
        found.push(file.elf.text(&image, target).filter(|text| text.starts_with(b"."))?);
    }
    None
}

struct File<'i, 'h> {
    image: &'i Image<'h>,
    elf: Elf,
    pointers: Pointers,
}

impl<'i, 'h> File<'i, 'h> {
    fn of(image: &'i Image<'h>) -> Option<Self> {
        let elf = Elf::parse(image).ok()?;
        let pointers = Pointers::of(&elf, image);
        Some(Self { image, elf, pointers })
    }

    fn target(&self, address: u64) -> Option<u64> {
        self.pointers.target(&self.elf, self.image, address)
    }

    /// What an exported pointer points to.
    fn exported(&self, name: &[u8]) -> Option<u64> {
        let (address, _) = self.elf.symbol(self.image, name)?;
        self.target(address).filter(|target| *target != 0)
    }

    /// The texts to which the first words of the entries of a table point, with the address of each entry.
    fn names(&self, table: u64, size: u64) -> Option<Vec<(BString, u64)>> {
        let mut found = Vec::new();
        for index in 0..MOST_MODULES {
            let entry = table.checked_add(index * size)?;
            let name = self.target(entry)?;
            if name == 0 {
                return Some(found);
            }
            found.push((self.elf.text(self.image, name)?, entry));
        }
        None
    }

    /// `PyImport_Inittab`: a name and a function for each module.
    fn builtin(&self) -> Option<Vec<BString>> {
        let table = self.exported(b"PyImport_Inittab")?;
        let names = self.names(table, 2 * self.elf.pointer_size())?;
        Some(names.into_iter().map(|(name, _)| name).collect())
    }

    /// One table up to 3.10, three since then.
    fn frozen(&self, interpreter: &Interpreter) -> Option<Vec<FrozenModule>> {
        let word = self.elf.pointer_size();
        let mut found = Vec::new();
        let Some(layout) = interpreter.version?.frozen_layout() else {
            let table = self.exported(b"PyImport_FrozenModules")?;
            for (name, entry) in self.names(table, 3 * word)? {
                // The size of a package is negative.
                let size = self.elf.number(self.image, entry.checked_add(2 * word)?)?;
                found.push(FrozenModule { name, is_package: size < 0, is_always_used: true });
            }
            return Some(found);
        };
        let size = (2 * word + 8 + if layout.has_getter { word } else { 0 }).next_multiple_of(word);
        for (symbol, is_always_used) in FROZEN {
            for (name, entry) in self.names(self.exported(symbol)?, size)? {
                let is_package = self.elf.number(self.image, entry.checked_add(2 * word + 4)?)? != 0;
                found.push(FrozenModule { name, is_package, is_always_used });
            }
        }
        Some(found)
    }

    /// Where the array of suffixes begins: at the one pointer to the text of the first.
    fn first_suffix(&self) -> Option<u64> {
        if let Some((address, _)) = self.elf.symbol(self.image, b"_PyImport_DynLoadFiletab") {
            return Some(address);
        }
        let text = scan::suffix_text(self.image)?;
        let address = self.elf.address_of(text)?;
        let pointer = self.pointers.pointer_to(address);
        pointer.or_else(|| self.elf.plain_pointer_to(self.image, address))
    }
}
