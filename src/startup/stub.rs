//! The stub in `bin` of a macOS framework (`Mac/Tools/pythonw.c`).
//!
//! Only a program inside an application bundle may open windows, so the interpreter itself is in
//! `Resources/Python.app`, and what users start is a stub that starts it.

use bstr::{BStr, BString, ByteSlice};

use super::record::Value;
use super::settings;
use super::steps::StepId;
use super::trace::Trace;
use crate::host::Platform;
use crate::host::path::{Flavor, module};
use crate::interpreter::Interpreter;
use crate::invocation::Invocation;
use crate::text::sentence;

/// The directory of the interpreter in a bundle.
const IN_BUNDLE: &[u8] = b".app/Contents/MacOS/";

/// How the stub at `typed` calls the interpreter; none if there is no stub.
pub fn run(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    interpreter: &Interpreter,
    typed: &BStr,
) -> Option<Invocation> {
    let real = bundled(invocation, interpreter)?;
    let typed = module::abspath(Flavor::Posix, trace.ask.cwd(), typed);
    // The stub always sets the variable. A machine on which it is set already describes the process that the stub started.
    let is_behind = settings::set_variable(invocation, "__PYVENV_LAUNCHER__").is_some();
    let is_interpreter = trace.ask.host().real_path(typed.as_bstr()).is_ok_and(|path| path == *real);
    if is_interpreter || is_behind {
        return None;
    }
    trace.begin(StepId::Stub);
    let dir = module::dirname(Flavor::Posix, typed.as_bstr());
    let dir = trace.ask.real_path(dir.as_bstr()).unwrap_or(dir);
    let own_path: BString = sentence!(dir, "/", module::basename(Flavor::Posix, typed.as_bstr()));
    trace.say(sentence!(
        typed,
        " is the stub of a framework. It starts ",
        real,
        " with __PYVENV_LAUNCHER__ = ",
        own_path,
        "."
    ));
    trace.set("real_executable", Value::Text(real.clone()));
    let mut invocation = invocation.clone();
    invocation.environment.insert("__PYVENV_LAUNCHER__".to_owned(), own_path);
    Some(invocation)
}

/// The interpreter in the bundle of a framework.
fn bundled<'a>(invocation: &Invocation, interpreter: &'a Interpreter) -> Option<&'a BString> {
    let is_framework = interpreter.compiled.framework.as_ref().is_some_and(|name| !name.is_empty());
    let is_here = invocation.platform == Platform::Macos && is_framework;
    interpreter.real_executable.as_ref().filter(|real| is_here && real.contains_str(IN_BUNDLE))
}
