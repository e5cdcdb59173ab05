//! What is asked of the headers of an interpreter, whatever the format of its file.

use super::elf::{Elf, Target};
use super::image::Image;
use super::loader::multiarch;
use super::macho::Macho;

/// The headers of a program or library.
pub(super) trait Headers {
    /// The number in an exported variable of the size of C's `long`.
    fn exported_long(&self, image: &Image<'_>, name: &[u8]) -> Option<u32>;
    /// Whether it defines a function or variable for others.
    fn exports(&self, image: &Image<'_>, name: &[u8]) -> bool;
    /// Whether it takes one of these functions from others.
    fn imports(&self, image: &Image<'_>, names: &[&[u8]]) -> bool;
    /// Whether it has a table in which exports can be looked up.
    fn lists_exports(&self) -> bool;
    /// What it is built for.
    fn build(&self) -> Build;
}

impl Headers for Elf {
    fn exported_long(&self, image: &Image<'_>, name: &[u8]) -> Option<u32> {
        self.exported_long(image, name)
    }

    fn exports(&self, image: &Image<'_>, name: &[u8]) -> bool {
        self.symbol(image, name).is_some()
    }

    fn imports(&self, image: &Image<'_>, names: &[&[u8]]) -> bool {
        self.imports(image, names)
    }

    fn lists_exports(&self) -> bool {
        self.has_symbols()
    }

    fn build(&self) -> Build {
        Build::Linux(self.target)
    }
}

impl Headers for Macho {
    fn exported_long(&self, image: &Image<'_>, name: &[u8]) -> Option<u32> {
        self.exported_long(image, name)
    }

    fn exports(&self, image: &Image<'_>, name: &[u8]) -> bool {
        self.export(image, name).is_some()
    }

    fn imports(&self, image: &Image<'_>, names: &[&[u8]]) -> bool {
        self.imports(image, names)
    }

    fn lists_exports(&self) -> bool {
        self.lists_exports()
    }

    fn build(&self) -> Build {
        Build::Macos
    }
}

/// The system for which an interpreter is built, which decides what its files are called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Build {
    /// Linux, with the processor.
    Linux(Target),
    /// macOS, where files for all processors have the same names.
    Macos,
}

impl Build {
    /// The name of the directory that Debian has for its processor.
    pub fn multiarch(self) -> Option<&'static str> {
        match self {
            Self::Linux(target) => multiarch(target),
            Self::Macos => None,
        }
    }

    /// What the file with the variables of the build ends in, where that is known.
    pub fn platform(self) -> Option<String> {
        match self {
            Self::Linux(target) => multiarch(target).map(|triple| format!("linux_{triple}")),
            Self::Macos => Some("darwin_darwin".to_owned()),
        }
    }
}
