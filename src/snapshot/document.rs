//! The snapshot as JSON, version 1: a public interface, separate from the types of the library.
//!
//! Keys may be added but not renamed. An unknown key is rejected, because a misspelled key would change the result without
//! notice.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};

use super::map::{UniqueMap, object, objects};
use super::text::{Base64, Text};
use crate::text::document::schema_of;

/// The name and version of the document.
#[cfg(feature = "internals")]
pub const SCHEMA: &str = "venv-doctor/snapshot/1";

/// The JSON Schema of the document, indented.
pub fn schema() -> String {
    schema_of::<Document>(SchemaSettings::draft2020_12().for_deserialize())
}

/// Every lookup of the startup of one Python, with its answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "venv-doctor snapshot, version 1")]
pub struct Document {
    /// The name and version of this form.
    pub schema: SchemaName,
    /// How much the document contains; if absent, what startup looks up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeName>,
    /// The operating system, which decides the rules for paths.
    pub platform: PlatformName,
    /// The working directory; null where it has been removed.
    #[serde(default)]
    pub cwd: Option<Text>,
    /// The path that the working directory had before it was removed; absent where it exists, or where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_cwd: Option<Text>,
    /// What was typed (`argv[0]`).
    pub executable: Text,
    /// Python's flags.
    #[serde(default, deserialize_with = "object")]
    pub flags: FlagsDocument,
    /// Python's `-X` options in the order given, each as `NAME` or `NAME=VALUE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Text>,
    /// The other flags that were given, each as one word, such as `-R` or `-WFILTER`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<Text>,
    /// What Python runs.
    #[serde(default, deserialize_with = "object")]
    pub launch: LaunchDocument,
    /// The variables that are set. Startup uses no others than those that a recorded snapshot contains.
    #[serde(default)]
    pub environment: UniqueMap<Text>,
    /// The process that starts Python.
    #[serde(default, deserialize_with = "object")]
    pub process: ProcessDocument,
    /// Which Python it is.
    #[serde(deserialize_with = "object")]
    pub interpreter: InterpreterDocument,
    /// The default values of `Software\Python\PythonCore\<winver>\PythonPath` and its subkeys, by hive.
    #[serde(default, deserialize_with = "object")]
    pub registry: RegistryDocument,
    /// What exists. The parents of every path exist as directories; nothing else exists.
    #[serde(deserialize_with = "objects")]
    pub files: Vec<FileDocument>,
    /// The imports of which everything that `which` looks up was recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<Text>,
    /// Whether it contains what is installed, as `diff` compares it: distributions, where they came from, and scripts.
    #[serde(default, skip_serializing_if = "is_false")]
    pub installed: bool,
    /// How the arguments of the recording were interpreted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// `venv-doctor/snapshot/1`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum SchemaName {
    /// This version.
    #[serde(rename = "venv-doctor/snapshot/1")]
    V1,
}

/// How much a document contains beyond what startup looks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ScopeName {
    /// What `check` reads.
    Check,
    /// What `check --files` reads.
    Files,
}

/// An operating system.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum PlatformName {
    /// Linux and similar systems.
    Linux,
    /// macOS.
    Macos,
    /// Windows: drive letters, `\` and `/`, names that compare without case.
    Windows,
}

/// Python's flags.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Flags")]
pub struct FlagsDocument {
    /// `-I`.
    pub isolated: bool,
    /// `-E`.
    pub ignore_environment: bool,
    /// `-s`.
    pub no_user_site: bool,
    /// `-S`.
    pub no_site: bool,
    /// `-P`.
    pub safe_path: bool,
}

/// What Python runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Launch")]
pub struct LaunchDocument {
    /// How it is started.
    pub kind: LaunchKind,
    /// The module or the script; null for the other kinds.
    #[serde(default)]
    pub target: Option<Text>,
}

/// A way of starting Python.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum LaunchKind {
    /// `-c`.
    #[default]
    Command,
    /// `-m`.
    Module,
    /// A script, a directory or a zip file.
    Script,
    /// Nothing to run.
    Interactive,
}

/// The process that starts Python.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Process")]
pub struct ProcessDocument {
    /// Real user.
    pub uid: u32,
    /// Effective user.
    pub euid: u32,
    /// Real group.
    pub gid: u32,
    /// Effective group.
    pub egid: u32,
    /// The user's home directory in the account database; null where there is none.
    pub home: Option<Text>,
    /// The encoding of the locale, which decides how old releases read `.pth` files; `utf-8` where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale_encoding: Option<String>,
}

impl Default for ProcessDocument {
    fn default() -> Self {
        Self { uid: 1000, euid: 1000, gid: 1000, egid: 1000, home: None, locale_encoding: None }
    }
}

/// Which Python it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Interpreter")]
pub struct InterpreterDocument {
    /// `cpython`, `pypy`, `graalpy`, …
    pub implementation: String,
    /// The version, such as `3.12.1` or `3.15.0rc1`; null where it is not known.
    #[serde(default)]
    pub version: Option<String>,
    /// Who built it: `upstream`, `debian`, `python-build-standalone`, …
    #[serde(default = "unknown")]
    pub vendor: String,
    /// What the build wrote into the binary.
    #[serde(default, deserialize_with = "object")]
    pub compiled: CompiledDocument,
    /// The DLL, dylib, framework binary or shared object that holds the interpreter; null in static builds.
    #[serde(default)]
    pub library: Option<Text>,
    /// The file of the process according to the operating system (Windows and macOS).
    #[serde(default)]
    pub real_executable: Option<Text>,
    /// What an extension module's name ends in, such as `.cpython-312-x86_64-linux-gnu.so`; null where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_suffix: Option<Text>,
    /// The version of the redirector of `venv` that starts the interpreter on Windows, if it is another version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirector: Option<String>,
    /// The modules inside the interpreter, for `which`; absent where nobody has asked for an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modules: Option<ModulesDocument>,
    /// Why the file does not start a Python, or not directly; null if no problem is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemDocument>,
    /// Where each fact was read when the snapshot was recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "objects")]
    pub evidence: Vec<EvidenceDocument>,
    /// The lookups that identified the interpreter. They are shown again and not repeated.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "objects")]
    pub checks: Vec<LookupDocument>,
}

fn unknown() -> String {
    "unknown".to_owned()
}

/// The modules inside an interpreter.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Modules")]
pub struct ModulesDocument {
    /// `sys.builtin_module_names`.
    pub builtin: Vec<Text>,
    /// The modules whose code is frozen into the binary.
    #[serde(deserialize_with = "objects")]
    pub frozen: Vec<FrozenDocument>,
    /// The suffixes of extension modules, in the order in which they are tried; null where unknown.
    pub suffixes: Option<Vec<Text>>,
}

/// A module whose code is frozen into the binary.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Frozen")]
pub struct FrozenDocument {
    /// Its name.
    pub name: Text,
    /// Whether it is a package.
    #[serde(default)]
    pub package: bool,
    /// Whether it is used even where the frozen modules of the standard library are switched off.
    #[serde(default)]
    pub always_used: bool,
}

/// What the build wrote into the binary; null or empty is unknown.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Compiled")]
pub struct CompiledDocument {
    /// `PREFIX`.
    pub prefix: Option<Text>,
    /// `EXEC_PREFIX`.
    pub exec_prefix: Option<Text>,
    /// `PLATLIBDIR`.
    pub platlibdir: Option<Text>,
    /// The macro `PYTHONPATH`.
    pub pythonpath: Option<Text>,
    /// `VPATH`.
    pub vpath: Option<Text>,
    /// `t` in free-threaded builds.
    pub abi_thread: Option<Text>,
    /// The framework's name on macOS.
    pub framework: Option<Text>,
    /// `sys.winver` on Windows.
    pub winver: Option<Text>,
}

/// Where a fact was read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence")]
pub struct EvidenceDocument {
    /// The fact's key, such as `compiled.prefix`.
    pub fact: String,
    /// Its value.
    pub value: Text,
    /// Where it was read.
    pub from: Text,
}

/// A lookup with its answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Check")]
pub struct LookupDocument {
    /// The kind of lookup.
    pub op: OpName,
    /// The path that was looked up.
    pub path: Text,
    /// The answer, in the form of the explain report.
    pub result: ResultDocument,
}

/// The kinds of lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the names are those of the report's lookups")]
pub enum OpName {
    IsFile,
    IsDir,
    IsExecutable,
    Read,
    ReadLink,
    RealPath,
    ListDir,
    Exists,
}

/// An answer, in the form of the explain report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
#[schemars(rename = "Result")]
pub enum ResultDocument {
    /// Yes or no.
    Bool(bool),
    /// How many bytes were read.
    Read {
        /// Their number.
        bytes: usize,
    },
    /// The target of a symlink.
    Resolved {
        /// The path.
        path: Text,
    },
    /// How many names a directory contains.
    Listed {
        /// Their number.
        names: usize,
    },
    /// The lookup failed.
    Failed {
        /// Why not.
        error: ErrorName,
    },
}

/// Why a lookup failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the names are those of the report's errors")]
pub enum ErrorName {
    NotFound,
    NotADirectory,
    IsADirectory,
    PermissionDenied,
    SymlinkLoop,
    NameTooLong,
    NotALink,
    InvalidPath,
    TooLarge,
    WouldBlock,
    Truncated,
    Unanswered,
    Io,
}

/// Why a path does not start a Python, or not directly; in the form of the explain report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "Problem")]
#[allow(missing_docs, reason = "see `interpreter::Problem`")]
pub enum ProblemDocument {
    NotExecutable,
    Empty,
    TextLink {
        target: Text,
    },
    Script {
        interpreter: Text,
        #[serde(default)]
        shim: Option<ShimName>,
        #[serde(default)]
        real: Option<Text>,
        interpreter_exists: bool,
    },
    NotAProgram,
    Truncated,
    WrongArchitecture {
        built_for: String,
    },
    WrongSystem {
        format: String,
    },
    MissingLoader {
        loader: Text,
    },
    MissingLibrary {
        library: Text,
        searched: Vec<Text>,
        /// Whether it is musl's loader that misses it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_musl: bool,
    },
    BadLibrary {
        library: Text,
        /// What the loader says of it; null where it says nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        complaint: Option<String>,
    },
    BadLoader {
        loader: Text,
        flaw: String,
        #[serde(default)]
        error: Option<String>,
    },
    ForbiddenLibrary {
        library: Text,
        found: Text,
        why: Text,
    },
    MissingSymbol {
        symbol: Text,
        #[serde(default)]
        version: Option<Text>,
        needed_by: Text,
    },
    OnlyListed {
        variable: String,
    },
    LoadingUnknown {
        object: Text,
        why: String,
    },
    MissingVersion {
        library: Text,
        version: Text,
        needed_by: Text,
    },
    NotPython,
    EmbedsPython {
        library: Text,
    },
}

/// A program that starts another Python under its own path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
#[allow(missing_docs, reason = "see `interpreter::Shim`")]
pub enum ShimName {
    Pyenv,
    Asdf,
    Mise,
}

/// The hives of the Windows registry. The key `""` is the default value of `PythonPath` itself, every other key
/// that of the subkey of its name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Registry")]
pub struct RegistryDocument {
    /// Read first.
    #[serde(rename = "HKEY_CURRENT_USER", default, skip_serializing_if = "Option::is_none")]
    pub current_user: Option<UniqueMap<Text>>,
    /// Read second.
    #[serde(rename = "HKEY_LOCAL_MACHINE", default, skip_serializing_if = "Option::is_none")]
    pub local_machine: Option<UniqueMap<Text>>,
}

/// Something that exists.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "File")]
pub struct FileDocument {
    /// Its absolute path.
    pub path: Text,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: FileType,
    /// The target of a symlink, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Text>,
    /// A file's content; it is unknown if neither `text` nor `base64` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A file's content that is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<Base64>,
    /// The Python modules in a zip archive, in place of its content, or false if the file is not an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<ArchiveDocument>,
    /// Whether the file has an execution bit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub executable: bool,
    /// What kind of program an executable file is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<ProgramName>,
    /// The error of every lookup of its content (reading it, listing it, reading the symlink).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<FileError>,
    /// Whether it carries macOS's `UF_HIDDEN` flag or Windows' hidden attribute.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Whether a directory may not be entered: every lookup below it fails with `permission-denied`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Its owner and permissions; absent if they were not looked up, and if root owns it and everyone may read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessDocument>,
}

/// Owner and permissions of a file, according to its mode.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Access")]
pub struct AccessDocument {
    /// The permission bits in octal digits, with those for set-user-ID, set-group-ID and sticky: `0755`.
    pub mode: Mode,
    /// The user that owns it.
    pub owner: u32,
    /// The number of names that the file has (hard links); 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub links: u64,
}

fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde requires")]
fn is_one(links: &u64) -> bool {
    *links == 1
}

/// Permission bits, written as for `chmod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(inline, with = "String", extend("pattern" = "^[0-7]{3,4}$"))]
pub struct Mode(pub u16);

impl TryFrom<String> for Mode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = (3..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let mode = u16::from_str_radix(&text, 8).ok().filter(|_| digits);
        mode.map(Self).ok_or("a mode has three or four octal digits, such as 0755")
    }
}

impl From<Mode> for String {
    fn from(Mode(mode): Mode) -> Self {
        format!("{mode:04o}")
    }
}

/// What is known of a file that may be a zip archive: all that startup uses of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Archive")]
pub enum ArchiveDocument {
    /// The names of its members that are Python modules.
    Members(Vec<String>),
    /// It is not an archive.
    None(False),
}

/// The value `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "bool", into = "bool")]
#[schemars(inline, transform = only_false)]
pub struct False;

fn only_false(schema: &mut schemars::Schema) {
    *schema = schemars::json_schema!({"const": false});
}

impl TryFrom<bool> for False {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value { Err("expected false or the names of the members") } else { Ok(Self) }
    }
}

impl From<False> for bool {
    fn from(_: False) -> Self {
        false
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde requires")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum FileType {
    /// A regular file.
    File,
    /// A symlink.
    Symlink,
    /// A directory.
    Directory,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A device.
    Device,
    /// The null device.
    Null,
    /// Anything else.
    Other,
}

/// What kind of program a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum ProgramName {
    /// A Python.
    Python,
    /// The redirector of `venv` on Windows.
    VenvLauncher,
    /// A text file that another program interprets.
    Script,
}

/// An error of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum FileError {
    /// It may not be read.
    PermissionDenied,
    /// Input/output error.
    Io,
    /// The file is larger than what is read of a configuration file.
    TooLarge,
}
