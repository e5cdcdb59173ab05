//! What runs as `__main__` where a module or a script is launched, and whether there is anything to run.

use bstr::{BStr, BString, ByteSlice};

use super::answer::Kind;
use super::finder::Finder;
use crate::finders;
use crate::host::{HostError, Lookups};
use crate::invocation::Launch;
use crate::startup::{BUILT_IN, MAY_BE_BUILT_IN, Origin, Resolution, Status, SysValues};
use crate::text::sentence;

/// What is launched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Launched {
    /// The file that runs as `__main__`.
    File(BString),
    /// Nothing, so that Python ends: why, and what it prints.
    Nothing {
        /// Why.
        reason: BString,
        /// What Python prints, where that is known.
        message: Option<BString>,
    },
    /// Only running code can tell, or nothing has a file.
    Unknown,
}

/// What a resolution launches.
pub fn launched(resolution: &Resolution, ask: &Lookups<'_>) -> Launched {
    let Some(sys) = resolution.sys.as_ref().filter(|_| resolution.outcome.status == Status::Starts) else {
        return Launched::Unknown;
    };
    if !has_runpy(sys, ask) {
        return Launched::Unknown;
    }
    match &resolution.invocation.launch {
        // Whether these are inside the binary is not asked here.
        Launch::Module(name) if is_perhaps_inside(name) => Launched::Unknown,
        Launch::Module(name) => {
            let finder = Finder::without_binary(resolution, ask);
            of_module(&finder, sys.executable.as_bstr(), name.as_bstr())
        }
        Launch::Script(path) => of_script(resolution, ask, path.as_bstr()),
        Launch::Command | Launch::Interactive => Launched::Unknown,
    }
}

/// Whether the standard library is there to its end. That of a machine in memory may hold only what startup reads, and then
/// what is launched need not be there either.
fn has_runpy(sys: &SysValues, ask: &Lookups<'_>) -> bool {
    let mut libraries = sys.path.iter().filter(|entry| entry.origin == Origin::Stdlib);
    libraries.any(|entry| ask.is_file(finders::join(ask, entry.value.as_bstr(), "runpy.py").as_bstr()))
}

fn is_perhaps_inside(name: &BString) -> bool {
    BUILT_IN.iter().chain(MAY_BE_BUILT_IN).any(|module| name == *module)
}

/// `_get_module_details` of `runpy`.
fn of_module(finder: &Finder<'_>, executable: &BStr, name: &BStr) -> Launched {
    let import = finder.find(name);
    let nothing = |reason: BString| {
        let message = Some(sentence!(executable, ": ", reason));
        Launched::Nothing { reason, message }
    };
    match import.kind {
        Kind::Unknown => Launched::Unknown,
        // With a parent that is missing or no package, the message is that of the search.
        Kind::Missing if name.contains(&b'.') && import.search.is_empty() => {
            Launched::Nothing { reason: sentence!("No module named ", name), message: None }
        }
        Kind::Missing => nothing(sentence!("No module named ", name)),
        Kind::Extension => nothing(sentence!("No code object available for ", name)),
        kind if kind.is_package() => {
            let main = finder.find(sentence!(name, ".__main__").as_bstr());
            match (main.kind, main.origin) {
                (_, Some(file)) => Launched::File(file),
                (Kind::Missing, None) => nothing(sentence!(
                    "No module named ",
                    name,
                    ".__main__; '",
                    name,
                    "' is a package and cannot be directly executed"
                )),
                _ => Launched::Unknown,
            }
        }
        _ => import.origin.map_or(Launched::Unknown, Launched::File),
    }
}

/// A script is opened when the startup is over. Directories and zip files need a file `__main__.py`.
fn of_script(resolution: &Resolution, ask: &Lookups<'_>, path: &BStr) -> Launched {
    if ask.is_file(path) {
        return Launched::File(path.to_owned());
    }
    match ask.metadata(path) {
        Err(HostError::NotFound) => {
            let reason = sentence!("the script ", path, " does not exist");
            let typed = resolution.invocation.executable.as_bstr();
            let is_absolute = path.starts_with(b"/");
            // Newer releases print the absolute path.
            let message = sentence!(typed, ": can't open file '", path, "': [Errno 2] No such file or directory");
            Launched::Nothing { reason, message: is_absolute.then_some(message) }
        }
        _ => Launched::Unknown,
    }
}
