//! `PyPy`: how it computes its paths, and in which order it starts.
//!
//! The site module is that of `CPython` with other names of directories, so the simulation of [`super::site`] serves both.
//! What differs is the path configuration, which `initpath.py` computes in its own way, and that a failing site module
//! does not end a `PyPy`.

mod cfg;
mod executable;
mod launch;
mod prefix;
mod sources;
mod variables;

use bstr::{BStr, BString, ByteSlice};

use super::assemble::Progress;
use super::behaviors::{Behavior, Behaviors};
use super::fatal::Fatal;
use super::getpath::{Input, PathConfig, RawEntry};
use super::imports::pypy::Failed;
use super::imports::{self, Imports};
use super::layout::Layout;
use super::locale;
use super::record::{Origin, Value};
use super::settings::{self, Settings};
use super::site::{self, SiteResult, SysState};
use super::steps::StepId;
use super::trace::Trace;
use crate::interpreter::Interpreter;
use crate::invocation::Invocation;
use crate::text::python::Charset;
use crate::text::sentence;

pub(super) use sources::source;

/// Variables that decide something in `CPython`, and that `PyPy` never reads.
const UNREAD: [&str; 3] = ["PYTHONHOME", "PYTHONPLATLIBDIR", "PYTHONEXECUTABLE"];

/// The first of the lines that are printed for an exception that nothing catches.
const OPERATION_ERROR: &str = "debug: OperationError:";

/// The exceptions that are forgotten where the search for the codec of the locale meets them, and whether each is printed.
const FORGOTTEN: [(&str, bool); 3] = [("ImportError", true), ("ModuleNotFoundError", true), ("LookupError", false)];

/// Repeats the startup of a `PyPy`.
///
/// # Errors
/// Where it ends before it runs the user's code.
pub(super) fn simulate(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    interpreter: &Interpreter,
    behaviors: &Behaviors,
    progress: &mut Progress,
) -> Result<(), Fatal> {
    trace.name_sources(source);
    if locale::is_ascii(invocation, behaviors) {
        trace.charset = Charset::Ascii;
    }
    let settings = read_settings(trace, behaviors, invocation);
    variables::check_seed(invocation)?;
    check_encoding(&settings)?;
    let layout = Layout::of_pypy(behaviors.version());
    let input = Input { invocation, interpreter, behaviors, layout: &layout };
    let config = compute(trace, &input, &settings)?;
    let state = SysState::of(&config);
    let config = &*progress.config.insert(config);
    let state = progress.sys.insert(state);
    let is_late = imports_codecs_late(trace, &input, config);
    import_codecs(trace, &input, config, is_late, &mut progress.site)?;
    check_command_line(trace, &input, &settings)?;
    let mut found = Imports::default();
    let streams = if is_late { Ok(()) } else { imports::pypy::streams(trace, &input, config, &mut found) };
    let library = streams.map(|()| imports::pypy::library(trace, &input, config, &mut found));
    progress.site.note_imports(found);
    let library = library.map_err(fatal)?;
    if settings.site_import {
        let can_run = !library.is_without_site;
        progress.site_ran = run_site(trace, &input, &settings, config, state, &mut progress.site, can_run)?;
    }
    if let Some(failed) = library.failed {
        return Err(fatal(failed));
    }
    progress.first = launch::first_entry(trace, invocation, &settings)?;
    Ok(())
}

/// Whether the codecs are imported where `PYTHONPATH` counts already: in a locale that is not installed, earlier releases
/// look its codec up late.
fn imports_codecs_late(trace: &Trace<'_>, input: &Input<'_>, config: &PathConfig) -> bool {
    let is_missing = || {
        let may_matter = config.path.iter().any(|entry| entry.origin == Origin::PythonPath);
        may_matter && locale::is_missing(trace.ask.host(), input.invocation)
    };
    input.behaviors.has(Behavior::PypyCodecsOnPythonPath) || is_missing()
}

/// The first import of all, which comes before flags and most variables are looked at.
fn import_codecs(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    is_late: bool,
    site: &mut SiteResult,
) -> Result<(), Fatal> {
    let mut found = Imports::default();
    let imported = imports::pypy::codecs(trace, input, config, is_late, &mut found);
    site.note_imports(found);
    let Err(failed) = imported else { return Ok(()) };
    let exception = failed.exception.clone().unwrap_or_default();
    let forgotten = FORGOTTEN.iter().find(|(name, _)| exception.starts_with(name.as_bytes()));
    // Where the codec of the locale is not built in, it is looked up before.
    let is_looked_up_before =
        input.behaviors.has(Behavior::PypyCodecsOnPythonPath) || locale::is_missing(trace.ask.host(), input.invocation);
    if let Some((_, is_printed)) = forgotten.filter(|_| is_looked_up_before) {
        if *is_printed {
            trace.print(exception);
        }
        check_locale(trace, input)?;
    }
    Err(fatal(failed))
}

fn fatal(failed: Failed) -> Fatal {
    let messages = match &failed.exception {
        Some(exception) => {
            let (kind, text) = exception.split_once_str(": ").unwrap_or((exception, b""));
            operation_error(kind.as_bstr(), text.as_bstr())
        }
        None => vec![OPERATION_ERROR.into()],
    };
    Fatal { reason: failed.reason, messages, unanswered: false }
}

fn check_command_line(trace: &mut Trace<'_>, input: &Input<'_>, settings: &Settings) -> Result<(), Fatal> {
    if input.invocation.flags.safe_path && !input.behaviors.has(Behavior::SafePath) {
        return Err(unknown_option());
    }
    variables::check(input.invocation, settings)?;
    check_locale(trace, input)
}

fn check_locale(trace: &Trace<'_>, input: &Input<'_>) -> Result<(), Fatal> {
    if input.behaviors.has(Behavior::PypyLocaleChecked) && locale::is_missing(trace.ask.host(), input.invocation) {
        return Err(unsupported_locale());
    }
    Ok(())
}

fn unknown_option() -> Fatal {
    Fatal {
        reason: "this version does not have the option -P".into(),
        messages: vec!["Unknown option: -P".into()],
        unanswered: false,
    }
}

/// What is printed for an exception that nothing in `app_main.py` catches.
fn operation_error(kind: &BStr, text: &BStr) -> Vec<BString> {
    vec![OPERATION_ERROR.into(), sentence!("debug:  operror-type: ", kind), sentence!("debug:  operror-value: ", text)]
}

/// `PyPy` takes a `PYTHONPATH` for UTF-8 without a check: one that is not equals no other path, and may be read beyond the
/// bounds of its memory. It crashes, or takes other text.
fn check_encoding(settings: &Settings) -> Result<(), Fatal> {
    if settings.python_path.as_ref().is_none_or(|list| list.to_str().is_ok()) {
        return Ok(());
    }
    Err(Fatal {
        reason: "PYTHONPATH is not UTF-8, and PyPy then crashes or uses other text; what it does cannot be predicted"
            .into(),
        messages: Vec::new(),
        unanswered: true,
    })
}

fn unsupported_locale() -> Fatal {
    Fatal {
        reason: "the variables name a locale that is not installed, which this PyPy does not accept".into(),
        messages: operation_error("Error".into(), "unsupported locale setting".into()),
        unanswered: false,
    }
}

/// Flags and variables, without those that `PyPy` does not have.
fn read_settings(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) -> Settings {
    let settings = settings::read(trace, behaviors, invocation);
    for name in UNREAD.iter().filter(|name| settings::set_variable(invocation, name).is_some()) {
        trace.say(sentence!("PyPy never reads ", name, "."));
    }
    Settings { home: None, platlibdir: None, ..settings }
}

/// The path configuration: `setup_bootstrap_path` of `app_main.py`, then the entries of `PYTHONPATH`.
fn compute(trace: &mut Trace<'_>, input: &Input<'_>, settings: &Settings) -> Result<PathConfig, Fatal> {
    let executable = executable::find(trace, input.invocation);
    let mut search = prefix::Search::new(trace, input);
    let found = search.find_from(&executable)?;
    let cfg = std::mem::take(&mut search.cfg);
    let step = trace.begin(StepId::Path);
    let entry = |value: BString, origin: Origin| RawEntry { value, origin, step, file: None };
    let mut path = Vec::new();
    if let Some(list) = &settings.python_path {
        trace.say("The entries of PYTHONPATH come first, exactly as written.");
        path.extend(list.split(|&byte| byte == b':').map(|value| entry(value.into(), Origin::PythonPath)));
    }
    path.extend(found.path.into_iter().map(|(value, origin)| entry(value, origin)));
    trace.say("sys.path then has the standard library; PyPy has neither an entry for a zip file nor one for extension modules.");
    trace.set("sys.path", Value::List(path.iter().map(|entry| entry.value.clone()).collect()));
    let stdlib = path.last().map(|entry| entry.value.clone());
    let stdlib_dir = stdlib.filter(|stdlib| input.behaviors.has(Behavior::StdlibDir) && has_os(trace, stdlib));
    let prefix = found.prefix;
    Ok(PathConfig {
        base_executable: Some(executable.clone()),
        executable,
        exec_prefix: prefix.clone(),
        base_prefix: prefix.clone(),
        base_exec_prefix: prefix.clone(),
        prefix,
        platlibdir: input.layout.platlibdir.clone(),
        stdlib_dir,
        path,
        cfg,
        ..PathConfig::default()
    })
}

/// `sys._stdlib_dir` is known only if the directory contains `os.py`.
fn has_os(trace: &Trace<'_>, stdlib: &BString) -> bool {
    trace.ask.is_file(sentence!(stdlib, "/os.py").as_bstr())
}

/// Runs the site module; whether it remains imported. `app_main.py` reports any exception that leaves it in one line,
/// and goes on.
fn run_site(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
    state: &mut SysState,
    result: &mut SiteResult,
    can_run: bool,
) -> Result<bool, Fatal> {
    let ran = if can_run { site::run(trace, input, settings, config, state, result) } else { Err(no_site()) };
    match ran {
        Ok(ran) => Ok(ran),
        // Python would wait for a file without end, or a content is not known.
        Err(fatal) if fatal.unanswered || fatal.messages.is_empty() => Err(fatal),
        Err(fatal) => {
            site_failed(trace, result, fatal);
            Ok(false)
        }
    }
}

/// A module that the site module imports fails.
fn no_site() -> Fatal {
    Fatal { reason: "one of its imports fails".into(), messages: vec![site::PYPY_FAILURE.into()], unanswered: false }
}

fn site_failed(trace: &mut Trace<'_>, result: &mut SiteResult, failure: Fatal) {
    for message in failure.messages {
        trace.print(message);
    }
    trace.say(sentence!(
        "The import of the site module ends here: ",
        failure.reason,
        ". PyPy reports that in one line and starts all the same, without anything that the site module would have done later."
    ));
    result.enable_user_site = None;
    result.user_base = None;
    result.user_site = None;
    result.prefixes.clear();
}
