//! The record of a resolution: values with their provenance, steps, startup code, messages, outcome.
//!
//! Everything that is shown comes from this record, and nothing shown is computed a second time.

use bstr::BString;

use super::behaviors::Behavior;
use super::command::Command;
use super::configuration::RefusedSetting;
use super::steps::StepId;
use crate::host::{Lookup, Op};
use crate::interpreter::{Identification, Version};
use crate::invocation::Invocation;

/// The part of startup to which a step belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Phase {
    /// Which file is started, and which Python it is.
    Executable,
    /// Which flags and variables count.
    Environment,
    /// Is this a virtual environment?
    Venv,
    /// What are the prefix and the exec prefix?
    Prefix,
    /// What does the path configuration put on `sys.path`?
    Path,
    /// What does `site` add?
    Site,
    /// What do `.pth` and `.start` files add or run?
    Pth,
    /// Which customization modules run?
    Customize,
}

impl Phase {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Executable => "executable",
            Self::Environment => "environment",
            Self::Venv => "venv",
            Self::Prefix => "prefix",
            Self::Path => "path",
            Self::Site => "site",
            Self::Pth => "pth",
            Self::Customize => "customize",
        }
    }
}

/// A value that a step decided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Value {
    /// Python's `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// A string.
    Text(BString),
    /// A list of strings.
    List(Vec<BString>),
}

/// One element of the explanation.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Step {
    /// The number within this resolution, from 1.
    pub number: usize,
    /// The part of startup.
    pub phase: Phase,
    /// What the step is about, in a few words.
    pub title: &'static str,
    /// What was found, what was decided, and why; whole sentences with the real paths.
    pub detail: BString,
    /// The stable name, such as `getpath.venv.home`.
    pub id: StepId,
    /// The upstream file and function, and the versions to which they apply.
    pub source: String,
    /// The issues that brought the behavior of this version, such as `bpo-45582`.
    pub issues: Vec<&'static str>,
    /// Every file-system lookup of this step, in Python's order.
    pub lookups: Vec<Lookup>,
    /// What the step decided: name (as in `sys`, such as `sys.prefix`) and value, in order.
    pub sets: Vec<(&'static str, Value)>,
}

/// Whether Python runs the user's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Status {
    /// It does, or nothing is known against it.
    Starts,
    /// The operating system or the dynamic loader cannot start the file.
    FailsToExecute,
    /// Python fails to start: it ends before it runs the user's code.
    FailsToInitialize,
    /// It is something whose startup is not simulated: another program, or an implementation or release that is not
    /// known. Whether it starts is not claimed.
    NotSimulated,
}

impl Status {
    /// Whether it is known that the launched code is not reached.
    pub fn fails(self) -> bool {
        matches!(self, Self::FailsToExecute | Self::FailsToInitialize)
    }

    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::FailsToExecute => "fails-to-execute",
            Self::FailsToInitialize => "fails-to-initialize",
            Self::NotSimulated => "not-simulated",
        }
    }

    /// What becomes of a Python, in a few words: `not simulated`.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program has a report"))]
    pub(crate) fn verdict(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::FailsToExecute => "cannot be executed",
            Self::FailsToInitialize => "fails to start",
            Self::NotSimulated => "not simulated",
        }
    }

    /// The same as the predicate of a sentence: `is not simulated`.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program has a report"))]
    pub(crate) fn predicate(self) -> &'static str {
        if self == Self::NotSimulated { "is not simulated" } else { self.verdict() }
    }
}

/// Whether Python starts, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Outcome {
    /// Whether it starts.
    pub status: Status,
    /// Why not, or what limits the answer.
    pub reason: Option<BString>,
    /// The identifier of the step that decided a failure.
    pub step: Option<usize>,
}

/// Who reads `pyvenv.cfg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The path configuration.
    Getpath,
    /// The `site` module.
    Site,
}

impl Reader {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Getpath => "getpath",
            Self::Site => "site",
        }
    }
}

/// A line of `pyvenv.cfg` that has an equals sign.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct CfgEntry {
    /// The line number, from 1.
    pub line: usize,
    /// The text before the first `=`, stripped.
    pub key: BString,
    /// The text after it, stripped.
    pub value: BString,
    /// The whole line, without its end.
    pub text: BString,
    /// Who took a value from this line.
    pub used_by: Vec<Reader>,
}

/// A place where `pyvenv.cfg` was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct CfgCandidate {
    /// The path that was tried.
    pub path: BString,
    /// Whether that reader took it.
    pub found: bool,
    /// Who tried it.
    pub stage: Reader,
}

/// The `pyvenv.cfg` that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct PyvenvCfg {
    /// Its path: that which `site` reads, or where `site` reads none, that which the path configuration read.
    pub path: BString,
    /// Its lines, as `site` takes them apart.
    pub entries: Vec<CfgEntry>,
    /// Every place tried, in order.
    pub candidates: Vec<CfgCandidate>,
}

/// Why an entry is on `sys.path`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The implicit first entry.
    Launch,
    /// `PYTHONPATH`.
    PythonPath,
    /// The zip file of the standard library.
    Zip,
    /// The standard library.
    Stdlib,
    /// Its extension modules.
    PlatStdlib,
    /// The `PYTHONPATH` macro of the build.
    CompiledPythonPath,
    /// The Windows registry.
    Registry,
    /// The directory of the executable (Windows).
    ExecutableDir,
    /// A `._pth` file.
    UnderPth,
    /// A site-packages or dist-packages directory.
    SitePackages,
    /// The user's own site-packages.
    UserSite,
    /// A line of a `.pth` file.
    PthFile,
}

impl Origin {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launch => "launch",
            Self::PythonPath => "PYTHONPATH",
            Self::Zip => "zip",
            Self::Stdlib => "stdlib",
            Self::PlatStdlib => "platstdlib",
            Self::CompiledPythonPath => "compiled-pythonpath",
            Self::Registry => "registry",
            Self::ExecutableDir => "executable-dir",
            Self::UnderPth => "_pth-file",
            Self::SitePackages => "site-packages",
            Self::UserSite => "user-site",
            Self::PthFile => "pth-file",
        }
    }
}

/// The line of a file that put an entry on `sys.path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginFile {
    /// The `.pth` or `._pth` file.
    pub file: BString,
    /// The line, from 1.
    pub line: usize,
}

/// An entry of `sys.path`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct PathEntry {
    /// Exactly what Python would hold.
    pub value: BString,
    /// Why it is there.
    pub origin: Origin,
    /// Whether it exists; `""` means the working directory.
    pub exists: bool,
    /// The step that put it there.
    pub step: usize,
    /// The file and line that named it, where one did.
    pub file: Option<OriginFile>,
}

/// An attribute that may be missing altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unset<T> {
    /// The run has no such attribute.
    Absent,
    /// It has, with this value.
    Set(T),
}

/// What `sys` would show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct SysValues {
    /// `sys.executable`.
    pub executable: BString,
    /// `sys._base_executable`; none where this version has no such attribute.
    pub base_executable: Option<BString>,
    /// `sys.prefix`.
    pub prefix: BString,
    /// `sys.exec_prefix`.
    pub exec_prefix: BString,
    /// `sys.base_prefix`.
    pub base_prefix: BString,
    /// `sys.base_exec_prefix`.
    pub base_exec_prefix: BString,
    /// `sys._home`, which `site` sets; absent under `-S`.
    pub home: Unset<Option<BString>>,
    /// `sys.platlibdir` (3.9 on).
    pub platlibdir: Option<BString>,
    /// `sys._stdlib_dir` (3.11 on).
    pub stdlib_dir: Option<BString>,
    /// `sys.path`.
    pub path: Vec<PathEntry>,
}

/// What the `site` module would hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct SiteValues {
    /// Whether it is imported.
    pub enabled: bool,
    /// `site.ENABLE_USER_SITE`.
    pub enable_user_site: Option<bool>,
    /// `site.USER_BASE`.
    pub user_base: Option<BString>,
    /// `site.USER_SITE`.
    pub user_site: Option<BString>,
    /// `site.PREFIXES`.
    pub prefixes: Vec<BString>,
    /// The modules that would be imported last.
    pub customize: Customize,
}

/// The files of the customization modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Customize {
    /// `sitecustomize`.
    pub sitecustomize: Option<BString>,
    /// `usercustomize`.
    pub usercustomize: Option<BString>,
}

/// The kind of code that startup runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HookKind {
    /// An `import` line of a `.pth` file.
    PthImport,
    /// A line of a `.start` file.
    StartEntryPoint,
    /// The module `sitecustomize`.
    Sitecustomize,
    /// The module `usercustomize`.
    Usercustomize,
}

impl HookKind {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::PthImport => "pth-import",
            Self::StartEntryPoint => "start-entry-point",
            Self::Sitecustomize => "sitecustomize",
            Self::Usercustomize => "usercustomize",
        }
    }
}

/// Code that startup would execute beyond the standard library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Hook {
    /// Its kind.
    pub kind: HookKind,
    /// The file that holds it.
    pub file: BString,
    /// The line, from 1, where the file holds several.
    pub line: Option<usize>,
    /// The line's text; none for modules.
    pub code: Option<BString>,
    /// What the code is known to do, where it is recognized.
    pub known: Option<&'static str>,
    /// Whether it only imports modules, so that running it again does nothing.
    pub only_imports: bool,
    /// The step that would run it.
    pub step: usize,
}

/// Why, and from which step on, the result is not certain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// Code runs that could change anything.
    Code {
        /// The file that holds it.
        file: BString,
        /// Its line, where one line is meant.
        line: Option<usize>,
        /// The code, or why its effects cannot be predicted.
        text: BString,
        /// The step in which it runs.
        step: usize,
    },
    /// A compiled-in value is needed and unknown: its name in the report.
    Compiled(&'static str),
    /// The host could not answer a lookup, because a snapshot does not contain the answer.
    Unanswered {
        /// The path that was looked up.
        path: BString,
        /// The kind of lookup.
        op: Op,
        /// The step that looked it up.
        step: usize,
    },
    /// The version is newer than every release that is known; the newest of them stands in for it.
    Newer {
        /// The version.
        version: Version,
        /// The version whose behavior is taken.
        stand_in: Version,
        /// The step in which that was decided.
        step: usize,
    },
    /// A behavior depends on the micro version, which is unknown; the newest is assumed.
    Micro(Behavior),
}

/// A path that a line of a `.pth` file names and that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct MissingPath {
    /// The file.
    pub file: BString,
    /// The line, from 1.
    pub line: usize,
    /// The path.
    pub path: BString,
    /// The step that looked it up.
    pub step: usize,
}

/// What goes wrong with a line, or with a whole file, of startup code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An import line needs a top-level module that is nowhere on `sys.path`: its name.
    MissingModule(String),
    /// An import line, or a customization module (with its line), is not valid Python in this release.
    Syntax(Option<usize>),
    /// An import line raises an exception: as a traceback shows it.
    Raises(String),
    /// An import line reads the local variable `sitedir`, which this release does not have.
    SitedirGone,
    /// A path holds a NUL byte.
    NulByte,
    /// A line of a `.start` file does not have the form `package.module:callable`.
    EntryPointForm,
    /// A line of a `.start` file names a top-level module that is nowhere on `sys.path`: its name.
    EntryPointModule(String),
    /// A line of a `.start` file names something that its module or package does not have.
    EntryPointObject {
        /// The name, such as `package.module` or `package.module:function`.
        name: String,
        /// The file that would have to have it.
        source: BString,
    },
    /// The code ends the process: the exception as a traceback shows it, or the call that does it.
    Exits(String),
    /// The file cannot be decoded, which is fatal: the exception.
    Undecodable(String),
    /// The file is not a regular file, and Python would wait for its content forever.
    Blocks,
}

impl Fault {
    /// Whether Python fails to start because of it.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Exits(_) | Self::Undecodable(_) | Self::Blocks)
    }
}

/// A line, or a whole file, of startup code that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Failure {
    /// The file.
    pub file: BString,
    /// The line, from 1, where one line is meant.
    pub line: Option<usize>,
    /// What goes wrong.
    pub fault: Fault,
    /// The step in which it fails.
    pub step: usize,
}

/// What is wrong with the file of a module that startup imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportFault {
    /// It hides the module of the standard library, and startup fails with it.
    Hides,
    /// It hides the module of the standard library, and startup goes on without the original.
    Replaces,
    /// It hides the module of the standard library, and only running it would tell whether startup fails.
    MayReplace,
    /// It does not exist.
    Missing,
    /// It is compiled code of another release, or none at all.
    BadMagic,
    /// It is compiled code whose end is missing.
    CutBytecode,
    /// Its source cannot be imported, or lacks what startup takes from it.
    DamagedSource,
    /// It is that of a later micro release, which the interpreter calls in another way.
    OfAnotherMicro,
}

impl ImportFault {
    /// Whether Python fails to start because of it.
    pub fn is_fatal(self) -> bool {
        !matches!(self, Self::Replaces | Self::MayReplace)
    }

    /// Whether the file is found before the standard library, and is no part of it.
    pub fn is_hiding(self) -> bool {
        matches!(self, Self::Hides | Self::Replaces | Self::MayReplace)
    }
}

/// A module that startup imports, and that is not as the standard library has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// The module.
    pub module: &'static str,
    /// The file, or where it should be.
    pub file: BString,
    /// What is wrong with it.
    pub fault: ImportFault,
    /// The exception that follows, as a traceback shows it, where it is known.
    pub exception: Option<BString>,
    /// The entry of `sys.path`, where the file hides the module of the standard library.
    pub entry: Option<(BString, Origin)>,
    /// The step in which it is imported.
    pub step: usize,
}

/// The whole record of one resolution.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Resolution {
    /// How Python is called.
    pub invocation: Invocation,
    /// How the command led to that call, where it is not itself the interpreter.
    pub command: Option<Command>,
    /// Which Python it is.
    pub identification: Identification,
    /// Whether Python starts, and if not, why.
    pub outcome: Outcome,
    /// The `pyvenv.cfg` that decided; where the interpreter cannot be executed, the one that Python would read.
    pub pyvenv_cfg: Option<PyvenvCfg>,
    /// The values of `sys`; none if Python failed before it computed them.
    pub sys: Option<SysValues>,
    /// The values of `site`; none if they were not computed.
    pub site: Option<SiteValues>,
    /// The code that startup would execute, in order.
    pub startup: Vec<Hook>,
    /// What Python would print on standard error, without traceback bodies.
    pub messages: Vec<BString>,
    /// The explanation.
    pub steps: Vec<Step>,
    /// Why the result is not certain.
    pub doubts: Vec<Doubt>,
    /// Paths that `.pth` lines name and that do not exist.
    pub missing: Vec<MissingPath>,
    /// Startup code that goes wrong, in the order in which Python meets it.
    pub failures: Vec<Failure>,
    /// Values of variables and options that Python does not accept.
    pub refused: Vec<RefusedSetting>,
    /// Modules that startup imports and that are not as the standard library has them.
    pub imports: Vec<ImportProblem>,
}

impl Resolution {
    /// Whether a step was taken.
    pub fn has_step(&self, id: StepId) -> bool {
        self.steps.iter().any(|step| step.id == id)
    }

    /// Whether this is an environment of virtualenv before 20, which has no `pyvenv.cfg`: its own `site.py` runs.
    pub fn is_old_virtualenv(&self) -> bool {
        self.has_step(StepId::VirtualenvRealPrefix)
    }
}

impl Resolution {
    /// What was typed: the command, or the interpreter itself.
    pub fn typed(&self) -> &BString {
        self.command.as_ref().map_or(&self.invocation.executable, |command| &command.typed)
    }
}
