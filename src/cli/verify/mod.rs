//! `venv-doctor verify`: the one command that executes an interpreter.

mod child;

use std::time::Duration;

use crate::Depth;
use crate::host::{Host, LiveHost, path};
use crate::interpreter::Problem;
use crate::invocation::Launch;
use crate::report::comparison::{Comparison, ObservationError};
use crate::report::text;
use crate::startup::{self, Options, Origin, Resolution, Status};
use crate::text::escape::escape;
use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;

use super::args::{Format, VerifyArguments};
use super::exit::Exit;
use super::output::{self, Failure};
use super::subject::{Subject, SubjectError};
use super::terminal;

/// Why there is no comparison.
#[derive(Debug, Error)]
enum VerifyError {
    #[error(transparent)]
    Subject(#[from] SubjectError),
    #[error(transparent)]
    Observation(#[from] ObservationError),
    #[error("--root cannot be used here: the interpreter of another system runs only inside it")]
    Root,
    #[error("nothing is executed, and nothing can be compared: {}", escape(.0.as_bstr()))]
    NotSimulated(BString),
    #[error("nothing is executed: {} is not an interpreter but a command that starts one", escape(.typed.as_bstr()))]
    Command { typed: BString, interpreter: BString },
    #[error("the interpreter did not end within {0} s, and was stopped")]
    TimedOut(u64),
    #[error("{} hides the standard library's module code, which verify uses for --launch module=NAME", escape(.0.as_bstr()))]
    Shadowed(BString),
    #[error("cannot run the interpreter: {0}")]
    Io(#[from] std::io::Error),
}

impl Failure for VerifyError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Subject(error) => error.help(),
            Self::Root => vec!["run `venv-doctor verify` there, for example with chroot".to_owned()],
            Self::Observation(_) | Self::Io(_) | Self::NotSimulated(_) => Vec::new(),
            Self::Command { interpreter, .. } => {
                vec![format!("`venv-doctor verify {}` runs the interpreter", escape(interpreter.as_bstr()))]
            }
            Self::TimedOut(_) => vec!["`--timeout SECONDS` gives it more time".to_owned()],
            Self::Shadowed(_) => vec!["verify without --launch, or from another directory with --cwd".to_owned()],
        }
    }
}

/// Predicts, observes, compares.
pub fn run(arguments: &VerifyArguments) -> Exit {
    let host = LiveHost;
    let comparison = match compare(host, arguments) {
        Ok(comparison) => comparison,
        Err(error) => return output::refuse(&error),
    };
    let exit = if comparison.agrees() { Exit::Success } else { Exit::Problems };
    let rendered = match arguments.output.format() {
        Format::Json => comparison.to_json(),
        Format::Text => {
            let style = terminal::style(arguments.look, terminal::home(&host));
            let style = text::Style { verbose: arguments.verbose, ..style };
            output::text(comparison.to_text(&style))
        }
    };
    output::print(&rendered, exit)
}

fn compare(host: LiveHost, arguments: &VerifyArguments) -> Result<Comparison, VerifyError> {
    if arguments.subject.call.root.is_some() {
        return Err(VerifyError::Root);
    }
    let subject = Subject::from_arguments(&host, &arguments.subject, Depth::Startup)?;
    let options = &subject.options;
    let resolution = startup::resolve(&host, &subject.invocation, options);
    if let Some(reason) = not_executed(&resolution).or_else(|| assumed(host, &subject)) {
        return Err(VerifyError::NotSimulated(reason));
    }
    if let Some(command) = &resolution.command {
        let typed = command.typed.clone();
        let interpreter = command.hops.last().map(|hop| hop.starts.clone()).unwrap_or_default();
        return Err(VerifyError::Command { typed, interpreter });
    }
    if let Some(shadow) = shadow_of_code(host, &resolution) {
        return Err(VerifyError::Shadowed(shadow));
    }
    let timeout = Duration::from_secs(arguments.timeout);
    let observation = child::observe(&subject.invocation, &arguments.subject, timeout)?
        .ok_or(VerifyError::TimedOut(arguments.timeout))?;
    let mut comparison = Comparison::new(&resolution, &observation);
    let disregarded: Vec<BString> = subject.disregarded(&resolution).collect();
    comparison.notes.splice(0..0, subject.notes.into_iter().chain(disregarded));
    Ok(comparison)
}

/// Why the file may not be executed: only what is identified as an interpreter is. Where the kernel refuses a file,
/// `execvp` gives it to a shell, which would run its text.
fn not_executed(resolution: &Resolution) -> Option<BString> {
    let outcome = &resolution.outcome;
    let is_refused = is_other_file(resolution) || outcome.status == Status::NotSimulated;
    is_refused.then(|| outcome.reason.clone().unwrap_or_default())
}

/// The same where `--python-version` has made a Python of another program: that is enough to explain it, but not to run it.
fn assumed(host: LiveHost, subject: &Subject) -> Option<BString> {
    subject.options.python_version?;
    let options = Options { python_version: None, ..subject.options.clone() };
    let resolution = startup::resolve(&host, &subject.invocation, &options);
    is_other_file(&resolution).then(|| resolution.outcome.reason.unwrap_or_default())
}

fn is_other_file(resolution: &Resolution) -> bool {
    matches!(
        resolution.identification.problem,
        Some(
            Problem::Script { .. }
                | Problem::TextLink { .. }
                | Problem::Directory
                | Problem::NotAFile
                | Problem::Empty
                | Problem::Truncated
                | Problem::NotAProgram
                | Problem::NotPython
                | Problem::EmbedsPython { .. }
                | Problem::WrongArchitecture { .. }
                | Problem::WrongSystem { .. }
        )
    )
}

/// For `-m`, the probe is sent to the standard library's `code` module. A module of that name in an earlier directory
/// would run instead, and no code of the user may run but startup hooks.
fn shadow_of_code(host: LiveHost, resolution: &Resolution) -> Option<BString> {
    let (Launch::Module(_), Some(sys), Some(cwd)) =
        (&resolution.invocation.launch, &resolution.sys, &resolution.invocation.cwd)
    else {
        return None;
    };
    let in_front = sys.path.iter().take_while(|entry| entry.origin != Origin::Stdlib);
    let dir = |value: &BStr| {
        let platform = host.platform();
        if path::is_absolute(platform, value) {
            value.to_owned()
        } else {
            path::concatenate(platform, cwd.as_bstr(), value)
        }
    };
    in_front
        .flat_map(|entry| {
            ["code", "code.py"]
                .map(|name| path::concatenate(host.platform(), dir(entry.value.as_bstr()).as_bstr(), name.into()))
        })
        .find(|candidate| host.metadata(candidate.as_bstr()).is_ok())
}
