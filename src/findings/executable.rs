//! VD1xx: the file that is started.

use bstr::{BString, ByteSlice};

use super::{Finding, Proof, Severity};
use crate::interpreter::Problem;
use crate::sentence;
use crate::startup::Resolution;

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
        Problem::BadLibrary { .. } => "VD118",
    }
}

fn fix(problem: &Problem) -> BString {
    match problem {
        Problem::DanglingLink { target, .. } => {
            sentence!("install the Python that ", target, " named, or make the environment anew with one that exists")
        }
        Problem::NotExecutable => "chmod +x on the file".into(),
        Problem::TextLink { target } => sentence!("replace the file by a link to ", target),
        Problem::Script { real: Some(real), .. } => sentence!("ask about ", real, " instead"),
        Problem::Script { .. } => "ask about the interpreter that the script starts".into(),
        Problem::Directory => "name the interpreter in it, such as bin/python".into(),
        Problem::MissingLibrary { .. } | Problem::BadLibrary { .. } | Problem::MissingLoader { .. } => {
            "reinstall the Python that this file belongs to, and make the environment anew".into()
        }
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } => {
            "make the environment anew on this machine".into()
        }
        Problem::Missing => "check the path, or make the environment anew".into(),
        _ => "make the environment anew".into(),
    }
}

/// Judges the executable.
pub fn find(resolution: &Resolution, findings: &mut Vec<Finding>) {
    let Some(problem) = &resolution.identification.problem else { return };
    let executable = resolution.invocation.executable.as_bstr();
    let mut evidence: Vec<Proof> = resolution
        .identification
        .hops
        .iter()
        .map(|hop| Proof { file: hop.path.clone(), line: None, text: sentence!("a link to ", hop.target) })
        .collect();
    evidence.push(Proof { file: executable.to_owned(), line: None, text: problem.describe() });
    findings.push(Finding {
        code: code(problem),
        severity: Severity::Error,
        message: sentence!(executable, " starts no Python: ", problem.describe()),
        evidence,
        fix: Some(fix(problem)),
        step: resolution.outcome.step,
    });
}
