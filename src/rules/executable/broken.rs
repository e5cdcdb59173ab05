//! What keeps the file from being started.

use bstr::{BStr, BString, ByteSlice};

use super::{dangling, mount, own_fixes};
use crate::environment::Survey;
use crate::interpreter::Problem;
use crate::rules::{Code, Evidence, Finding, Severity};
use crate::startup::Resolution;
use crate::text::sentence;

/// Judges the executable.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let identification = &resolution.identification;
    let executable = resolution.invocation.executable.as_bstr();
    let (Some(problem), Some(complaint)) = (&identification.problem, identification.complaint(executable)) else {
        return;
    };
    if *problem == Problem::NotExecutable
        && let Some(finding) = mount::refused(survey)
    {
        findings.push(finding.step(resolution.outcome.step));
        return;
    }
    let specific = match problem {
        Problem::DanglingLink { link, target, nearest } => {
            dangling::judge(survey, link.as_bstr(), target.as_bstr(), nearest.as_ref())
        }
        _ => None,
    };
    let finding = specific.unwrap_or_else(|| {
        let finding = Finding::new(code(problem), message(executable, problem, &complaint));
        let finding = finding.fix(own_fixes::fix(survey, problem));
        // That is what version managers put on PATH. In an environment, its packages are lost.
        let is_by_design =
            problem.is_started() && matches!(problem, Problem::Script { .. }) && !survey.is_environment();
        if is_by_design { finding.severity(Severity::Info) } else { finding }
    });
    let effect = finding.effect.clone().unwrap_or_else(|| effect(problem).into());
    findings.push(finding.all_evidence(shown_by(resolution, problem)).effect(effect).step(resolution.outcome.step));
}

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
        Problem::MissingLibrary { library, .. } if library.contains_str("/Cellar/") => Code::CellarRemoved,
        Problem::MissingLibrary { library, .. } if library.starts_with(b"@executable_path/") => Code::FrameworkCopied,
        Problem::MissingLibrary { .. } => Code::LibraryMissing,
        Problem::NotPython => Code::NotPython,
        Problem::BadLibrary { .. } => Code::LibraryBroken,
    }
}

/// What whoever starts it is told.
fn effect(problem: &Problem) -> &'static str {
    match problem {
        Problem::Missing | Problem::DanglingLink { .. } => {
            "the kernel answers No such file or directory; scripts that name it end with bad interpreter"
        }
        Problem::LinkLoop => "the kernel answers Too many levels of symbolic links",
        Problem::Directory => "the shell answers Is a directory",
        Problem::NotAFile => "the kernel answers Permission denied; a shell that looks into a pipe waits for ever",
        Problem::Unreachable { .. } | Problem::NotExecutable => {
            "the kernel answers Permission denied, for every script that names it too"
        }
        Problem::Empty | Problem::TextLink { .. } | Problem::NotAProgram => {
            "the kernel answers Exec format error; a shell then runs the file as a script of its own, without the \
             arguments, and may end with status 0 without having done anything"
        }
        Problem::Script { interpreter_exists: false, .. } | Problem::MissingLoader { .. } => {
            "the kernel answers No such file or directory, for a file that exists"
        }
        Problem::Script { .. } => {
            "the Python that the script starts goes by its own path: it does not see the pyvenv.cfg beside the script"
        }
        Problem::Truncated => "the kernel kills the process as soon as it reaches what is not there",
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } => "the kernel answers Exec format error",
        Problem::MissingLibrary { .. } | Problem::BadLibrary { .. } => {
            "the dynamic loader gives up with exit code 127 before any Python runs"
        }
        Problem::NotPython => "it is started, but what it does is not what a Python does",
    }
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
fn shown_by(resolution: &Resolution, problem: &Problem) -> Vec<Evidence> {
    let identification = &resolution.identification;
    let hops = identification.hops.iter();
    let mut evidence: Vec<Evidence> =
        hops.map(|hop| Evidence::about(hop.path.clone(), sentence!("a link to ", hop.target))).collect();
    if !matches!(problem, Problem::DanglingLink { .. } | Problem::LinkLoop) {
        let file = identification.file.as_ref().unwrap_or(&resolution.invocation.executable);
        evidence.push(Evidence::about(file.clone(), what_it_is(problem)));
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
        Problem::Directory => "is a directory".into(),
        Problem::NotAFile => "is no regular file".into(),
        Problem::Empty => "is empty".into(),
        Problem::NotAProgram => "has no executable format".into(),
        Problem::Truncated => "is shorter than its headers say".into(),
        Problem::NotPython => "shows no sign of being a Python".into(),
        Problem::DanglingLink { target, .. } => sentence!("leads to ", target),
        Problem::LinkLoop => "leads in a circle".into(),
    }
}
