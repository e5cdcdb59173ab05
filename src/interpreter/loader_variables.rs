//! The variables that the dynamic loaders of Linux and macOS read, and that decide whether a program runs.

use bstr::{BStr, ByteSlice};

use crate::host::Platform;
use crate::invocation::Invocation;

/// The values of these variables; none where one is not set.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct LoaderVariables<'v> {
    /// `LD_LIBRARY_PATH`, on macOS `DYLD_LIBRARY_PATH`: directories that are searched before most others.
    pub library_path: Option<&'v BStr>,
    /// `LD_PRELOAD`: libraries that are loaded before all others.
    pub preload: Option<&'v BStr>,
    /// `LD_AUDIT`: libraries that may change what the loader does.
    pub audit: Option<&'v BStr>,
    /// `LD_BIND_NOW`: functions are looked up before the program runs.
    pub bind_now: Option<&'v BStr>,
    /// `LD_TRACE_LOADED_OBJECTS`: the libraries are listed, and the program does not run.
    pub trace: Option<&'v BStr>,
    /// `LD_DEBUG`.
    pub debug: Option<&'v BStr>,
}

impl<'v> LoaderVariables<'v> {
    /// The variables of a call.
    pub fn of(invocation: &'v Invocation) -> Self {
        let set = |name: &str| invocation.variable(name).filter(|value| !value.is_empty());
        if invocation.platform == Platform::Macos {
            return Self { library_path: set("DYLD_LIBRARY_PATH"), ..Self::default() };
        }
        Self {
            library_path: set("LD_LIBRARY_PATH"),
            preload: set("LD_PRELOAD"),
            audit: set("LD_AUDIT"),
            bind_now: set("LD_BIND_NOW"),
            // An empty value counts.
            trace: invocation.variable("LD_TRACE_LOADED_OBJECTS"),
            debug: set("LD_DEBUG"),
        }
    }

    /// The variable by which the loader prints something instead of running the program.
    pub(super) fn instead_of_running(&self) -> Option<&'static str> {
        // `process_dl_debug`: blanks, commas and colons separate the words.
        let is_help = |word: &[u8]| word == b"help";
        if self.debug.is_some_and(|value| {
            value.split_str(" ").flat_map(|part| part.split(|byte| b",:".contains(byte))).any(is_help)
        }) {
            return Some("LD_DEBUG");
        }
        self.trace.map(|_| "LD_TRACE_LOADED_OBJECTS")
    }

    /// Whether one of them is set.
    pub(super) fn are_set(&self) -> bool {
        self.library_path.is_some() || self.bind_now.is_some() || self.are_unusual()
    }

    /// Whether one of them changes more than the order in which directories are searched.
    pub(super) fn are_unusual(&self) -> bool {
        self.preload.is_some() || self.audit.is_some() || self.instead_of_running().is_some()
    }
}
