//! Whether a module could be imported at all.

use bstr::ByteSlice;

use super::Survey;
use crate::host::{FileKind, HostError};
use crate::startup::Origin;

/// Modules of the standard library that some builds hold in the binary and that then have no file. Those whose names
/// begin with an underscore are not listed: any of them may be built in.
const OFTEN_BUILT_IN: &[&str] = &[
    "abc",
    "array",
    "atexit",
    "audioop",
    "binascii",
    "builtins",
    "cmath",
    "crypt",
    "errno",
    "faulthandler",
    "fcntl",
    "gc",
    "grp",
    "importlib",
    "io",
    "itertools",
    "marshal",
    "math",
    "mmap",
    "msvcrt",
    "nis",
    "nt",
    "os",
    "ossaudiodev",
    "parser",
    "posix",
    "posixpath",
    "pwd",
    "pyexpat",
    "readline",
    "resource",
    "select",
    "site",
    "spwd",
    "sys",
    "syslog",
    "termios",
    "time",
    "unicodedata",
    "winreg",
    "winsound",
    "xxsubtype",
    "zipimport",
    "zlib",
];

impl Survey<'_> {
    /// Whether startup code could import a top-level module: false only where it is certain that it is not. Each directory
    /// of `sys.path` is listed once at most.
    pub fn may_import(&self, name: &str) -> bool {
        let Some(sys) = &self.resolution.sys else { return true };
        if name.starts_with('_') || OFTEN_BUILT_IN.contains(&name) {
            return true;
        }
        // What the launch puts first is not there yet while the site module runs.
        let mut entries = sys.path.iter().filter(|entry| entry.origin != Origin::Launch);
        entries.any(|entry| match self.ask.metadata(entry.value.as_bstr()) {
            Ok(metadata) if metadata.kind == FileKind::Directory => {
                self.has_module(entry.value.as_bstr(), name.into()).unwrap_or(true)
            }
            // A zip file could hold anything.
            Ok(_) => true,
            Err(error) => error != HostError::NotFound && error != HostError::NotADirectory,
        })
    }
}
