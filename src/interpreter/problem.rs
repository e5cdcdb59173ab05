//! What a problem is, in words.

use bstr::{BStr, BString, ByteSlice};

use super::links::name;
use super::{Identification, Problem, Shim, other};
use crate::text::sentence;

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
            Self::MissingLibrary { library, searched } => {
                let places: Vec<&[u8]> = searched.iter().map(|place| place.as_slice()).collect();
                sentence!(
                    file,
                    " needs the library ",
                    library,
                    ", which the dynamic loader does not find; it looks for ",
                    places.join(&b", "[..])
                )
            }
            Self::BadLibrary { library } => {
                sentence!(file, " would load the library ", library, ", which is not a valid library")
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

    fn describe_script(&self, file: &BStr) -> BString {
        let Self::Script { interpreter, shim, real, interpreter_exists } = self else { return BString::default() };
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

    /// Whether the operating system still starts something.
    pub fn is_started(&self) -> bool {
        matches!(self, Self::NotPython | Self::EmbedsPython { .. } | Self::Script { interpreter_exists: true, .. })
    }
}
