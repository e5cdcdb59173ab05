//! What a problem is, in words.

use bstr::{BStr, BString, ByteSlice};

use super::links::name;
use super::{Identification, Problem, Shim, other};
use crate::host::Platform;
use crate::host::path::names_batch_file;
use crate::text::sentence;

/// What glibc's loader says between the name of the program and the library, and of one that it does not find.
const LOADING: &str = ": error while loading shared libraries: ";
const ABSENT: &str = ": cannot open shared object file: No such file or directory";

/// How a library was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Wanted {
    /// Its name, as it is needed.
    pub name: BString,
    /// The executable or the library that needs it.
    pub needed_by: BString,
}

impl Identification {
    /// Whether it is a shim, of which a version manager decides what it starts.
    pub fn is_shim(&self) -> bool {
        matches!(self.problem, Some(Problem::Script { shim: Some(_), .. }))
    }

    /// The problem in one sentence that names the real file, without its fix.
    ///
    /// `typed` is the path as the user gave it, which is named if the symlinks lead to no file.
    pub fn complaint(&self, typed: &BStr) -> Option<BString> {
        let file = self.file.as_ref().map_or(typed, |file| file.as_bstr());
        self.problem.as_ref().map(|problem| problem.describe(file))
    }
}

impl Problem {
    /// The problem of `file` in one sentence.
    fn describe(&self, file: &BStr) -> BString {
        match self {
            Self::Missing => sentence!(file, " does not exist"),
            Self::DanglingLink { link, target, nearest } => {
                let rest = match nearest {
                    Some(nearest) => sentence!(" (the nearest directory above it that exists is ", nearest, ")"),
                    None => BString::default(),
                };
                sentence!(link, " is a symlink to ", target, ", which does not exist", rest)
            }
            Self::LinkLoop => sentence!("the symlinks of ", file, " form a loop"),
            Self::Directory => sentence!(file, " is a directory, not a program"),
            Self::NotAFile => sentence!(file, " is a pipe, a socket or a device, not a program"),
            Self::Unreachable { path } => sentence!("there is no permission to enter ", path),
            Self::NotExecutable => sentence!(file, " is not executable: its execute permission is missing"),
            Self::Empty => sentence!(file, " is an empty file"),
            Self::TextLink { target } => {
                sentence!(
                    file,
                    " is a text file that contains only ",
                    target,
                    ": a symlink that was turned into a file"
                )
            }
            Self::Script { .. } => self.describe_script(file),
            Self::NotAProgram => sentence!(file, " does not have a format that the operating system can execute"),
            Self::Truncated => sentence!(file, " is truncated: it is shorter than its headers say"),
            Self::WrongArchitecture { built_for } => {
                sentence!(file, " is built for another processor (", built_for, ")")
            }
            Self::WrongSystem { format } => {
                sentence!(file, " is a program for another operating system (", format.as_bytes(), ")")
            }
            Self::MissingLoader { loader } => {
                sentence!(file, " needs the dynamic loader ", loader, ", which does not exist")
            }
            Self::MissingLibrary { library, searched, .. } => {
                let places: Vec<&[u8]> = searched.iter().map(|place| place.as_slice()).collect();
                sentence!(
                    file,
                    " needs the library ",
                    library,
                    ", which the dynamic loader does not find; it looks for ",
                    places.join(&b", "[..])
                )
            }
            Self::BadLibrary { library, .. } => {
                sentence!(file, " would load the library ", library, ", which is not a valid library")
            }
            Self::BadLoader { loader, flaw, .. } => {
                sentence!(file, " needs the dynamic loader ", loader, ", which cannot be started: ", flaw.as_bytes())
            }
            Self::ForbiddenLibrary { library, found, why } => {
                let rest = ", so the dynamic loader does not accept ";
                sentence!(file, " needs the library ", library, "; ", why, rest, found)
            }
            Self::MissingSymbol { .. } => self.describe_symbol(),
            Self::OnlyListed { variable } => {
                let rest = ", so the dynamic loader prints a list and does not run ";
                sentence!(variable.as_bytes(), " is set", rest, file)
            }
            Self::LoadingUnknown { object, why } => {
                let rest = ", and whether the dynamic loader can start it is not known: ";
                sentence!(file, " depends on ", object, rest, why.as_bytes())
            }
            Self::EmbedsPython { library } => {
                sentence!(
                    file,
                    " is a program that embeds Python: it uses ",
                    library,
                    " with a configuration of its own"
                )
            }
            Self::MissingVersion { library, version, needed_by } => {
                sentence!(
                    needed_by,
                    " needs the version ",
                    version,
                    " of ",
                    library,
                    ", which that file does not define"
                )
            }
            Self::NotPython => sentence!(file, " is a program, but it is not recognized as a Python"),
        }
    }

    fn describe_symbol(&self) -> BString {
        let Self::MissingSymbol { symbol, version, needed_by, .. } = self else { return BString::default() };
        let version = version.as_ref().map_or_else(BString::default, |version| sentence!(" in the version ", version));
        sentence!(needed_by, " needs the symbol ", symbol, version, ", which none of the loaded libraries defines")
    }

    /// The first line that the dynamic loader prints about the program at `file`, which was called as `called`; none where
    /// it prints nothing.
    pub fn printed(&self, platform: Platform, called: &BStr, file: &BStr) -> Option<BString> {
        if platform == Platform::Macos {
            return self.printed_by_dyld();
        }
        // The program itself goes by the name by which it was called.
        let object = |path: &BString| if *path == file { called.to_owned() } else { path.clone() };
        Some(match self {
            Self::MissingLibrary { library, is_musl: true, needed_by, .. } => {
                let by = needed_by.as_ref().map_or_else(|| called.to_owned(), object);
                sentence!("Error loading shared library ", library, ": No such file or directory (needed by ", by, ")")
            }
            Self::BadLibrary { complaint: Some(complaint), wanted: Some(wanted), .. } => {
                let by = object(&wanted.needed_by);
                let complaint = complaint.as_bytes();
                sentence!("Error loading shared library ", wanted.name, ": ", complaint, " (needed by ", by, ")")
            }
            Self::MissingSymbol { symbol, needed_by, is_musl: true, .. } => {
                sentence!("Error relocating ", object(needed_by), ": ", symbol, ": symbol not found")
            }
            // Windows shows a window, and prints nothing.
            Self::MissingLibrary { library, .. } if library.to_ascii_lowercase().ends_with(b".dll") => return None,
            // Of a path with tokens, the loader shows what they stand for.
            Self::MissingLibrary { library, searched, .. } if library.contains(&b'$') => {
                sentence!(called, LOADING, searched.first().unwrap_or(library), ABSENT)
            }
            Self::MissingLibrary { library, .. } | Self::ForbiddenLibrary { library, .. } => {
                sentence!(called, LOADING, library, ABSENT)
            }
            Self::BadLibrary { library, complaint: Some(complaint), .. } => {
                sentence!(called, LOADING, library, ": ", complaint.as_bytes())
            }
            Self::MissingVersion { library, version, needed_by } => {
                let by = object(needed_by);
                sentence!(called, ": ", library, ": version `", version, "' not found (required by ", by, ")")
            }
            Self::MissingSymbol { symbol, version, needed_by, .. } => {
                let by = object(needed_by);
                let version =
                    version.as_ref().map_or_else(BString::default, |version| sentence!(", version ", version));
                sentence!(called, ": symbol lookup error: ", by, ": undefined symbol: ", symbol, version)
            }
            _ => return None,
        })
    }

    /// The first line of dyld, which since macOS 12 writes the number of the process in brackets after its name.
    fn printed_by_dyld(&self) -> Option<BString> {
        match self {
            Self::MissingLibrary { library, .. } | Self::BadLibrary { library, .. } => {
                Some(sentence!("dyld: Library not loaded: ", library))
            }
            _ => None,
        }
    }

    fn describe_script(&self, file: &BStr) -> BString {
        let Self::Script { interpreter, shim, real, interpreter_exists } = self else { return BString::default() };
        if interpreter.is_empty() && names_batch_file(file) {
            return sentence!(file, " is a batch file, and what it starts is unknown");
        }
        if interpreter.is_empty() {
            return sentence!(file, " is a script, and what it starts is unknown");
        }
        if let Some(implementation) = other::of_script(name(file)) {
            return sentence!(file, " is the script that starts ", implementation, ", whose startup is not simulated");
        }
        let kind = match shim {
            Some(Shim::Pyenv) => "a shim of pyenv",
            Some(Shim::Asdf) => "a shim of asdf",
            Some(Shim::Mise) => "a shim of mise",
            Some(Shim::DeveloperTools) => return describe_developer_tool(file, real.as_ref()),
            None if file.to_ascii_lowercase().ends_with(b".exe") => "a launcher",
            None => "a script",
        };
        let rest = match (interpreter_exists, real) {
            (false, _) => BString::from(", which does not exist"),
            (true, Some(real)) => sentence!("; the interpreter that it starts seems to be ", real),
            (true, None) => BString::from("; what it starts is not simulated"),
        };
        sentence!(file, " is ", kind, " for ", interpreter, rest)
    }

    /// Whether the operating system still starts something, as far as is known.
    pub fn is_started(&self) -> bool {
        matches!(
            self,
            Self::NotPython
                | Self::EmbedsPython { .. }
                | Self::LoadingUnknown { .. }
                | Self::Script { interpreter_exists: true, .. }
        )
    }
}

/// A program of macOS that starts one of the developer tools.
fn describe_developer_tool(file: &BStr, real: Option<&BString>) -> BString {
    if let Some(real) = real {
        return sentence!(file, " is a program of macOS that starts ", real, " of the developer tools");
    }
    let rest = " of the developer tools that xcode-select chooses; where these are is not known";
    sentence!(file, " is a program of macOS that starts ", name(file), rest)
}
