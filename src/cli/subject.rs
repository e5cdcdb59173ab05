//! The arguments made valid: which Python, and how it is called, on the live machine or on that of a snapshot.

use std::ffi::OsStr;

use crate::Depth;
use crate::host::os::OsStrExt;
use crate::host::{FileKind, Host, HostError, Platform, path};
use crate::invocation::{CHECKED_VARIABLES, CONSULTED_VARIABLES, HASH_CHECKS, Invocation, SHIM_VARIABLES};
use crate::startup::{self, Options, Resolution};
use crate::text::escape::escape;
use crate::text::file_url;
use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;

use super::args::{self, Call};
use super::output::Failure;
use super::target::{Target, TargetError};

/// A Python and how it is called.
pub struct Subject {
    /// The call, complete.
    pub invocation: Invocation,
    /// The same call without the variables that the arguments set and remove.
    pub unchanged: Invocation,
    /// What is known or assumed about the interpreter.
    pub options: Options,
    /// How the arguments were understood.
    pub notes: Vec<BString>,
    /// The variables that `--env` sets.
    pub assigned: Vec<String>,
}

/// What becomes of a name that is nowhere on `PATH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfound {
    /// The arguments are refused.
    Refused,
    /// It is reported that nothing can be executed, for programs that read the report.
    Reported,
}

/// Why the arguments describe no call of Python.
#[derive(Debug, Error)]
pub enum SubjectError {
    /// `--cwd` names no directory that can be entered.
    #[error("invalid value '{}' for '--cwd <DIR>': {reason}", escape(.path.as_bstr()))]
    Cwd { path: BString, reason: String },
    /// The working directory of this process is unknown.
    #[error("cannot determine the working directory: {0}")]
    NoCwd(HostError),
    /// No Python was found.
    #[error(transparent)]
    Target(#[from] TargetError),
}

impl Failure for SubjectError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Cwd { .. } => Vec::new(),
            Self::NoCwd(_) => vec!["set one with `--cwd DIR`".to_owned()],
            Self::Target(error) => error.help(),
        }
    }
}

impl Subject {
    /// The Python of the arguments, and from this machine what they leave open.
    pub fn from_arguments(host: &dyn Host, typed: &args::Subject, depth: Depth) -> Result<Self, SubjectError> {
        Self::on_machine(host, (typed.python.as_deref(), Unfound::Refused), &typed.call, depth)
    }

    /// The Python that `python` names, or the nearest one, on this machine.
    pub fn on_machine(
        host: &dyn Host,
        python: (Option<&OsStr>, Unfound),
        call: &Call,
        depth: Depth,
    ) -> Result<Self, SubjectError> {
        let mut invocation = Invocation::on(host, "").map_err(SubjectError::NoCwd)?;
        if depth != Depth::Startup {
            invocation.read_checked_variables(host);
        }
        let mut subject = Self {
            unchanged: invocation.clone(),
            invocation,
            options: Options::default(),
            notes: Vec::new(),
            assigned: Vec::new(),
        };
        subject.apply(host, call, depth)?;
        subject.find(host, python)?;
        Ok(subject)
    }

    /// The Python of a snapshot, with what the arguments override.
    pub fn from_snapshot(
        host: &dyn Host,
        snapshot: (Invocation, Options, Vec<BString>),
        python: (Option<&OsStr>, Unfound),
        call: &Call,
        depth: Depth,
    ) -> Result<Self, SubjectError> {
        let (invocation, options, notes) = snapshot;
        let mut subject = Self { unchanged: invocation.clone(), invocation, options, notes, assigned: Vec::new() };
        subject.apply(host, call, depth)?;
        if python.0.is_some() {
            subject.notes.clear();
            subject.find(host, python)?;
        }
        Ok(subject)
    }

    /// Everything but the executable.
    fn apply(&mut self, host: &dyn Host, typed: &Call, depth: Depth) -> Result<(), SubjectError> {
        let invocation = &mut self.invocation;
        typed.flags.apply(&mut invocation.flags);
        // Python's first option of a name counts, so that the arguments override those of a snapshot.
        let given = typed.options.iter().map(|option| BString::from(option.as_bytes()));
        invocation.options.splice(0..0, given);
        invocation.switches.extend(typed.flags.switches());
        invocation.switches.extend(typed.warnings.iter().map(|filter| bstr::concat([b"-W", filter.as_bytes()]).into()));
        if let Some(mode) = &typed.check_hash_based_pycs {
            invocation.switches.extend([HASH_CHECKS.into(), BString::from(mode.as_bytes())]);
        }
        if let Some(launch) = &typed.launch {
            invocation.launch = launch.clone();
        }
        if let Some(directory) = &typed.cwd {
            invocation.cwd = Some(enter(host, invocation.cwd.as_ref(), BStr::new(directory.as_bytes()))?);
        }
        self.unchanged.clone_from(invocation);
        if invocation.platform != Platform::Windows && names_locale(typed) {
            // The variables decide then, and no longer what was recorded.
            invocation.locale_encoding = None;
        }
        change_environment(invocation, typed, depth);
        let names = typed.env.iter().filter_map(|assignment| assignment.name.to_str());
        let names = names.map(|name| spelled(invocation.platform, name));
        self.assigned =
            names.filter(|name| depth == Depth::Startup || !CHECKED_VARIABLES.contains(&name.as_str())).collect();
        self.options.python_version = typed.python_version;
        Ok(())
    }

    /// What is to be said about variables that `--env` sets and that this start does not read.
    pub fn disregarded(&self, resolution: &Resolution) -> impl Iterator<Item = BString> {
        self.assigned.iter().filter_map(|name| {
            let reason = startup::disregarded(resolution, name)?;
            Some(format!("--env {name} has no effect: {reason}").into())
        })
    }

    fn find(&mut self, host: &dyn Host, (python, unfound): (Option<&OsStr>, Unfound)) -> Result<(), SubjectError> {
        let python = python.map(|python| BStr::new(python.as_bytes()));
        // Printed commands name so what no shell can be given otherwise.
        let path = python.and_then(file_url::to_path);
        let target = match Target::find(host, &self.invocation, path.as_ref().map(|it| it.as_bstr()).or(python)) {
            Err(TargetError::NotOnPath { name, .. }) if unfound == Unfound::Reported => {
                Target { executable: name, note: None }
            }
            found => found?,
        };
        self.unchanged.executable.clone_from(&target.executable);
        self.invocation.executable = target.executable;
        self.notes.extend(target.note);
        Ok(())
    }
}

/// Whether the arguments change a variable that the locale depends on.
fn names_locale(typed: &Call) -> bool {
    const NAMES: [&str; 5] = ["LANG", "LC_ALL", "LC_CTYPE", "PYTHONCOERCECLOCALE", "PYTHONUTF8"];
    let set = typed.env.iter().map(|assignment| &assignment.name);
    typed.clean_env
        || !typed.options.is_empty()
        || set.chain(&typed.unset).any(|name| NAMES.iter().any(|known| name == known))
}

/// The directory as `getcwd` would name it after a change into it: absolute, and without symlinks.
fn enter(host: &dyn Host, cwd: Option<&BString>, directory: &BStr) -> Result<BString, SubjectError> {
    let refuse = |reason: String| SubjectError::Cwd { path: directory.to_owned(), reason };
    let absolute = match cwd {
        _ if path::is_absolute(host.platform(), directory) => directory.to_owned(),
        Some(cwd) => path::concatenate(host.platform(), cwd.as_bstr(), directory),
        None => return Err(refuse("it is relative to a working directory that was removed".to_owned())),
    };
    let real = host.real_path(absolute.as_bstr()).map_err(|error| refuse(error.to_string()))?;
    match host.metadata(real.as_bstr()) {
        Ok(metadata) if metadata.kind == FileKind::Directory => Ok(real),
        Ok(_) => Err(refuse("not a directory".to_owned())),
        Err(error) => Err(refuse(error.to_string())),
    }
}

/// Applies `--clean-env`, `--unset` and `--env`, in this order, to the variables that startup consults.
fn change_environment(invocation: &mut Invocation, typed: &Call, depth: Depth) {
    let platform = invocation.platform;
    let environment = &mut invocation.environment;
    let is_known = |name: &&str| {
        CONSULTED_VARIABLES.contains(name)
            || SHIM_VARIABLES.contains(name)
            || depth != Depth::Startup && CHECKED_VARIABLES.contains(name)
    };
    if typed.clean_env {
        environment.clear();
    }
    for name in &typed.unset {
        if let Some(name) = name.to_str() {
            environment.remove(&spelled(platform, name));
        }
    }
    for assignment in &typed.env {
        let name = assignment.name.to_str().map(|name| spelled(platform, name));
        if let Some(name) = name.filter(|name| is_known(&name.as_str())) {
            environment.insert(name, assignment.value.as_bytes().into());
        }
    }
}

/// The name of a variable as startup names it: on Windows, case does not count.
fn spelled(platform: Platform, name: &str) -> String {
    if platform == Platform::Windows { name.to_uppercase() } else { name.to_owned() }
}
