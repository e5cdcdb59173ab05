//! VD1xx: the file that is started.

mod rules;

use bstr::{BStr, BString, ByteSlice};

use super::{Code, Cure, Finding, Proof};
use crate::environment::Survey;
use crate::host::Answer;
use crate::interpreter::Problem;
use crate::sentence;
use crate::startup::{Resolution, Status};

pub use rules::RULES;

fn code(problem: &Problem) -> Code {
    match problem {
        Problem::Missing => Code::ExecutableMissing,
        Problem::DanglingLink { .. } => Code::DanglingLink,
        Problem::LinkLoop => Code::LinkLoop,
        Problem::Directory => Code::ExecutableIsDirectory,
        Problem::NotAFile => Code::ExecutableIsNoFile,
        Problem::Unreachable { .. } => Code::ExecutableUnreachable,
        Problem::NotExecutable => Code::NotExecutable,
        Problem::Empty => Code::ExecutableEmpty,
        Problem::TextLink { .. } => Code::LinkBecameText,
        Problem::Script { .. } => Code::ExecutableIsScript,
        Problem::NotAProgram => Code::NotAProgram,
        Problem::Truncated => Code::ExecutableTruncated,
        Problem::WrongArchitecture { .. } => Code::WrongArchitecture,
        Problem::WrongSystem { .. } => Code::WrongSystem,
        Problem::MissingLoader { .. } => Code::LoaderMissing,
        Problem::MissingLibrary { .. } => Code::LibraryMissing,
        Problem::NotPython => Code::NotPython,
        Problem::BadLibrary { .. } => Code::LibraryBroken,
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

/// What further reading shows.
pub fn environment(_survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}

/// Judges the executable.
pub fn start_up(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let identification = &resolution.identification;
    let executable = resolution.invocation.executable.as_bstr();
    let (Some(problem), Some(complaint)) = (&identification.problem, identification.complaint(executable)) else {
        findings.extend(redirector(resolution));
        return;
    };
    findings.push(
        Finding::new(code(problem), message(executable, problem, &complaint))
            .proofs(evidence(resolution, problem))
            .cure(Cure::advice(fix(problem)))
            .step(resolution.outcome.step),
    );
}

/// The redirector of a Windows environment is a sound program that found nothing to start.
fn redirector(resolution: &Resolution) -> Option<Finding> {
    let outcome = &resolution.outcome;
    let reason = outcome.reason.as_ref().filter(|_| outcome.status == Status::FailsToExecute)?;
    let step = resolution.steps.iter().find(|step| Some(step.id) == outcome.step)?;
    let evidence = step.checks.iter().map(|check| {
        let found = !matches!(check.answer, Answer::Bool(false) | Answer::Error(_));
        Proof::about(check.path.clone(), if found { "was found" } else { "could not be used" })
    });
    let advice = "set home in pyvenv.cfg to the folder of the base's python.exe, or make the environment anew";
    Some(
        Finding::new(
            Code::RedirectorFindsNothing,
            sentence!(resolution.invocation.executable, " starts no Python: ", reason),
        )
        .proofs(evidence)
        .cure(Cure::advice(advice))
        .step(outcome.step),
    )
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
    let mut evidence: Vec<Proof> =
        hops.map(|hop| Proof::about(hop.path.clone(), sentence!("a link to ", hop.target))).collect();
    if !matches!(problem, Problem::DanglingLink { .. } | Problem::LinkLoop) {
        let file = identification.file.as_ref().unwrap_or(&resolution.invocation.executable);
        evidence.push(Proof::about(file.clone(), what_it_is(problem)));
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
