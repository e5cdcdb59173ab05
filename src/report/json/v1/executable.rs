//! The file that would be started, the symlinks to it, and why it does not start a Python.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::{Text, optional, texts};
use crate::interpreter::{Hop, Identification, Problem, Shim};

/// The file that would be started.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Executable")]
pub(super) struct ExecutableReport<'a> {
    /// The symlinks from the path as typed to the file.
    hops: Vec<HopReport<'a>>,
    /// The file at the end of the symlinks; null where there is none.
    file: Option<Text<'a>>,
    /// Why it does not start a Python, or not directly; null where it does.
    problem: Option<ProblemReport<'a>>,
}

impl<'a> From<&'a Identification> for ExecutableReport<'a> {
    fn from(identification: &'a Identification) -> Self {
        Self {
            hops: each(&identification.hops),
            file: optional(identification.file.as_ref()),
            problem: identification.problem.as_ref().map(Into::into),
        }
    }
}

/// A symlink.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hop")]
struct HopReport<'a> {
    path: Text<'a>,
    /// The target, as written.
    target: Text<'a>,
}

impl<'a> From<&'a Hop> for HopReport<'a> {
    fn from(hop: &'a Hop) -> Self {
        Self { path: (&hop.path).into(), target: (&hop.target).into() }
    }
}

/// Why a path does not start a Python, or not directly.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ProblemReport<'a> {
    Missing,
    DanglingLink {
        link: Text<'a>,
        target: Text<'a>,
        /// The nearest parent of the target that exists.
        nearest: Option<Text<'a>>,
    },
    LinkLoop,
    Directory,
    NotAFile,
    Unreachable {
        path: Text<'a>,
    },
    NotExecutable,
    Empty,
    TextLink {
        target: Text<'a>,
    },
    Script {
        interpreter: Text<'a>,
        #[schemars(extend("enum" = ["pyenv", "asdf", "mise", "developer-tools", null]))]
        shim: Option<&'static str>,
        real: Option<Text<'a>>,
        interpreter_exists: bool,
    },
    NotAProgram,
    Truncated,
    WrongArchitecture {
        built_for: &'a str,
    },
    WrongSystem {
        format: &'a str,
    },
    MissingLoader {
        loader: Text<'a>,
    },
    MissingLibrary {
        library: Text<'a>,
        searched: Vec<Text<'a>>,
    },
    BadLibrary {
        library: Text<'a>,
    },
    BadLoader {
        loader: Text<'a>,
        /// What is wrong with it.
        flaw: &'a str,
        /// The error of the kernel, such as `ELIBBAD`; null where the process ends with a signal.
        error: Option<&'a str>,
    },
    ForbiddenLibrary {
        library: Text<'a>,
        /// The file that would be found if the program did not run with the rights of somebody else.
        found: Text<'a>,
        /// Why it has these rights.
        why: Text<'a>,
    },
    MissingSymbol {
        symbol: Text<'a>,
        version: Option<Text<'a>>,
        needed_by: Text<'a>,
    },
    OnlyListed {
        /// The variable that makes the dynamic loader print something instead of running the program.
        variable: &'a str,
    },
    LoadingUnknown {
        /// The file that it depends on.
        object: Text<'a>,
        why: &'a str,
    },
    MissingVersion {
        library: Text<'a>,
        version: Text<'a>,
        needed_by: Text<'a>,
    },
    NotPython,
    EmbedsPython {
        /// The library of the Python.
        library: Text<'a>,
    },
}

impl<'a> From<&'a Problem> for ProblemReport<'a> {
    fn from(problem: &'a Problem) -> Self {
        match problem {
            Problem::Missing => Self::Missing,
            Problem::DanglingLink { link, target, nearest } => {
                Self::DanglingLink { link: link.into(), target: target.into(), nearest: optional(nearest.as_ref()) }
            }
            Problem::LinkLoop => Self::LinkLoop,
            Problem::Directory => Self::Directory,
            Problem::NotAFile => Self::NotAFile,
            Problem::Unreachable { path } => Self::Unreachable { path: path.into() },
            Problem::NotExecutable => Self::NotExecutable,
            Problem::Empty => Self::Empty,
            Problem::TextLink { target } => Self::TextLink { target: target.into() },
            Problem::Script { interpreter, shim, real, interpreter_exists } => Self::Script {
                interpreter: interpreter.into(),
                shim: shim.map(shim_name),
                real: optional(real.as_ref()),
                interpreter_exists: *interpreter_exists,
            },
            Problem::NotAProgram => Self::NotAProgram,
            Problem::Truncated => Self::Truncated,
            Problem::WrongArchitecture { built_for } => Self::WrongArchitecture { built_for },
            Problem::WrongSystem { format } => Self::WrongSystem { format },
            Problem::MissingLoader { loader } => Self::MissingLoader { loader: loader.into() },
            Problem::MissingLibrary { library, searched, .. } => {
                Self::MissingLibrary { library: library.into(), searched: texts(searched) }
            }
            Problem::BadLibrary { library, .. } => Self::BadLibrary { library: library.into() },
            Problem::BadLoader { loader, flaw, error } => {
                Self::BadLoader { loader: loader.into(), flaw, error: error.as_deref() }
            }
            Problem::ForbiddenLibrary { library, found, why } => {
                Self::ForbiddenLibrary { library: library.into(), found: found.into(), why: why.into() }
            }
            Problem::MissingSymbol { symbol, version, needed_by, .. } => Self::MissingSymbol {
                symbol: symbol.into(),
                version: version.as_ref().map(Into::into),
                needed_by: needed_by.into(),
            },
            Problem::OnlyListed { variable } => Self::OnlyListed { variable },
            Problem::LoadingUnknown { object, why } => Self::LoadingUnknown { object: object.into(), why },
            Problem::MissingVersion { library, version, needed_by } => {
                Self::MissingVersion { library: library.into(), version: version.into(), needed_by: needed_by.into() }
            }
            Problem::NotPython => Self::NotPython,
            Problem::EmbedsPython { library } => Self::EmbedsPython { library: library.into() },
        }
    }
}

fn shim_name(shim: Shim) -> &'static str {
    match shim {
        Shim::Pyenv => "pyenv",
        Shim::Asdf => "asdf",
        Shim::Mise => "mise",
        Shim::DeveloperTools => "developer-tools",
    }
}
