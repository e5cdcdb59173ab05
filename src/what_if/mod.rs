//! Hypothetical changes to a machine, for the question what they would change for Python.

mod cfg;

use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;

use crate::Explanation;
use crate::host::path::{self, Flavor, module};
use crate::host::{Host, HostError, OverlayHost};
use crate::startup::MOST_BYTES;
use crate::text::sentence;

/// Changes, made in the order of the fields. Relative paths are relative to the working directory of the invocation.
///
/// ```
/// use venv_doctor::internals::what_if::WhatIf;
///
/// let mut what_if = WhatIf::default();
/// what_if.without.push("/w/.venv/lib/python3.12/site-packages/old.pth".into());
/// what_if.set.push(("home".into(), "/usr/local/bin".into()));
/// assert!(!what_if.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhatIf {
    /// Paths that are removed, with everything below them.
    pub without: Vec<BString>,
    /// Files that are added with their content, or replaced.
    pub with_file: Vec<(BString, Vec<u8>)>,
    /// Keys whose lines are removed from `pyvenv.cfg`.
    pub drop: Vec<BString>,
    /// Keys and values of `pyvenv.cfg`, without line breaks: the last line with the key is replaced, or a line is added
    /// at the end.
    pub set: Vec<(BString, BString)>,
}

/// A machine on which the changes have been made.
pub struct Changed<'h> {
    /// The machine.
    pub host: OverlayHost<'h>,
    /// What was changed, one sentence each.
    pub supposed: Vec<BString>,
    /// What the user should know about the changes.
    pub notes: Vec<BString>,
}

/// Why a change is not possible.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// A relative path, and a working directory that has been removed.
    #[error("{path}: the path is relative, and the working directory has been removed")]
    NoWorkingDirectory {
        /// The path.
        path: BString,
    },
    /// Nothing can be added or removed at that path, or the file to edit cannot be read.
    #[error("{path}: {reason}")]
    Path {
        /// The path.
        path: BString,
        /// Why not.
        reason: HostError,
    },
    /// `pyvenv.cfg` is to be changed, and its path is unknown.
    #[error("there is no pyvenv.cfg, and without an executable its path is unknown")]
    NoExecutable,
}

impl WhatIf {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Makes the changes, over `host`. `unchanged` is the explanation of the machine as it is: it says which
    /// `pyvenv.cfg` is meant. If there is none, it is created one directory above the executable.
    ///
    /// # Errors
    /// Where something cannot be changed.
    pub fn apply<'h>(&self, host: &'h dyn Host, unchanged: &Explanation) -> Result<Changed<'h>, WhatIfError> {
        let mut changed = Changed { host: OverlayHost::new(host), supposed: Vec::new(), notes: Vec::new() };
        for path in &self.without {
            changed.remove(&absolute(unchanged, path)?)?;
        }
        for (path, content) in &self.with_file {
            changed.add(&absolute(unchanged, path)?, content)?;
        }
        if !self.drop.is_empty() || !self.set.is_empty() {
            let file = pyvenv_cfg(unchanged).ok_or(WhatIfError::NoExecutable)?;
            changed.edit(&absolute(unchanged, &file)?, self)?;
        }
        Ok(changed)
    }
}

impl Changed<'_> {
    fn remove(&mut self, path: &BString) -> Result<(), WhatIfError> {
        let existed = self.host.remove(path.as_bstr()).map_err(|reason| refusal(path, reason))?;
        self.supposed.push(sentence!("without ", path));
        if !existed {
            self.notes.push(sentence!("there is no ", path, ", so removing it changes nothing"));
        }
        Ok(())
    }

    fn add(&mut self, path: &BString, content: &[u8]) -> Result<(), WhatIfError> {
        self.host.add_file(path.as_bstr(), content).map_err(|reason| refusal(path, reason))?;
        self.supposed.push(sentence!("with the file ", path, format!(" of {} bytes", content.len())));
        Ok(())
    }

    /// Edits `pyvenv.cfg` as it is after the previous changes.
    fn edit(&mut self, file: &BString, what_if: &WhatIf) -> Result<(), WhatIfError> {
        let mut content = match self.host.read(file.as_bstr(), MOST_BYTES) {
            Ok(content) => content,
            Err(HostError::NotFound | HostError::NotADirectory) => {
                let verb = if what_if.set.is_empty() { " to change" } else { ", so it is created" };
                self.notes.push(sentence!("there is no ", file, verb));
                if what_if.set.is_empty() {
                    return Ok(());
                }
                Vec::new()
            }
            Err(reason) => return Err(refusal(file, reason)),
        };
        for key in &what_if.drop {
            self.supposed.push(sentence!("without the key ", key, " in ", file));
            if cfg::drop_key(&mut content, key) == 0 {
                self.notes.push(sentence!(file, " has no line with the key ", key));
            }
        }
        for (key, value) in &what_if.set {
            self.supposed.push(sentence!(key, " = ", value, " in ", file));
            if let Some(line) = cfg::set_key(&mut content, key, value)
                && key.eq_ignore_ascii_case(b"home")
            {
                self.notes.push(sentence!(
                    format!("line {line} of "),
                    file,
                    " names a home too, and the path configuration takes the first; dropping the key before setting it ",
                    "leaves one"
                ));
            }
        }
        self.host.add_file(file.as_bstr(), content).map_err(|reason| refusal(file, reason))
    }
}

fn refusal(path: &BString, reason: HostError) -> WhatIfError {
    WhatIfError::Path { path: path.clone(), reason }
}

fn absolute(unchanged: &Explanation, path: &BString) -> Result<BString, WhatIfError> {
    let invocation = &unchanged.resolution.invocation;
    if path::is_absolute(invocation.platform, path.as_bstr()) {
        return Ok(path.clone());
    }
    let cwd = invocation.cwd.as_ref().ok_or_else(|| WhatIfError::NoWorkingDirectory { path: path.clone() })?;
    Ok(path::concatenate(invocation.platform, cwd.as_bstr(), path.as_bstr()))
}

/// The file that decided, or the path of the one that would.
fn pyvenv_cfg(unchanged: &Explanation) -> Option<BString> {
    if let Some(cfg) = &unchanged.resolution.pyvenv_cfg {
        return Some(cfg.path.clone());
    }
    let flavor = Flavor::of(unchanged.resolution.invocation.platform);
    let above = |path: &BStr| module::dirname(flavor, path);
    let executable = executable(unchanged)?;
    let dir = above(above(executable.as_bstr()).as_bstr());
    Some(module::join(flavor, &[dir.as_bstr(), b"pyvenv.cfg".as_bstr()]))
}

/// The path of the executable, without following symlinks, even if it cannot be executed.
fn executable(unchanged: &Explanation) -> Option<&BString> {
    let computed =
        unchanged.resolution.sys.as_ref().map(|sys| &sys.executable).filter(|executable| !executable.is_empty());
    let identification = &unchanged.resolution.identification;
    let typed = identification.hops.first().map(|hop| &hop.path).or(identification.file.as_ref());
    let named =
        Some(&unchanged.resolution.invocation.executable).filter(|name| name.contains(&b'/') || name.contains(&b'\\'));
    computed.or(typed).or(named)
}
