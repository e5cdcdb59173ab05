//! VD1xx: the file that is started.

use bstr::{BStr, BString, ByteSlice};

use super::{Finding, Proof, Severity};
use crate::host::Answer;
use crate::interpreter::Problem;
use crate::sentence;
use crate::startup::{Resolution, Status};

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
    let identification = &resolution.identification;
    let executable = resolution.invocation.executable.as_bstr();
    let (Some(problem), Some(complaint)) = (&identification.problem, identification.complaint(executable)) else {
        findings.extend(redirector(resolution));
        return;
    };
    findings.push(Finding {
        code: code(problem),
        severity: Severity::Error,
        message: message(executable, problem, &complaint),
        evidence: evidence(resolution, problem),
        fix: Some(fix(problem)),
        step: resolution.outcome.step,
    });
}

/// The redirector of a Windows environment is a sound program that found nothing to start.
fn redirector(resolution: &Resolution) -> Option<Finding> {
    let outcome = &resolution.outcome;
    let reason = outcome.reason.as_ref().filter(|_| outcome.status == Status::FailsToExecute)?;
    let step = resolution.steps.iter().find(|step| Some(step.id) == outcome.step)?;
    let evidence = step.checks.iter().map(|check| Proof {
        file: check.path.clone(),
        line: None,
        text: match check.answer {
            Answer::Bool(false) | Answer::Error(_) => "could not be used".into(),
            _ => "was found".into(),
        },
    });
    Some(Finding {
        code: "VD119",
        severity: Severity::Error,
        message: sentence!(resolution.invocation.executable, " starts no Python: ", reason),
        evidence: evidence.collect(),
        fix: Some("set home in pyvenv.cfg to the folder of the base's python.exe, or make the environment anew".into()),
        step: outcome.step,
    })
}

/// What was typed and what it comes to; where the complaint is about that very path, it says both.
fn message(executable: &BStr, problem: &Problem, complaint: &BString) -> BString {
    let verdict = if problem.is_started() { " is no Python itself: " } else { " starts no Python: " };
    let rest = complaint.strip_prefix(executable.as_bytes());
    match rest.filter(|rest| rest.starts_with(b" ")) {
        Some(_) if !problem.is_started() => complaint.clone(),
        _ => sentence!(executable, verdict, complaint),
    }
}

/// The links on the way, and what was found at their end where that is not told by the last of them.
fn evidence(resolution: &Resolution, problem: &Problem) -> Vec<Proof> {
    let identification = &resolution.identification;
    let hops = identification.hops.iter();
    let mut evidence: Vec<Proof> = hops
        .map(|hop| Proof { file: hop.path.clone(), line: None, text: sentence!("a link to ", hop.target) })
        .collect();
    if !matches!(problem, Problem::DanglingLink { .. } | Problem::LinkLoop) {
        let file = identification.file.as_ref().unwrap_or(&resolution.invocation.executable);
        evidence.push(Proof { file: file.clone(), line: None, text: what_it_is(problem) });
    }
    evidence
}

/// What stands at the end of the links, in a few words.
fn what_it_is(problem: &Problem) -> BString {
    match problem {
        Problem::Missing => "does not exist".into(),
        Problem::Unreachable { path } => sentence!("lies below ", path, ", which may not be entered"),
        Problem::NotExecutable => "has no execution bit".into(),
        Problem::TextLink { target } => sentence!("reads ", target),
        Problem::Script { interpreter, .. } if interpreter.is_empty() => "is a script".into(),
        Problem::Script { interpreter, .. } => sentence!("begins with #!, for ", interpreter),
        Problem::MissingLoader { loader } => sentence!("names the dynamic loader ", loader),
        Problem::MissingLibrary { library, .. } | Problem::BadLibrary { library } => sentence!("needs ", library),
        Problem::WrongArchitecture { built_for } => sentence!("is built for ", built_for),
        Problem::WrongSystem { format } => sentence!("is in the format ", format.as_bytes()),
        Problem::Directory => "is a folder".into(),
        Problem::NotAFile => "is no regular file".into(),
        Problem::Empty => "is empty".into(),
        Problem::NotAProgram => "has no executable format".into(),
        Problem::Truncated => "is shorter than its headers say".into(),
        Problem::NotPython => "shows no sign of being a Python".into(),
        Problem::DanglingLink { target, .. } => sentence!("leads to ", target),
        Problem::LinkLoop => "leads in a circle".into(),
    }
}
