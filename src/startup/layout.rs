//! The names of directories and landmarks, which follow from system and version.

use bstr::BString;

use super::behaviors::{Behavior, Behaviors};
use super::settings::Settings;
use crate::host::Platform;
use crate::host::path::Flavor;
use crate::interpreter::{Interpreter, Version};

/// The constants of `getpath.py` under PLATFORM CONSTANTS, and their like in the C code.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its path rules.
    pub flavor: Flavor,
    /// `platlibdir`.
    pub platlibdir: BString,
    /// `python3` (`python` on Windows).
    pub program_name: &'static str,
    /// `python3.12`.
    pub versioned_name: String,
    /// `lib/python3.12` (`Lib` on Windows).
    pub stdlib: BString,
    /// `lib/python3.12/os.py` and `os.pyc`.
    pub stdlib_landmarks: [BString; 2],
    /// `lib/python3.12/lib-dynload` (`DLLs` on Windows).
    pub platstdlib: BString,
    /// `lib/python312.zip`.
    pub zip: BString,
    /// `python3.12` or `python3.13t`, the directory below `lib`.
    pub version_dir: String,
    /// `t` in free-threaded builds whose directories say so.
    pub thread: &'static str,
    /// What separates the entries of lists.
    pub delimiter: u8,
}

impl Layout {
    /// The names for a `PyPy` of `version` on POSIX; its zip file is looked for in the prefix itself.
    pub fn of_pypy(version: Version) -> Self {
        let name = format!("pypy{}", version.short());
        let stdlib = format!("lib/{name}");
        Self {
            flavor: Flavor::Posix,
            platlibdir: "lib".into(),
            program_name: "pypy3",
            stdlib_landmarks: [format!("{stdlib}/site.py").into(), format!("{stdlib}/site.py").into()],
            platstdlib: stdlib.as_str().into(),
            stdlib: stdlib.into(),
            zip: format!("python{}.zip", version.nodot()).into(),
            version_dir: name.clone(),
            versioned_name: name,
            thread: "",
            delimiter: Flavor::Posix.delimiter(),
        }
    }

    /// The names for a build of `version` on `platform`.
    pub fn new(
        platform: Platform,
        version: Version,
        interpreter: &Interpreter,
        settings: &Settings,
        behaviors: &Behaviors,
    ) -> Self {
        let compiled = &interpreter.compiled;
        let flavor = Flavor::of(platform);
        let is_threaded = compiled.abi_thread.as_ref().is_some_and(|flag| flag == "t");
        let thread = if is_threaded && behaviors.has(Behavior::ThreadSuffix) { "t" } else { "" };
        let windows = platform == Platform::Windows;
        // Every build for Windows takes it from `PC/pyconfig.h`, whatever a description of the interpreter says.
        let built = match windows {
            true if behaviors.has(Behavior::GetpathInPython) => Some("DLLs".into()),
            true => Some("lib".into()),
            false => compiled.platlibdir.clone(),
        };
        let platlibdir: BString = settings.platlibdir.clone().or(built).unwrap_or_else(|| "lib".into());
        let version_dir = format!("python{}{thread}", version.short());
        let below = |parts: &[&str]| -> BString {
            let mut path = platlibdir.clone();
            for part in parts {
                path.push(b'/');
                path.extend_from_slice(part.as_bytes());
            }
            path
        };
        let suffix = if windows { interpreter.debug_suffix() } else { thread };
        let zip_name = format!("python{}{suffix}.zip", version.nodot());
        let (stdlib, landmarks, platstdlib, zip) = if windows {
            (BString::from("Lib"), ["Lib\\os.py".into(), "Lib\\os.pyc".into()], platlibdir.clone(), zip_name.into())
        } else {
            let landmark = |name| below(&[&version_dir, name]);
            (
                below(&[&version_dir]),
                [landmark("os.py"), landmark("os.pyc")],
                landmark("lib-dynload"),
                below(&[&zip_name]),
            )
        };
        Self {
            flavor,
            program_name: if windows { "python" } else { "python3" },
            versioned_name: format!("python{}", version.short()),
            stdlib,
            stdlib_landmarks: landmarks,
            platstdlib,
            zip,
            version_dir,
            thread,
            delimiter: flavor.delimiter(),
            platlibdir,
        }
    }
}
