//! The file of `PYTHONSTARTUP`, which an interactive session runs before its first prompt.

use bstr::ByteSlice;

use super::{RefusedSetting, counted};
use crate::host::HostError;
use crate::invocation::{Invocation, Launch};
use crate::startup::fatal::os_error;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::{python, sentence};

/// Looks for the file. Python complains where it cannot be opened, and goes on.
pub fn read(trace: &mut Trace<'_>, invocation: &Invocation, refused: &mut Vec<RefusedSetting>) {
    let Some(file) = counted(invocation, "PYTHONSTARTUP").filter(|_| invocation.launch == Launch::Interactive) else {
        return;
    };
    trace.begin(StepId::StartupFile);
    let read = trace.ask.read(file, crate::startup::MOST_BYTES);
    let Err(error @ (HostError::NotFound | HostError::PermissionDenied | HostError::NotADirectory)) = read else {
        return trace.say(sentence!("The session first runs ", file, ", as PYTHONSTARTUP says."));
    };
    trace.say(sentence!("PYTHONSTARTUP names ", file, ", which cannot be opened; the session starts without it."));
    let exception = sentence!(os_error(&error), ": ", python::repr(file, trace.charset));
    trace.print("Could not open PYTHONSTARTUP");
    trace.print_text(exception);
    refused.push(RefusedSetting {
        name: "PYTHONSTARTUP",
        is_option: false,
        value: Some(file.as_bstr().to_owned()),
        problem: if error == HostError::NotFound { "does not exist" } else { "cannot be opened" }.into(),
        is_fatal: false,
        step: trace.step(),
    });
}
