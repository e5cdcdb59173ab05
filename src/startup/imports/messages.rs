//! What Python prints where an import of startup fails.

use bstr::{BString, ByteSlice};

use super::reason;
use super::table::Stage;
use crate::startup::behaviors::Behavior;
use crate::startup::encodings;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::{Input, PathConfig};
use crate::startup::record::{ImportFault, ImportProblem};
use crate::startup::settings::Settings;
use crate::startup::site;
use crate::startup::trace::Trace;

/// The last line of the traceback, where it is known.
fn exception(problem: &ImportProblem) -> Option<BString> {
    let module = problem.module;
    let text = match problem.fault {
        ImportFault::Missing if !module.contains('.') => format!("ModuleNotFoundError: No module named '{module}'"),
        _ => return None,
    };
    Some(text.into())
}

fn fatal(problem: &ImportProblem, mut messages: Vec<BString>) -> Fatal {
    messages.extend(exception(problem));
    Fatal { reason: reason(problem), messages, unanswered: false }
}

/// The codec of the filesystem encoding cannot be loaded.
pub fn codec(
    trace: &Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
    problem: &ImportProblem,
) -> Fatal {
    // The package is imported, but registers no codec, or lacks that of the locale.
    let is_silent = match problem.fault {
        ImportFault::Hides => trace.read(problem.file.as_bstr()).is_ok_and(|text| !super::fails_at_once(&text)),
        _ => problem.module == "encodings.utf_8",
    };
    let raises = !is_silent;
    fatal(problem, encodings::failure(trace, input, settings, config, raises))
}

/// The standard streams cannot be made, or the site module cannot be imported.
pub fn later(input: &Input<'_>, stage: Stage, problem: &ImportProblem) -> Fatal {
    let behaviors = input.behaviors;
    if stage == Stage::Site {
        return fatal(problem, site::failure_lines(input));
    }
    let function = if behaviors.has(Behavior::FatalErrorNamesFunction) { "init_sys_streams" } else { "Py_Initialize" };
    let mut messages = vec![format!("Fatal Python error: {function}: can't initialize sys standard streams").into()];
    if behaviors.has(Behavior::RuntimeStateLine) {
        messages.push("Python runtime state: core initialized".into());
    }
    fatal(problem, messages)
}

/// What runs the user's code cannot be imported.
pub fn at_launch(input: &Input<'_>, problem: &ImportProblem) -> Fatal {
    let mut messages: Vec<BString> = Vec::new();
    if problem.module != "linecache" {
        let is_named = input.behaviors.has(Behavior::RunpyMessageNamesFunction);
        let name = if is_named { "runpy._run_module_as_main" } else { "runpy module" };
        messages.push(format!("Could not import {name}").into());
    }
    if problem.module != "linecache" || problem.fault != ImportFault::Missing {
        messages.push("Traceback (most recent call last):".into());
    }
    fatal(problem, messages)
}
