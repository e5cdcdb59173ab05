//! What Python prints where an import of startup fails.

use bstr::{BString, ByteSlice};

use super::table::{Need, Stage};
use super::{Found, reason};
use crate::invocation::Launch;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::encodings;
use crate::startup::fatal::Fatal;
use crate::startup::getpath::{Input, PathConfig, RawEntry};
use crate::startup::record::{ImportFault, ImportProblem, Origin};
use crate::startup::settings::Settings;
use crate::startup::site;
use crate::startup::trace::Trace;
use crate::text::python;
use crate::text::sentence;

/// The exception for a module that is missing. Without its `__init__`, a package is still a namespace package, and what
/// fails is something else.
pub fn no_module(name: &str, is_package: bool) -> Option<BString> {
    (!is_package && !name.contains('.')).then(|| format!("ModuleNotFoundError: No module named '{name}'").into())
}

/// The exception for compiled code that does not begin as that of this release.
pub fn bad_magic(name: &str, content: &[u8]) -> BString {
    let shown = |byte: &u8| match byte {
        b'\r' => "\\r".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\t' => "\\t".to_owned(),
        b'\\' => "\\\\".to_owned(),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    let start: String = content.iter().take(4).map(shown).collect();
    let quote = if start.contains('\'') && !start.contains('"') { '"' } else { '\'' };
    let start = if quote == '\'' { start.replace('\'', "\\'") } else { start };
    format!("ImportError: bad magic number in '{name}': b{quote}{start}{quote}").into()
}

/// The same for compiled code in a zip file.
pub fn bad_magic_in_zip(behaviors: &Behaviors, name: &str, content: &[u8]) -> BString {
    if !behaviors.has(Behavior::ZipImportSaysWhy) {
        return format!("zipimport.ZipImportError: can't find module '{name}'").into();
    }
    let text = bad_magic(name, content);
    let why = text.strip_prefix(b"ImportError: ").unwrap_or(&text);
    sentence!("zipimport.ZipImportError: module load failed: ", why)
}

/// The exception for a name that a module lacks.
pub fn no_attribute(module: &str, name: &str) -> BString {
    format!("AttributeError: module '{module}' has no attribute '{name}'").into()
}

/// The exception for a file that is imported as a module and lacks what is needed first.
pub fn lacks(behaviors: &Behaviors, module: &str, need: Need, file: &BString, is_package: bool) -> Option<BString> {
    Some(match need {
        Need::Attribute(name) | Need::Late(name) => no_attribute(module, name),
        Need::Import(name) if !behaviors.has(Behavior::ImportErrorNamesFile) => {
            format!("ImportError: cannot import name '{name}'").into()
        }
        Need::Import(name) => {
            sentence!("ImportError: cannot import name '", name, "' from '", module, "' (", file, ")")
        }
        Need::Submodule(name) => {
            let why = if is_package { String::new() } else { format!("; '{module}' is not a package") };
            format!("ModuleNotFoundError: No module named '{module}.{name}'{why}").into()
        }
        Need::Other("register") => "LookupError: no codec search functions registered: can't find encoding".into(),
        Need::Other(_) => return None,
    })
}

fn fatal(problem: &ImportProblem, mut messages: Vec<BString>) -> Fatal {
    messages.extend(problem.exception.clone());
    Fatal { reason: reason(problem), messages, unanswered: false }
}

/// The codec of the filesystem encoding cannot be loaded.
pub fn codec(trace: &Trace<'_>, input: &Input<'_>, settings: &Settings, config: &PathConfig, found: &Found) -> Fatal {
    // The package may be imported, but register no codec, or lack that of the locale. Others fail while it is imported.
    let is_imported = found.is_silent && matches!(found.problem.module, "encodings" | "encodings.utf_8");
    fatal(&found.problem, encodings::failure(trace, input, settings, config, !is_imported))
}

/// The standard streams cannot be made, or the site module cannot be imported.
pub fn later(input: &Input<'_>, found: &Found) -> Fatal {
    let problem = &found.problem;
    let behaviors = input.behaviors;
    if found.stage == Stage::Site {
        return fatal(problem, site::failure_lines(input));
    }
    let function = if behaviors.has(Behavior::FatalErrorNamesFunction) { "init_sys_streams" } else { "Py_Initialize" };
    let mut messages = vec![format!("Fatal Python error: {function}: can't initialize sys standard streams").into()];
    if behaviors.has(Behavior::RuntimeStateLine) {
        messages.push("Python runtime state: core initialized".into());
    }
    fatal(problem, messages)
}

/// What `runpy` says where `importlib.util` has no `find_spec`: it takes the exception for one of the module to run.
/// None where other code of `importlib.util` may have run.
fn without_find_spec(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    first: Option<&RawEntry>,
    problem: &ImportProblem,
) -> Option<BString> {
    let exception = problem.exception.as_ref()?;
    let executable = python::printed(config.executable.as_bstr(), trace.charset);
    let shown = |text: &[u8]| python::repr(text, trace.charset);
    match &input.invocation.launch {
        // Of a submodule, the package is imported first.
        Launch::Module(name) if !name.contains(&b'.') => Some(sentence!(
            executable,
            ": Error while finding module specification for ",
            shown(name),
            " (",
            exception,
            ")"
        )),
        Launch::Script(_) => {
            let path = first.filter(|entry| entry.origin == Origin::Launch)?;
            Some(sentence!(executable, ": can't find '__main__' module in ", shown(&path.value)))
        }
        _ => None,
    }
}

/// What runs the user's code cannot be imported. `first` is the first entry of `sys.path`.
pub fn at_launch(
    trace: &Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    first: Option<&RawEntry>,
    found: &Found,
) -> Fatal {
    let problem = &found.problem;
    let mut messages: Vec<BString> = Vec::new();
    if problem.module == "importlib.util"
        && found.is_silent
        && let Some(message) = without_find_spec(trace, input, config, first, problem)
    {
        return Fatal { reason: reason(problem), messages: vec![message], unanswered: false };
    }
    let is_own = matches!(problem.fault, ImportFault::Missing | ImportFault::DamagedSource);
    let is_bare = problem.module == "importlib" && is_own && (found.is_silent || problem.fault == ImportFault::Missing);
    if is_bare || problem.module == "importlib.util" && found.is_silent {
        // `runpy` can be imported, with the namespace package that is left too, and fails when it looks for the module.
        return fatal(problem, vec!["Traceback (most recent call last):".into()]);
    }
    if problem.module != "linecache" {
        let is_one_step = input.behaviors.has(Behavior::RunpyMessageNamesFunction);
        let is_access = problem.module == "runpy" && found.is_silent && !is_one_step;
        let is_named = is_access || is_one_step;
        let name = if is_named { "runpy._run_module_as_main" } else { "runpy module" };
        messages.push(format!("Could not {} {name}", if is_access { "access" } else { "import" }).into());
    }
    // These are imported from C, so that there is nothing to trace before their own code runs.
    if found.runs || !found.exits && !matches!(problem.module, "linecache" | "runpy") {
        messages.push("Traceback (most recent call last):".into());
    }
    fatal(problem, messages)
}
