//! Which Python is this? The answer comes from reading files, never from running them, each fact with its evidence.

mod build;
mod case;
mod conda;
mod cpython;
pub mod dependencies;
mod elf;
mod emulation;
mod headers;
mod identify;
mod image;
mod installation;
mod lacking;
mod launcher;
mod ld_cache;
mod library_header;
mod linking;
mod links;
mod loader;
mod loader_variables;
mod macho;
mod magic;
mod musl;
mod names;
mod needs;
mod other;
mod pe;
mod portrait;
mod problem;
mod program_loader;
#[cfg(feature = "internals")]
pub mod readers;
mod scan;
mod script;
mod secure_execution;
pub mod shared_object;
mod sysconfigdata;
mod tables;
mod version;

use std::borrow::Cow;

use bstr::BString;

use crate::host::ProgramKind;

pub(crate) use build::{build_id, define};
pub use conda::conda_version;
pub use identify::{identify, recognize};
pub use lacking::lacking;
pub use launcher::read as read_launcher;
pub use loader_variables::LoaderVariables;
pub use magic::{magic, release_of_magic, source_hash};
pub use names::is_python;
pub use problem::Wanted;
pub use tables::{FrozenModule, ModuleTables, extension_suffixes, module_tables};
pub use version::{Level, Version, VersionError};

/// Which program implements the language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Implementation {
    /// The reference implementation, the one that is simulated.
    CPython,
    /// `PyPy`.
    PyPy,
    /// `GraalPy`.
    GraalPy,
    /// Another one, of which a snapshot tells only the name.
    Other(String),
    /// Unknown.
    Unknown,
}

impl Implementation {
    /// The name used in both JSON documents.
    pub fn name(&self) -> &str {
        match self {
            Self::CPython => "cpython",
            Self::PyPy => "pypy",
            Self::GraalPy => "graalpy",
            Self::Other(name) => name,
            Self::Unknown => "unknown",
        }
    }

    /// The name as it is usually written.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program has a report"))]
    pub(crate) fn title(&self) -> &str {
        match self {
            Self::CPython => "CPython",
            Self::PyPy => "PyPy",
            Self::GraalPy => "GraalPy",
            other => other.name(),
        }
    }

    /// The implementation of that name.
    pub fn named(name: &str) -> Self {
        let known = [Self::CPython, Self::PyPy, Self::GraalPy, Self::Unknown];
        known.into_iter().find(|known| known.name() == name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

/// Who built it, where that changes what startup does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vendor {
    /// As released by the project itself.
    Upstream,
    /// Debian and its derivatives, whose `site` looks for `dist-packages`.
    Debian,
    /// Fedora and its derivatives, whose `site` looks into `/usr/local` as well.
    Fedora,
    /// Relocatable builds whose compiled-in prefix is `/install`.
    PythonBuildStandalone,
    /// Another one, named by a snapshot, whose builds start as those of the project do.
    Other(String),
    /// Unknown.
    Unknown,
}

impl Vendor {
    /// The name used in both JSON documents.
    pub fn name(&self) -> &str {
        match self {
            Self::Upstream => "upstream",
            Self::Debian => "debian",
            Self::Fedora => "fedora",
            Self::PythonBuildStandalone => "python-build-standalone",
            Self::Other(name) => name,
            Self::Unknown => "unknown",
        }
    }

    /// The vendor of that name.
    pub fn named(name: &str) -> Self {
        let known = [Self::Upstream, Self::Debian, Self::Fedora, Self::PythonBuildStandalone, Self::Unknown];
        known.into_iter().find(|known| known.name() == name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

/// What the build wrote into the binary; `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Compiled {
    /// `PREFIX`.
    pub prefix: Option<BString>,
    /// `EXEC_PREFIX`.
    pub exec_prefix: Option<BString>,
    /// `PLATLIBDIR`: `lib` or `lib64`.
    pub platlibdir: Option<BString>,
    /// The `PYTHONPATH` macro (`:` in 3.6, empty later).
    pub pythonpath: Option<BString>,
    /// `VPATH`: from the build directory to the sources.
    pub vpath: Option<BString>,
    /// `t` in free-threaded builds, else empty.
    pub abi_thread: Option<BString>,
    /// The framework's name in macOS framework builds.
    pub framework: Option<BString>,
    /// `sys.winver` on Windows.
    pub winver: Option<BString>,
}

/// Where a fact was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Fact {
    /// The fact's key in the report, such as `version` or `compiled.prefix`.
    pub fact: Cow<'static, str>,
    /// Its value.
    pub value: BString,
    /// Where it was read, in words that name the file.
    pub from: BString,
}

/// What is known about the interpreter.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Interpreter {
    /// Which program implements the language.
    pub implementation: Implementation,
    /// The version, to the micro version if that is known.
    pub version: Option<Version>,
    /// Who built it.
    pub vendor: Vendor,
    /// What the build wrote into the binary.
    pub compiled: Compiled,
    /// The suffix of its extension modules, such as `.cpython-312-x86_64-linux-gnu.so` (`EXT_SUFFIX`).
    pub extension_suffix: Option<BString>,
    /// The shared object that holds the interpreter, as `dladdr` would name it; none in static builds.
    pub library: Option<BString>,
    /// The process's file according to the operating system (Windows and macOS).
    pub real_executable: Option<BString>,
    /// The tables of modules in its binary, where they were recorded; otherwise they are read when they are needed.
    pub module_tables: Option<Box<ModuleTables>>,
    /// Where each fact was read.
    pub evidence: Vec<Fact>,
}

impl Interpreter {
    /// An interpreter of which nothing is known.
    pub fn unknown() -> Self {
        Self {
            implementation: Implementation::Unknown,
            version: None,
            vendor: Vendor::Unknown,
            compiled: Compiled::default(),
            extension_suffix: None,
            library: None,
            real_executable: None,
            module_tables: None,
            evidence: Vec::new(),
        }
    }

    /// `sys.winver`, the name under which the registry of Windows knows it.
    pub fn winver(&self) -> BString {
        let by_version = || self.version.map(|version| version.short().into());
        self.compiled.winver.clone().or_else(by_version).unwrap_or_default()
    }

    /// `PYDEBUGEXT`: on Windows, debug builds mark the names of their files with `_d`, and are recognized by that.
    pub fn debug_suffix(&self) -> &'static str {
        let files = [&self.library, &self.real_executable];
        let is_debug = files.into_iter().flatten().any(|file| {
            let name = file.to_ascii_lowercase();
            name.ends_with(b"_d.dll") || name.ends_with(b"_d.exe")
        });
        if is_debug { "_d" } else { "" }
    }
}

/// One symlink of the chain from the path as typed to the file that the operating system executes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Hop {
    /// The symlink.
    pub path: BString,
    /// Its target, as written.
    pub target: BString,
}

/// A well-known kind of script that starts another Python under its own path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Shim {
    /// pyenv.
    Pyenv,
    /// asdf.
    Asdf,
    /// mise (formerly rtx).
    Mise,
    /// The programs of macOS in `/usr/bin` that start those of the developer tools.
    DeveloperTools,
}

/// Why the path does not start a Python, or not directly.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing is there.
    Missing,
    /// A symlink leads nowhere: the hop whose target is missing.
    DanglingLink {
        /// The symlink that dangles.
        link: BString,
        /// What it names.
        target: BString,
        /// The nearest parent of the target that does exist.
        nearest: Option<BString>,
    },
    /// Symlinks form a loop.
    LinkLoop,
    /// A directory.
    Directory,
    /// A pipe, a socket or a device.
    NotAFile,
    /// A parent directory may not be entered.
    Unreachable {
        /// The directory that may not be entered.
        path: BString,
    },
    /// No execution bit, or none for this user.
    NotExecutable,
    /// An empty file.
    Empty,
    /// A text file whose content is a path: a symlink that was turned into a file on the way.
    TextLink {
        /// The path in the text.
        target: BString,
    },
    /// A text file that starts with `#!`.
    Script {
        /// The program named after `#!`.
        interpreter: BString,
        /// The kind of shim, where known.
        shim: Option<Shim>,
        /// The interpreter that it seems to start, if that is known.
        real: Option<BString>,
        /// Whether the program named after `#!` exists.
        interpreter_exists: bool,
    },
    /// Not a format that the operating system executes.
    NotAProgram,
    /// A program that is shorter than its headers say.
    Truncated,
    /// A program for another processor.
    WrongArchitecture {
        /// What the file is built for, in words.
        built_for: String,
    },
    /// A program for another operating system (Mach-O, PE).
    WrongSystem {
        /// The format's name.
        format: Cow<'static, str>,
    },
    /// The dynamic loader that the program names is missing.
    MissingLoader {
        /// The loader's path.
        loader: BString,
    },
    /// A shared library that the program needs is missing.
    MissingLibrary {
        /// The library's name.
        library: BString,
        /// The directories that were searched, in order.
        searched: Vec<BString>,
        /// Whether it is musl's loader that misses it.
        is_musl: bool,
        /// The executable or the library that needs it, where that is known.
        needed_by: Option<BString>,
    },
    /// The dynamic loader that the program names is there, but cannot be started.
    BadLoader {
        /// The loader's path.
        loader: BString,
        /// What is wrong with it, in words.
        flaw: Cow<'static, str>,
        /// The error of the kernel, such as `ELIBBAD`; none where the process ends with a signal.
        error: Option<Cow<'static, str>>,
    },
    /// A library that is there, but may not be used by a program with the rights of somebody else.
    ForbiddenLibrary {
        /// The library's name.
        library: BString,
        /// The file that would be found without these rights.
        found: BString,
        /// Why the program has these rights, in words.
        why: BString,
    },
    /// A symbol that is needed is defined by no library.
    MissingSymbol {
        /// Its name.
        symbol: BString,
        /// Its version.
        version: Option<BString>,
        /// The executable or the library that needs it.
        needed_by: BString,
        /// Whether it is musl's loader that misses it.
        is_musl: bool,
    },
    /// A variable makes the dynamic loader print something instead of running the program.
    OnlyListed {
        /// The variable.
        variable: Cow<'static, str>,
    },
    /// Whether the dynamic loader can start the program is not known.
    LoadingUnknown {
        /// The file that it depends on.
        object: BString,
        /// Why, in words.
        why: Cow<'static, str>,
    },
    /// The library that the loader finds is not valid, and the loader stops at it.
    BadLibrary {
        /// The file that it finds.
        library: BString,
        /// What the loader says of it; none where a signal ends the process, and nothing is printed.
        complaint: Option<Cow<'static, str>>,
        /// How it was asked for, where musl's loader says that.
        wanted: Option<Wanted>,
    },
    /// A library that the loader finds does not define a version of its symbols that is needed.
    MissingVersion {
        /// The file that it finds.
        library: BString,
        /// The version, such as `GLIBC_2.38`.
        version: BString,
        /// The executable or the library that needs it.
        needed_by: BString,
    },
    /// A program, but not a Python.
    NotPython,
    /// A program that starts a Python inside itself, with a configuration of its own.
    EmbedsPython {
        /// The library of that Python.
        library: BString,
    },
}

/// What is known about an executable.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Identification {
    /// The symlinks from the given path to the file, in order.
    pub hops: Vec<Hop>,
    /// The file that the symlinks lead to (`realpath(3)`), if there is one.
    pub file: Option<BString>,
    /// The kind of program, if the host knows it.
    pub program: Option<ProgramKind>,
    /// Why it does not start a Python, if it does not.
    pub problem: Option<Problem>,
    /// What is known about the interpreter.
    pub interpreter: Interpreter,
    /// The version of the redirector of `venv` that starts the interpreter, where one does.
    pub redirector: Option<Version>,
}
