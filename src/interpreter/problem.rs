//! What a problem is, in words.

use bstr::BString;

use super::{Problem, Shim};
use crate::sentence;

impl Problem {
    /// The problem in one sentence, without its cure.
    pub fn describe(&self) -> BString {
        match self {
            Self::Missing => "there is no such file".into(),
            Self::DanglingLink { link, target, nearest } => {
                let rest = match nearest {
                    Some(nearest) => sentence!(" (the nearest folder that does is ", nearest, ")"),
                    None => BString::default(),
                };
                sentence!(link, " is a link to ", target, ", which does not exist", rest)
            }
            Self::LinkLoop => "the links lead in a circle".into(),
            Self::Directory => "it is a folder, not a program".into(),
            Self::NotAFile => "it is a pipe, a socket or a device, not a program".into(),
            Self::Unreachable { path } => sentence!(path, " may not be entered"),
            Self::NotExecutable => "it may not be executed: the execution bit is missing".into(),
            Self::Empty => "it is an empty file".into(),
            Self::TextLink { target } => {
                sentence!("it is a text that reads ", target, ": a link that has lost its nature")
            }
            Self::Script { interpreter, .. } if interpreter.is_empty() => {
                "it is a script; what it starts is not known".into()
            }
            Self::Script { interpreter, shim, real, interpreter_exists } => {
                let kind = match shim {
                    Some(Shim::Pyenv) => "a shim of pyenv",
                    Some(Shim::Asdf) => "a shim of asdf",
                    Some(Shim::Mise) => "a shim of mise",
                    None => "a script",
                };
                let rest = match (interpreter_exists, real) {
                    (false, _) => BString::from(", which does not exist"),
                    (true, Some(real)) => sentence!("; the real interpreter seems to be ", real),
                    (true, None) => BString::from("; what it starts is not simulated"),
                };
                sentence!("it is ", kind, " for ", interpreter, rest)
            }
            Self::NotAProgram => "it is in no format that the system executes".into(),
            Self::Truncated => "it ends before its headers say".into(),
            Self::WrongArchitecture { built_for } => sentence!("it is built for ", built_for),
            Self::WrongSystem { format } => {
                sentence!("it is a program for another operating system (", format.as_bytes(), ")")
            }
            Self::MissingLoader { loader } => {
                sentence!("it needs the dynamic loader ", loader, ", which does not exist")
            }
            Self::MissingLibrary { library, searched } => {
                let places: Vec<&[u8]> = searched.iter().map(|place| place.as_slice()).collect();
                sentence!("it needs the library ", library, ", which is in none of ", places.join(&b", "[..]))
            }
            Self::BadLibrary { library } => sentence!("the library that it would load, ", library, ", is none"),
            Self::NotPython => "it is a program, but shows no sign of being a Python".into(),
        }
    }

    /// Whether the kernel starts something all the same.
    pub fn is_started(&self) -> bool {
        matches!(self, Self::NotPython | Self::Script { interpreter_exists: true, .. })
    }
}
