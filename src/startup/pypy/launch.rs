//! The implicit first entry of `sys.path`: `run_command_line` of `app_main.py`.

use bstr::{BStr, BString, ByteSlice};

use super::executable::{absolute, resolved_dir};
use crate::finders;
use crate::host::HostError;
use crate::invocation::{Invocation, Launch};
use crate::startup::fatal::{Fatal, os_error};
use crate::startup::getpath::RawEntry;
use crate::startup::record::{Origin, Value};
use crate::startup::settings::Settings;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// What `PyPy` puts at the front when everything else is done.
///
/// # Errors
/// With `-m` in a working directory that has been removed.
pub fn first_entry(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    settings: &Settings,
) -> Result<Option<RawEntry>, Fatal> {
    let step = trace.begin(StepId::Launch);
    let value = match &invocation.launch {
        Launch::Script(path) if trace.ask.is_dir(path.as_bstr()) || finders::is_zip(&trace.ask, path.as_bstr()) => {
            trace.say("PyPy runs a directory or zip file, so its absolute path comes first, whatever the flags are.");
            Some(absolute(invocation.cwd.as_ref(), path.as_bstr()))
        }
        _ if settings.isolated || settings.safe_path => {
            trace.say("Isolated mode (-I) or the safe path (-P) prevents the implicit first entry.");
            None
        }
        Launch::Command | Launch::Interactive => {
            trace.say("An empty string comes first; it means the working directory at the time of each import.");
            Some(BString::default())
        }
        Launch::Module(_) => Some(working_directory(trace, invocation)?),
        Launch::Script(path) => Some(script_dir(trace, invocation, path.as_bstr())),
    };
    let Some(value) = value else { return Ok(None) };
    trace.set("sys.path[0]", Value::Text(value.clone()));
    Ok(Some(RawEntry { value, origin: Origin::Launch, step, file: None }))
}

fn working_directory(trace: &mut Trace<'_>, invocation: &Invocation) -> Result<BString, Fatal> {
    if let Some(cwd) = &invocation.cwd {
        trace.say("With -m, the working directory comes first.");
        return Ok(cwd.clone());
    }
    let missing = os_error(&HostError::NotFound);
    let (kind, text) = missing.split_once(": ").unwrap_or_default();
    Err(Fatal {
        reason: "-m needs the working directory, which has been removed".into(),
        messages: super::operation_error(kind.into(), text.into()),
        unanswered: false,
    })
}

/// The directory of the script. Symlinks of its last component are followed, those of directories are not.
fn script_dir(trace: &mut Trace<'_>, invocation: &Invocation, path: &BStr) -> BString {
    trace.say(sentence!(
        "The directory of the script ",
        path,
        " comes first; where the script is a symlink, that of its target."
    ));
    resolved_dir(trace, invocation.cwd.as_ref(), path).unwrap_or_default()
}
