//! The arguments made valid: which Python, called how, on the live machine.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;

use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;
use venv_doctor::host::{FileKind, Host, HostError, path};
use venv_doctor::interpreter::Version;
use venv_doctor::invocation::{CONSULTED_VARIABLES, Invocation};
use venv_doctor::report::escape::escape;

use super::args;
use super::target::{Target, TargetError};

/// A Python and how it is called.
pub struct Subject {
    /// The call, complete.
    pub invocation: Invocation,
    /// The consulted variables as they are, before the arguments change them.
    pub own_environment: BTreeMap<String, BString>,
    /// The version that the interpreter is taken for.
    pub python_version: Option<Version>,
    /// What was decided on the way and is worth telling.
    pub notes: Vec<BString>,
}

/// Why the arguments name no call of Python.
#[derive(Debug, Error)]
pub enum SubjectError {
    /// `--cwd` names no folder that can be entered.
    #[error("--cwd {}: {reason}", escape(.path.as_bstr()))]
    Cwd { path: BString, reason: String },
    /// The machine did not say where this process works.
    #[error("the working directory cannot be learnt: {0}; name one with --cwd")]
    NoCwd(HostError),
    /// No Python was found.
    #[error(transparent)]
    Target(#[from] TargetError),
}

impl Subject {
    /// Takes the arguments, and from the machine what they leave open.
    pub fn from_arguments(host: &dyn Host, typed: &args::Subject) -> Result<Self, SubjectError> {
        let mut invocation = Invocation::on(host, "").map_err(SubjectError::NoCwd)?;
        invocation.flags = typed.flags.into();
        invocation.launch = typed.launch.clone();
        if let Some(directory) = &typed.cwd {
            invocation.cwd = Some(enter(host, invocation.cwd.as_ref(), BStr::new(directory.as_bytes()))?);
        }
        let own_environment = invocation.environment.clone();
        let mut notes = Vec::new();
        change_environment(&mut invocation.environment, typed, &mut notes);

        let python = typed.python.as_ref().map(|python| BStr::new(python.as_bytes()));
        let target = Target::find(host, &invocation, python)?;
        invocation.executable = target.executable;
        notes.extend(target.note);
        Ok(Self { invocation, own_environment, python_version: typed.python_version, notes })
    }
}

/// The folder as `getcwd` would name it after a change into it: absolute and without links.
fn enter(host: &dyn Host, cwd: Option<&BString>, directory: &BStr) -> Result<BString, SubjectError> {
    let refuse = |reason: String| SubjectError::Cwd { path: directory.to_owned(), reason };
    let absolute = match cwd {
        _ if directory.starts_with(b"/") => directory.to_owned(),
        Some(cwd) => path::concatenate(host.platform(), cwd.as_bstr(), directory),
        None => return Err(refuse("relative to a working directory that has been removed".to_owned())),
    };
    let real = host.real_path(absolute.as_bstr()).map_err(|error| refuse(error.to_string()))?;
    match host.metadata(real.as_bstr()) {
        Ok(metadata) if metadata.kind == FileKind::Directory => Ok(real),
        Ok(_) => Err(refuse("not a directory".to_owned())),
        Err(error) => Err(refuse(error.to_string())),
    }
}

/// Applies `--clean-env`, `--unset` and `--env`, in this order, to the variables that start-up consults.
fn change_environment(environment: &mut BTreeMap<String, BString>, typed: &args::Subject, notes: &mut Vec<BString>) {
    if typed.clean_env {
        environment.clear();
    }
    for name in &typed.unset {
        if let Some(name) = name.to_str() {
            environment.remove(name);
        }
    }
    for assignment in &typed.env {
        match assignment.name.to_str().filter(|name| CONSULTED_VARIABLES.contains(name)) {
            Some(name) => {
                environment.insert(name.to_owned(), assignment.value.as_bytes().into());
            }
            None => notes.push(
                format!("--env {}: the start-up of Python does not consult this variable", assignment.name.display())
                    .into(),
            ),
        }
    }
}
