//! Modules that have another name in `sys.modules` than their file: the code of their parents puts them there.

use bstr::{BStr, ByteSlice};

use super::answer::{Import, Kind};
use super::finder::Finder;
use crate::host::Platform;
use crate::startup::behaviors::Behavior;

/// What a name really is.
enum Target {
    /// The module of another name.
    Module(&'static str),
    /// An object without a specification.
    Object(&'static str),
}

/// The answer for a name that a package of the standard library sets itself.
pub(super) fn of(finder: &Finder<'_>, name: &BStr, is_loaded: bool) -> Option<Import> {
    let target = target(finder, name)?;
    let (parent, _) = name.rsplit_once_str(".")?;
    let owner = finder.find(parent.as_bstr());
    let is_own = finder.is_of_library(&owner);
    if !is_loaded && !is_own {
        return None;
    }
    let own = match &owner.locations {
        Some(path) => finder.candidates_along(path, name),
        None => Vec::new(),
    };
    match target {
        Target::Object(code) => {
            let reason = format!("the code of {code} puts an object into sys.modules under this name");
            Some(Import { loaded_at_startup: is_loaded, ..Import::without(name, Kind::Unknown, reason.into()) })
        }
        // A file of that name counts in the releases that have one.
        Target::Module("_collections_abc") if own.iter().any(|candidate| candidate.kind == Kind::Source) => None,
        Target::Module(module) => {
            let import = finder.find(module.into());
            let shadows = own.into_iter().filter(|candidate| candidate.path != import.origin).collect();
            Some(Import { name: name.to_owned(), shadows, loaded_at_startup: is_loaded, ..import })
        }
    }
}

fn target(finder: &Finder<'_>, name: &BStr) -> Option<Target> {
    let is_windows = finder.platform() == Platform::Windows;
    Some(match name.as_bytes() {
        b"os.path" if is_windows => Target::Module("ntpath"),
        b"os.path" => Target::Module("posixpath"),
        b"importlib._bootstrap" => Target::Module("_frozen_importlib"),
        b"importlib._bootstrap_external" => Target::Module("_frozen_importlib_external"),
        b"collections.abc" => Target::Module("_collections_abc"),
        b"typing.io" | b"typing.re" if !finder.has(Behavior::TypingWithoutModules) => Target::Object("typing"),
        b"xml.parsers.expat.model" | b"xml.parsers.expat.errors" => Target::Object("pyexpat"),
        _ => return None,
    })
}
