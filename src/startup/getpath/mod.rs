//! The path configuration: `sys.executable`, the prefixes and the first `sys.path`.
//!
//! Three algorithms, written once each: `getpath.py` (3.11 on) in [`modern`], and the C code that it replaced, in
//! [`legacy`] for POSIX and in [`legacy_windows`].

pub mod cfg;
mod legacy;
mod legacy_windows;
mod modern;

use bstr::{BStr, BString};

use super::behaviors::{Behavior, Behaviors};
use super::fatal::Fatal;
use super::layout::Layout;
use super::record::{Origin, OriginFile};
use super::settings::Settings;
use super::trace::Trace;
use crate::host::Platform;
use crate::interpreter::Interpreter;
use crate::invocation::Invocation;
use crate::text::sentence;

/// An entry of the first `sys.path`.
#[derive(Clone, Debug)]
pub struct RawEntry {
    /// The value.
    pub value: BString,
    /// Why it is there.
    pub origin: Origin,
    /// The step that put it there.
    pub step: usize,
    /// The line of the `._pth` file.
    pub file: Option<OriginFile>,
}

/// What the path configuration leaves behind for `sys` and `site`.
#[derive(Clone, Debug, Default)]
pub struct PathConfig {
    /// `sys.executable`.
    pub executable: BString,
    /// `sys._base_executable`, where the version has it.
    pub base_executable: Option<BString>,
    /// `sys.prefix` before `site`.
    pub prefix: BString,
    /// `sys.exec_prefix` before `site`.
    pub exec_prefix: BString,
    /// `sys.base_prefix`.
    pub base_prefix: BString,
    /// `sys.base_exec_prefix`.
    pub base_exec_prefix: BString,
    /// `sys.platlibdir`, where the version has it.
    pub platlibdir: BString,
    /// `sys._stdlib_dir`, if the version has it and it is known.
    pub stdlib_dir: Option<BString>,
    /// The first `sys.path`.
    pub path: Vec<RawEntry>,
    /// What was found of `pyvenv.cfg`.
    pub cfg: cfg::Reading,
    /// Whether a `._pth` file decides.
    pub under_pth: bool,
    /// Whether Python takes its directory for a build tree.
    pub is_build_tree: bool,
    /// `PYTHONHOME` or the directory of a `._pth` file, as the dump of the configuration shows it.
    pub home: Option<BString>,
    /// A compiled-in value that was needed and is not known: its name in the report.
    pub unknown: Option<&'static str>,
}

/// Everything that the path configuration takes its decisions from.
pub struct Input<'a> {
    /// How Python is called.
    pub invocation: &'a Invocation,
    /// What is known about the interpreter.
    pub interpreter: &'a Interpreter,
    /// The behaviors of its version.
    pub behaviors: &'a Behaviors,
    /// Names of directories and landmarks.
    pub layout: &'a Layout,
}

/// Computes the path configuration.
///
/// # Errors
/// Where Python would fail to start.
pub fn compute(trace: &mut Trace<'_>, input: &Input<'_>, settings: &mut Settings) -> Result<PathConfig, Fatal> {
    if input.behaviors.has(Behavior::GetpathInPython) {
        modern::compute(trace, input, settings)
    } else if input.invocation.platform == Platform::Windows {
        trace.use_legacy_sources();
        legacy_windows::compute(trace, input, settings)
    } else {
        trace.use_legacy_sources();
        legacy::compute(trace, input, settings)
    }
}

/// Entries of a list in a variable.
fn split(list: &BStr, delimiter: u8) -> impl Iterator<Item = &BStr> {
    list.split(move |&byte| byte == delimiter).map(BStr::new)
}

/// The sentence about a search from `start` upwards: the directory that contains the landmark, if there is one.
fn search_result(landmark: impl AsRef<[u8]>, start: &BStr, found: Option<&BString>) -> BString {
    let Some(dir) = found else {
        return sentence!("Neither ", start, " nor any directory above it contains ", landmark, ".");
    };
    sentence!("The search from ", start, " upwards finds ", landmark, " in ", dir, ".")
}

/// Whether the location of the shared library counts: `library` of `Modules/getpath.c`.
fn library<'a>(input: &Input<'a>) -> Option<&'a BStr> {
    let library = input.interpreter.library.as_ref()?;
    let counts = match input.invocation.platform {
        Platform::Windows => true,
        Platform::Macos => {
            input.interpreter.compiled.framework.as_ref().is_some_and(|name| !name.is_empty())
                || input.behaviors.has(Behavior::LibraryEverywhere)
        }
        Platform::Linux => input.behaviors.has(Behavior::LibraryEverywhere),
    };
    counts.then(|| BStr::new(library))
}
