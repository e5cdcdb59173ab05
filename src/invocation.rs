//! How Python is called: the executable as typed, flags, environment, working directory and launch.

use std::collections::BTreeMap;

use bstr::{BStr, BString, ByteSlice};

use crate::host::{Host, HostError, Platform, Process};

/// The command-line flags that startup consults, as the user gave them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-I`: neither environment variables nor user site nor an implicit first path entry.
    pub isolated: bool,
    /// `-E`: `PYTHON*` variables do not count.
    pub ignore_environment: bool,
    /// `-s`: no user site.
    pub no_user_site: bool,
    /// `-S`: `site` is not imported.
    pub no_site: bool,
    /// `-P` (3.11 on): no implicit first path entry.
    pub safe_path: bool,
}

/// The option that says when compiled modules are compared with the hash of their source.
pub const HASH_CHECKS: &str = "--check-hash-based-pycs";

/// What Python runs, which decides `sys.path[0]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Launch {
    /// `python -c …`.
    #[default]
    Command,
    /// `python -m NAME`.
    Module(BString),
    /// `python PATH`: a script, a directory or a zip file.
    Script(BString),
    /// `python` alone.
    Interactive,
}

/// The variables that the startup of some Python uses; no other is read or recorded.
pub const CONSULTED_VARIABLES: &[&str] = &[
    "APPDATA",
    "CONDA_DEFAULT_ENV",
    "CONDA_PREFIX",
    "HOME",
    "HOMEDRIVE",
    "HOMEPATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_AUDIT",
    "LD_BIND_NOW",
    "LD_DEBUG",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "LD_TRACE_LOADED_OBJECTS",
    "PATH",
    "PATHEXT",
    "PYTHONCASEOK",
    "PYTHONCOERCECLOCALE",
    "PYTHONDEBUG",
    "PYTHONDEVMODE",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONEXECUTABLE",
    "PYTHONFAULTHANDLER",
    "PYTHONHASHSEED",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONINTMAXSTRDIGITS",
    "PYTHONIOENCODING",
    "PYTHONLEGACYWINDOWSFSENCODING",
    "PYTHONLEGACYWINDOWSSTDIO",
    "PYTHONMALLOC",
    "PYTHONMALLOCSTATS",
    "PYTHONNODEBUGRANGES",
    "PYTHONNOUSERSITE",
    "PYTHONOLDPARSER",
    "PYTHONOPTIMIZE",
    "PYTHONPATH",
    "PYTHONPERFSUPPORT",
    "PYTHONPLATLIBDIR",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONPYCACHEPREFIX",
    "PYTHONSAFEPATH",
    "PYTHONSTARTUP",
    "PYTHONTRACEMALLOC",
    "PYTHONUNBUFFERED",
    "PYTHONUSERBASE",
    "PYTHONUTF8",
    "PYTHONVERBOSE",
    "PYTHONWARNDEFAULTENCODING",
    "PYTHONWARNINGS",
    "PYTHON_BASIC_REPL",
    "PYTHON_CONTEXT_AWARE_WARNINGS",
    "PYTHON_CPU_COUNT",
    "PYTHON_DISABLE_REMOTE_DEBUG",
    "PYTHON_FROZEN_MODULES",
    "PYTHON_GIL",
    "PYTHON_JIT",
    "PYTHON_LAZY_IMPORTS",
    "PYTHON_PATHCONFIG_WARNINGS",
    "PYTHON_PERF_JIT_SUPPORT",
    "PYTHON_PYMALLOC_HUGEPAGES",
    "PYTHON_THREAD_INHERIT_CONTEXT",
    "BETTER_EXCEPTIONS",
    "COLOREDLOGS_AUTO_INSTALL",
    "COVERAGE_PROCESS_CONFIG",
    "COVERAGE_PROCESS_START",
    "COV_CORE_SOURCE",
    "PYTHONHUNTER",
    "SETUPTOOLS_USE_DISTUTILS",
    "PEX_EXTRA_SYS_PATH",
    "RPM_BUILD_ROOT",
    "__PEX_EXTRA_SYS_PATH__",
    "USERPROFILE",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
];

/// What completes the name of a program where `PATHEXT` is not set.
const USUAL_ENDINGS: &str = ".com;.exe;.bat;.cmd";

/// The variables that only `check` reads: they decide what other tools do with the environment, or what the operating
/// system does with its programs.
pub const CHECKED_VARIABLES: &[&str] = &[
    "JUPYTER_DATA_DIR",
    "JUPYTER_PATH",
    "PIP_CONFIG_FILE",
    "PIP_PREFIX",
    "PIP_PYTHON",
    "PIP_ROOT",
    "PIP_TARGET",
    "PIP_USER",
    "UV_PROJECT_ENVIRONMENT",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

/// The variables that only the dynamic loader of macOS reads.
pub const DYLD_VARIABLES: &[&str] = &["DYLD_LIBRARY_PATH"];

/// The variables by which version managers choose what their shims start. They are kept only where a shim is followed.
pub const SHIM_VARIABLES: &[&str] = &[
    "ASDF_CONFIG_FILE",
    "ASDF_DATA_DIR",
    "ASDF_DEFAULT_TOOL_VERSIONS_FILENAME",
    "ASDF_PYTHON_VERSION",
    "ASDF_TOOL_VERSIONS_FILENAME",
    "MISE_CEILING_PATHS",
    "MISE_CONFIG_DIR",
    "MISE_DATA_DIR",
    "MISE_DEFAULT_CONFIG_FILENAME",
    "MISE_DEFAULT_TOOL_VERSIONS_FILENAME",
    "MISE_ENV",
    "MISE_GLOBAL_CONFIG_FILE",
    "MISE_IDIOMATIC_VERSION_FILE",
    "MISE_IDIOMATIC_VERSION_FILE_DISABLE_TOOLS",
    "MISE_IDIOMATIC_VERSION_FILE_ENABLE_TOOLS",
    "MISE_IGNORED_CONFIG_PATHS",
    "MISE_NO_CONFIG",
    "MISE_OVERRIDE_CONFIG_FILENAMES",
    "MISE_OVERRIDE_TOOL_VERSIONS_FILENAMES",
    "MISE_PYTHON_VERSION",
    "MISE_SYSTEM_CONFIG_DIR",
    "PYENV_DIR",
    "PYENV_VERSION",
];

/// Everything that the caller of Python decides.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Invocation {
    /// `argv[0]`, exactly as typed.
    pub executable: BString,
    /// The operating system.
    pub platform: Platform,
    /// The working directory; none where it has been removed.
    pub cwd: Option<BString>,
    /// Flags of the command line.
    pub flags: Flags,
    /// What is run.
    pub launch: Launch,
    /// The consulted variables that are set.
    pub environment: BTreeMap<String, BString>,
    /// User and group of the process.
    pub process: Process,
    /// The `-X` options in the order given, each as `NAME` or `NAME=VALUE`.
    pub options: Vec<BString>,
    /// The other words that were given: `-R`, `-WFILTER`, or `--check-hash-based-pycs` and its mode. None of them decides
    /// a path.
    pub switches: Vec<BString>,
    /// The encoding of the locale, if a snapshot contains it or the host knows it; otherwise the variables decide.
    pub locale_encoding: Option<String>,
}

impl Invocation {
    /// The same with these flags of the command line.
    #[must_use]
    pub fn with_flags(self, flags: Flags) -> Self {
        Self { flags, ..self }
    }

    /// The same, running something else than `-c`.
    #[must_use]
    pub fn with_launch(self, launch: Launch) -> Self {
        Self { launch, ..self }
    }

    /// The same in another working directory.
    #[must_use]
    pub fn with_cwd(self, cwd: impl Into<BString>) -> Self {
        Self { cwd: Some(cwd.into()), ..self }
    }

    /// The same with a variable set.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<BString>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// `executable -c …` from the working directory and with the environment of the host.
    ///
    /// # Errors
    /// Where the host cannot say which variables are set; a removed working directory is no error.
    pub fn on(host: &dyn Host, executable: impl Into<BString>) -> Result<Self, HostError> {
        let of_dyld = if host.platform() == Platform::Macos { DYLD_VARIABLES } else { &[] };
        let environment = host.variables(&[CONSULTED_VARIABLES, SHIM_VARIABLES, of_dyld].concat());
        let cwd = match host.current_dir() {
            Ok(cwd) => Some(cwd),
            Err(HostError::NotFound) => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            executable: executable.into(),
            platform: host.platform(),
            cwd,
            flags: Flags::default(),
            launch: Launch::default(),
            environment,
            process: host.process(),
            options: Vec::new(),
            switches: Vec::new(),
            locale_encoding: host.locale_encoding(),
        })
    }

    /// Reads the variables that `check` needs beyond those of startup.
    pub fn read_checked_variables(&mut self, host: &dyn Host) {
        self.environment.extend(host.variables(CHECKED_VARIABLES));
    }

    /// Whether a flag without a value was given, such as `-R`.
    pub fn has_switch(&self, flag: &str) -> bool {
        self.switches.iter().any(|switch| switch == flag)
    }

    /// The filters of warnings that `-W` gives, in order.
    pub fn warning_filters(&self) -> impl Iterator<Item = &BStr> {
        self.switches.iter().filter_map(|switch| switch.strip_prefix(b"-W")).map(BStr::new)
    }

    /// The endings with which a shell of Windows completes the name of a program, in its order; none on other systems.
    pub fn program_endings(&self) -> impl Iterator<Item = BString> {
        let list = match self.platform {
            Platform::Windows => {
                self.variable("PATHEXT").filter(|list| !list.is_empty()).unwrap_or(USUAL_ENDINGS.into())
            }
            Platform::Linux | Platform::Macos => BStr::new(""),
        };
        let endings = list.split(|&byte| byte == b';').filter(|ending| ending.starts_with(b"."));
        endings.map(|ending| ending.to_ascii_lowercase().into())
    }

    /// The value of a variable, empty or not.
    pub fn variable(&self, name: &str) -> Option<&BStr> {
        self.environment.get(name).map(|value| value.as_bstr())
    }
}
