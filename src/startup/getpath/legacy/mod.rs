//! `Modules/getpath.c` up to 3.10: the path configuration in C, for POSIX.
//!
//! It resolves the executable's symlinks before it looks for `pyvenv.cfg`, so that in an environment whose interpreter is
//! a symlink, the symlink decides and `home` is never read here.

mod prefix;
mod program;
mod search_path;

use bstr::{BStr, BString, ByteSlice};

use super::{Input, PathConfig};
use crate::host::HostError;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::locale;
use crate::startup::settings::Settings;
use crate::startup::trace::Trace;

/// How a prefix was found: `prefix_found` and `exec_prefix_found` of the C code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// -1: in a build tree.
    BuildTree,
    /// 0: nowhere.
    No,
    /// 1: by a landmark, or because it was given.
    Yes,
}

/// `PyCalculatePath` of the C code. The prefixes still end in `lib/pythonX.Y` and `lib-dynload`.
struct Calculation<'a, 'h, 't> {
    trace: &'t mut Trace<'h>,
    input: &'t Input<'a>,
    settings: &'t Settings,
    program_full_path: BString,
    argv0_path: BString,
    prefix: BString,
    prefix_found: Found,
    exec_prefix: BString,
    exec_prefix_found: Found,
    zip_path: BString,
    /// Whether `home` contains characters that the encoding of the locale does not have.
    home_is_unencodable: bool,
    result: PathConfig,
}

/// Runs the parts of `calculate_path` in their order.
pub fn compute(trace: &mut Trace<'_>, input: &Input<'_>, settings: &mut Settings) -> Result<PathConfig, Fatal> {
    let mut calculation = Calculation {
        trace,
        input,
        settings,
        program_full_path: BString::default(),
        argv0_path: BString::default(),
        prefix: BString::default(),
        prefix_found: Found::No,
        exec_prefix: BString::default(),
        exec_prefix_found: Found::No,
        zip_path: BString::default(),
        home_is_unencodable: false,
        result: PathConfig::default(),
    };
    calculation.find_program();
    calculation.resolve_links()?;
    calculation.read_pyvenv_cfg()?;
    calculation.find_prefix();
    calculation.find_zip();
    calculation.find_exec_prefix()?;
    calculation.advise();
    calculation.build_path();
    Ok(calculation.finish())
}

impl Calculation<'_, '_, '_> {
    fn has(&mut self, behavior: Behavior) -> bool {
        self.trace.has(self.input.behaviors, behavior)
    }

    fn cwd(&self) -> Option<&BStr> {
        self.input.invocation.cwd.as_ref().map(|cwd| cwd.as_bstr())
    }

    fn compiled_prefix(&mut self) -> BString {
        match &self.input.interpreter.compiled.prefix {
            Some(prefix) => prefix.clone(),
            None => self.unknown("compiled.prefix"),
        }
    }

    fn compiled_exec_prefix(&mut self) -> BString {
        match &self.input.interpreter.compiled.exec_prefix {
            Some(prefix) => prefix.clone(),
            None => self.unknown("compiled.exec_prefix"),
        }
    }

    fn unknown(&mut self, fact: &'static str) -> BString {
        self.result.unknown.get_or_insert(fact);
        BString::default()
    }

    /// Whether the C code can encode a path and look it up.
    fn can_ask(&self, path: &BStr) -> bool {
        !(self.home_is_unencodable && locale::is_unencodable(self.trace.charset, path))
    }

    /// `fopen` and the reads after it: a directory has no lines, and what cannot be opened counts as missing.
    ///
    /// # Errors
    /// Where reading would never end.
    fn open(&self, path: &BStr) -> Result<Option<Vec<u8>>, Fatal> {
        match self.trace.read(path) {
            Ok(content) => Ok(Some(content.to_vec())),
            Err(HostError::IsADirectory) => Ok(Some(Vec::new())),
            Err(error @ (HostError::WouldBlock(_) | HostError::TooLarge { .. } | HostError::Unanswered)) => {
                Err(Fatal::unread(path, &error))
            }
            Err(_) => Ok(None),
        }
    }
}
