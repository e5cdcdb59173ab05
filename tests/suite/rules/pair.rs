//! A rule with the two environments that show it.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use venv_doctor::internals::invocation::Launch;

use crate::rules::cast::Role;
use crate::support::stage::Stage;

/// The interpreter that is examined, and how it is started.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The executable, as typed.
    pub python: PathBuf,
    /// The working directory; the stage itself where none is given.
    pub cwd: Option<PathBuf>,
    /// Variables beyond `PATH` and `HOME`.
    pub variables: BTreeMap<&'static str, String>,
    /// Whether the working directory was removed.
    pub is_cwd_removed: bool,
    /// What it runs.
    pub launch: Launch,
    /// The `-X` options.
    pub options: Vec<&'static str>,
}

impl Subject {
    /// The executable alone, with nothing but `PATH` and `HOME`.
    pub fn of(python: impl Into<PathBuf>) -> Self {
        Self { python: python.into(), ..Self::default() }
    }

    /// With a `-X` option.
    pub fn option(mut self, option: &'static str) -> Self {
        self.options.push(option);
        self
    }

    /// With another launch.
    pub fn launched(mut self, launch: Launch) -> Self {
        self.launch = launch;
        self
    }

    /// With a variable.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.insert(name, value.into());
        self
    }
}

impl Stage<'_> {
    /// A new environment, as `python -m venv` creates it, to be examined.
    pub fn sound(&self) -> io::Result<Subject> {
        Ok(Subject::of(self.venv(&[])?))
    }
}

/// Why an environment could not be made.
pub enum Unmade {
    /// It cannot be made on this machine.
    NotHere(String),
    /// It should have been possible.
    Failed(io::Error),
}

impl From<io::Error> for Unmade {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// What a builder returns.
pub type Made = Result<Subject, Unmade>;

/// Makes an environment on an empty stage.
pub type Builder = for<'s, 'p> fn(&'s Stage<'p>) -> Made;

/// Whether the printed fix can be followed here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The commands are run as printed; then the interpreter starts, and the finding is gone.
    ByCommands,
    /// The commands cannot be run here, or there are none, for this reason.
    NotHere(&'static str),
}

/// Where the two environments come from.
pub enum Source {
    /// They are made with a real interpreter.
    Made {
        /// Which one.
        plays: Role,
        /// Makes the one in which the rule finds something.
        fails: Builder,
        /// Makes its twin, which differs as little as possible, and in which the rule finds nothing.
        passes: Builder,
    },
    /// They exist only as snapshots in `fixtures/rules/`, for this reason.
    Written(&'static str),
}

/// A rule and the environments that show it.
pub struct Pair {
    /// The rule.
    pub code: &'static str,
    /// The environments.
    pub source: Source,
    /// Whether the printed fix is followed. Where this is set, the finding is the first one of the report; none where
    /// the rule is about something that other findings may come before.
    pub fixed: Option<Fixed>,
}
