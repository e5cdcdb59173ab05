//! VD1xx: the file that is started.

use bstr::{BString, ByteSlice};

use super::{Facts, Finding, Proof, Severity};
use crate::interpreter::{Problem, Shim};
use crate::sentence;

/// The problem in one sentence, without its cure.
pub fn describe(problem: &Problem) -> BString {
    match problem {
        Problem::Missing => "there is no such file".into(),
        Problem::DanglingLink { link, target, nearest } => {
            let rest = match nearest {
                Some(nearest) => sentence!(" (the nearest folder that does is ", nearest, ")"),
                None => BString::default(),
            };
            sentence!(link, " is a link to ", target, ", which does not exist", rest)
        }
        Problem::LinkLoop => "the links lead in a circle".into(),
        Problem::Directory => "it is a folder, not a program".into(),
        Problem::NotAFile => "it is a pipe, a socket or a device, not a program".into(),
        Problem::Unreachable { path } => sentence!(path, " may not be entered"),
        Problem::NotExecutable => "it may not be executed: the execution bit is missing".into(),
        Problem::Empty => "it is an empty file".into(),
        Problem::TextLink { target } => {
            sentence!("it is a text that reads ", target, ": a link that has lost its nature")
        }
        Problem::Script { interpreter, shim, real, interpreter_exists } => {
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
        Problem::NotAProgram => "it is in no format that the system executes".into(),
        Problem::Truncated => "it ends before its headers say".into(),
        Problem::WrongArchitecture { built_for } => sentence!("it is built for ", built_for),
        Problem::WrongSystem { format } => sentence!("it is a program for another operating system (", format, ")"),
        Problem::MissingLoader { loader } => sentence!("it needs the dynamic loader ", loader, ", which does not exist"),
        Problem::MissingLibrary { library, searched } => {
            let places: Vec<&[u8]> = searched.iter().map(|place| place.as_slice()).collect();
            sentence!("it needs the library ", library, ", which is in none of ", places.join(&b", "[..]))
        }
        Problem::NotPython => "it is a program, but shows no sign of being a Python".into(),
    }
}

/// Whether the kernel starts something all the same.
pub fn is_started(problem: &Problem) -> bool {
    matches!(problem, Problem::NotPython | Problem::Script { interpreter_exists: true, .. })
}

fn code(problem: &Problem) -> &'static str {
    match problem {
        Problem::Missing => "VD101",
        Problem::DanglingLink { .. } => "VD102",
        Problem::LinkLoop => "VD103",
        Problem::Directory => "VD104",
        Problem::NotAFile => "VD105",
        Problem::Unreachable { .. } => "VD106",
        Problem::NotExecutable => "VD107",
        Problem::Empty => "VD108",
        Problem::TextLink { .. } => "VD109",
        Problem::Script { .. } => "VD110",
        Problem::NotAProgram => "VD111",
        Problem::Truncated => "VD112",
        Problem::WrongArchitecture { .. } => "VD113",
        Problem::WrongSystem { .. } => "VD114",
        Problem::MissingLoader { .. } => "VD115",
        Problem::MissingLibrary { .. } => "VD116",
        Problem::NotPython => "VD117",
    }
}

fn fix(problem: &Problem) -> BString {
    match problem {
        Problem::DanglingLink { target, .. } => sentence!(
            "install the Python that ", target, " named, or make the environment anew with one that exists"
        ),
        Problem::NotExecutable => "chmod +x on the file".into(),
        Problem::TextLink { target } => sentence!("replace the file by a link to ", target),
        Problem::Script { real: Some(real), .. } => sentence!("ask about ", real, " instead"),
        Problem::Script { .. } => "ask about the interpreter that the script starts".into(),
        Problem::Directory => "name the interpreter in it, such as bin/python".into(),
        Problem::MissingLibrary { .. } | Problem::MissingLoader { .. } => {
            "reinstall the Python that this file belongs to, and make the environment anew".into()
        }
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } => "make the environment anew on this machine".into(),
        Problem::Missing => "check the path, or make the environment anew".into(),
        _ => "make the environment anew".into(),
    }
}

/// Judges the executable.
pub fn find(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    let Some(problem) = &facts.identification.problem else { return };
    let executable = facts.invocation.executable.as_bstr();
    let mut evidence: Vec<Proof> = facts
        .identification
        .hops
        .iter()
        .map(|hop| Proof { file: hop.path.clone(), line: None, text: sentence!("a link to ", hop.target) })
        .collect();
    evidence.push(Proof { file: executable.to_owned(), line: None, text: describe(problem) });
    findings.push(Finding {
        code: code(problem),
        severity: Severity::Error,
        message: sentence!(executable, " starts no Python: ", describe(problem)),
        evidence,
        fix: Some(fix(problem)),
        step: facts.outcome.step,
    });
}
