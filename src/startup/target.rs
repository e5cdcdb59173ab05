//! Which file the operating system executes.

use bstr::{BStr, BString, ByteSlice};

use super::steps::StepId;
use super::trace::Trace;
use crate::host::path::{Flavor, legacy, module};
use crate::host::{FileKind, Platform};
use crate::invocation::Invocation;
use crate::text::sentence;

/// What the C library searches if PATH is not set (`_CS_PATH`).
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

/// The path as typed, or for a bare name, the first executable file of that name on PATH, as `execvp` finds it.
pub fn find(trace: &mut Trace<'_>, invocation: &Invocation) -> Option<BString> {
    let name = invocation.executable.as_bstr();
    let flavor = Flavor::of(invocation.platform);
    let is_path = |byte: u8| byte == b'/' || byte == flavor.separator();
    if name.is_empty() {
        return None;
    }
    if name.iter().any(|&byte| is_path(byte)) {
        return Some(completed(trace, invocation, name));
    }
    trace.begin(StepId::Which);
    let found = on_path(trace, invocation, name);
    if found.is_none() {
        trace.say(sentence!("No directory of PATH contains ", name, "."));
    }
    found
}

/// The first executable file of that name on PATH.
pub fn on_path(trace: &mut Trace<'_>, invocation: &Invocation, name: &BStr) -> Option<BString> {
    let flavor = Flavor::of(invocation.platform);
    let list = invocation.variable("PATH").unwrap_or(DEFAULT_PATH.as_bstr());
    for dir in list.split(|&byte| byte == flavor.delimiter()) {
        let candidate = match flavor {
            Flavor::Posix => legacy::join(dir.as_bstr(), name),
            Flavor::Windows => completed(trace, invocation, module::join(flavor, &[dir.into(), name]).as_bstr()),
        };
        if is_started(trace, invocation, candidate.as_bstr()) {
            trace.say(sentence!("The first directory of PATH that contains ", name, " is ", dir, "."));
            return Some(candidate);
        }
    }
    None
}

fn is_started(trace: &Trace<'_>, invocation: &Invocation, candidate: &BStr) -> bool {
    if invocation.platform == Platform::Windows {
        // Shells start nothing whose name has no ending.
        module::basename(Flavor::Windows, candidate).contains(&b'.') && trace.ask.is_file(candidate)
    } else {
        trace.ask.is_executable(candidate)
    }
}

/// Shells of Windows find `python.exe` under the name `python`: what has no ending is completed with one of `PATHEXT`.
fn completed(trace: &Trace<'_>, invocation: &Invocation, path: &BStr) -> BString {
    let is_file = |path: &BStr| trace.ask.metadata(path).is_ok_and(|metadata| metadata.kind == FileKind::File);
    let has_ending = module::basename(Flavor::of(invocation.platform), path).contains(&b'.');
    if invocation.platform != Platform::Windows || has_ending && is_file(path) {
        return path.to_owned();
    }
    let mut completed = invocation.program_endings().map(|ending| sentence!(path, ending));
    completed.find(|candidate| is_file(candidate.as_bstr())).unwrap_or_else(|| path.to_owned())
}
