//! The implicit first entry of `sys.path`, which is added after everything else.

use bstr::{BStr, BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::getpath::RawEntry;
use super::record::{Origin, Value};
use super::settings::Settings;
use super::steps::StepId;
use super::trace::Trace;
use crate::finders;
use crate::host::Platform;
use crate::host::path::{Flavor, getpath, legacy as arithmetic, module};
use crate::invocation::{Invocation, Launch};
use crate::text::sentence;

/// `_PyPathConfig_ComputeSysPath0` of `Python/pathconfig.c` and `pymain_run_python` of `Modules/main.c`.
pub fn first_entry(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    settings: &Settings,
) -> Option<RawEntry> {
    let step = trace.begin(StepId::Launch);
    let value = match &invocation.launch {
        Launch::Script(path) if is_importable(trace, path.as_bstr()) => {
            trace.say("Python runs a directory or zip file, so its path comes first, whatever the flags are.");
            Some(own_path(trace, behaviors, invocation, path.as_bstr()))
        }
        _ if settings.isolated || settings.safe_path => {
            trace.say("Isolated mode (-I) or the safe path (-P) prevents the implicit first entry.");
            None
        }
        Launch::Command | Launch::Interactive => {
            trace.say("An empty string comes first; it means the working directory at the time of each import.");
            Some(BString::default())
        }
        Launch::Module(_) => working_directory(trace, behaviors, invocation),
        Launch::Script(path) if invocation.platform == Platform::Windows => {
            Some(script_dir_on_windows(trace, path.as_bstr()))
        }
        Launch::Script(path) => Some(script_dir(trace, path.as_bstr())),
    }?;
    trace.set("sys.path[0]", Value::Text(value.clone()));
    Some(RawEntry { value, origin: Origin::Launch, step, file: None })
}

fn working_directory(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) -> Option<BString> {
    if !trace.has(behaviors, Behavior::ModuleLaunchCwd) {
        trace.say("With -m, this version puts an empty string first.");
        return Some(BString::default());
    }
    match &invocation.cwd {
        Some(cwd) => {
            trace.say("With -m, the working directory comes first.");
            Some(cwd.clone())
        }
        None if trace.has(behaviors, Behavior::RemovedCwdSkipped) => {
            trace.say("The working directory has been removed, so there is no implicit first entry.");
            None
        }
        None => Some(BString::default()),
    }
}

/// Whether Python can run the path as a directory or a zip file.
pub fn is_importable(trace: &Trace<'_>, path: &BStr) -> bool {
    trace.ask.is_dir(path) || finders::is_zip(&trace.ask, path)
}

/// The path that is run, absolute from 3.9 on. Windows makes it normal on this way, but for a separator at its end.
fn own_path(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation, path: &BStr) -> BString {
    let flavor = Flavor::of(invocation.platform);
    if flavor == Flavor::Windows {
        let is_kept = !trace.has(behaviors, Behavior::ScriptPathAbsolute)
            || getpath::is_absolute(flavor, path) && trace.has(behaviors, Behavior::AbsoluteScriptKept);
        return if is_kept { path.to_owned() } else { module::full_windows_path(trace.ask.cwd(), path) };
    }
    if path.first() == Some(&b'/') || !trace.has(behaviors, Behavior::ScriptPathAbsolute) {
        return path.to_owned();
    }
    match &invocation.cwd {
        Some(cwd) if path == "." && trace.has(behaviors, Behavior::DotIsCwd) => cwd.clone(),
        Some(cwd) => sentence!(cwd, "/", path),
        None => path.to_owned(),
    }
}

/// The directory of the script with every symlink resolved; if the script is missing, the directory as written.
fn script_dir(trace: &mut Trace<'_>, path: &BStr) -> BString {
    trace.say(sentence!("The directory of the script ", path, ", with symlinks resolved, comes first."));
    let real = trace.ask.real_path(path).unwrap_or_else(|_| path.to_owned());
    let dir = arithmetic::reduce(real.as_bstr());
    if dir.is_empty() && real.first() == Some(&b'/') { "/".into() } else { dir }
}

/// Windows makes the path absolute and resolves no symlink; the root of a drive keeps its separator.
fn script_dir_on_windows(trace: &mut Trace<'_>, path: &BStr) -> BString {
    trace.say(sentence!("The directory of the script ", path, " comes first, as an absolute path."));
    let full = module::abspath(Flavor::Windows, trace.ask.cwd(), path);
    module::dirname(Flavor::Windows, full.as_bstr())
}
