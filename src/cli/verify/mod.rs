//! `venv-doctor verify`: the one command that executes an interpreter, and says so.

mod child;

use std::time::Duration;

use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;
use venv_doctor::Depth;
use venv_doctor::host::{Host, LiveHost, path};
use venv_doctor::invocation::Launch;
use venv_doctor::report::comparison::{Comparison, ObservationError};
use venv_doctor::report::text;
use venv_doctor::startup::{self, Origin, Resolution};
use venv_doctor::text::escape::escape;

use super::args::{Color, Format, VerifyArguments};
use super::exit::Exit;
use super::output;
use super::subject::{Subject, SubjectError};
use super::terminal;

/// Why there is no comparison.
#[derive(Debug, Error)]
enum VerifyError {
    #[error(transparent)]
    Subject(#[from] SubjectError),
    #[error(transparent)]
    Observation(#[from] ObservationError),
    #[error("the interpreter was stopped after {0} s; --timeout gives it more")]
    TimedOut(u64),
    #[error("{} would run in the place of the module `code`, which carries the probe for --launch module=NAME", escape(.0.as_bstr()))]
    Shadowed(BString),
    #[error("the interpreter cannot be talked to: {0}")]
    Io(#[from] std::io::Error),
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
            let style = text::Style {
                width: terminal::width(&host, None),
                color: terminal::wants_color(&host, Color::Auto),
                verbose: arguments.verbose,
                home: terminal::home(&host),
            };
            comparison.to_text(&style).into_bytes()
        }
    };
    output::print(&rendered, exit)
}

fn compare(host: LiveHost, arguments: &VerifyArguments) -> Result<Comparison, VerifyError> {
    let subject = Subject::from_arguments(&host, &arguments.subject, Depth::Startup)?;
    let options = &subject.options;
    let resolution = startup::resolve(&host, &subject.invocation, options);
    if let Some(shadow) = shadow_of_code(host, &resolution) {
        return Err(VerifyError::Shadowed(shadow));
    }
    let timeout = Duration::from_secs(arguments.timeout);
    let observation = child::observe(&subject.invocation, &arguments.subject, timeout)?
        .ok_or(VerifyError::TimedOut(arguments.timeout))?;
    let mut comparison = Comparison::new(&resolution, &observation);
    comparison.notes.splice(0..0, subject.notes);
    Ok(comparison)
}

/// For `-m`, the probe is fed to the standard library's `code` module. A module of that name in front of the
/// standard library would be run instead, and nothing of the user's may run but what startup itself runs.
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
