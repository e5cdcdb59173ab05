//! The import of the package `encodings`, the first import of all, and what Python prints when it fails.

use bstr::{BStr, BString, ByteSlice};

use super::behaviors::Behavior;
use super::fatal::{Fatal, os_error};
use super::getpath::{Input, PathConfig};
use super::imports::{self, PlainModule};
use super::locale;
use super::settings::Settings;
use super::steps::StepId;
use super::trace::Trace;
use crate::finders;
use crate::host::{FileKind, Host, HostError, Lookups};
use crate::text::python::{self, Charset};
use crate::text::sentence;

/// Looks for the package `encodings` on the first `sys.path`, and returns the place of the entry that contains it.
///
/// # Errors
/// Where it is not found: Python then fails to start, in `init_fs_encoding` of `Python/pylifecycle.c`.
pub fn import(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
) -> Result<BString, Fatal> {
    trace.begin(StepId::Encodings);
    for entry in &config.path {
        if needs_removed_cwd(trace, input, entry.value.as_bstr()) {
            return Err(without_cwd(trace, input, settings, config, entry.value.as_bstr()));
        }
        let Some(place) = imports::place(input, entry.value.as_bstr()) else { continue };
        if holds_encodings(&trace.ask, place.as_bstr()) {
            trace.say(sentence!("The package encodings is in ", place, "."));
            return Ok(place);
        }
    }
    trace.say("No entry of sys.path contains the package encodings, so Python fails to start.");
    Err(missing(trace, input, settings, config))
}

/// Whether `encodings` can be imported from an entry.
///
/// The file is looked up directly, without a listing: it alone decides, and the directory's other names do not matter.
pub fn holds_encodings(lookups: &Lookups<'_>, entry: &BStr) -> bool {
    let package = finders::join(lookups, entry, "encodings");
    let init = finders::join(lookups, package.as_bstr(), "__init__.py");
    if lookups.is_file(init.as_bstr()) {
        return true;
    }
    match lookups.metadata(entry) {
        Ok(metadata) if metadata.kind == FileKind::Directory => {
            lookups.is_file(finders::join(lookups, package.as_bstr(), "__init__.pyc").as_bstr())
        }
        _ => finders::find_in_zip(lookups, entry, "encodings").is_some(),
    }
}

/// Whether the search for a module fails with an entry: 3.8 to 3.10 make the path of every directory absolute, for which
/// they need the working directory, and that has been removed.
fn needs_removed_cwd(trace: &mut Trace<'_>, input: &Input<'_>, entry: &BStr) -> bool {
    imports::is_in_removed_cwd(&trace.ask, input, entry) && trace.has(input.behaviors, Behavior::FinderPathsAbsolute)
}

fn without_cwd(trace: &Trace<'_>, input: &Input<'_>, settings: &Settings, config: &PathConfig, entry: &BStr) -> Fatal {
    let mut messages = failure(trace, input, settings, config, true);
    messages.push(os_error(&HostError::NotFound).into());
    let reason = sentence!(
        "the entry ",
        entry,
        " of sys.path is below the working directory, which has been removed, and the import of encodings fails at it"
    );
    Fatal { reason, messages, unanswered: false }
}

fn missing(trace: &Trace<'_>, input: &Input<'_>, settings: &Settings, config: &PathConfig) -> Fatal {
    // A directory without `__init__` is imported as a namespace package, which registers no codec.
    let is_bare = config.path.iter().any(|entry| {
        imports::place(input, entry.value.as_bstr())
            .is_some_and(|place| trace.ask.is_dir(finders::join(&trace.ask, place.as_bstr(), "encodings").as_bstr()))
    });
    let no_search = || Some("LookupError: no codec search functions registered: can't find encoding".into());
    let (raises, exception) = match imports::plain_encodings(trace, input, &config.path) {
        Some(PlainModule::Raises(exception)) => (true, exception),
        Some(PlainModule::Loaded) => (false, no_search()),
        None if is_bare => (false, no_search()),
        None => (true, Some("ModuleNotFoundError: No module named 'encodings'".into())),
    };
    let mut messages = failure(trace, input, settings, config, raises);
    messages.extend(exception);
    let entries: Vec<&[u8]> = config.path.iter().map(|entry| entry.value.as_slice()).collect();
    Fatal {
        reason: sentence!(
            "Python cannot start without the package encodings, and no entry of sys.path contains it (",
            entries.join(&b", "[..]),
            ")"
        ),
        messages,
        unanswered: false,
    }
}

/// What Python prints before the exception; `raises` where it is the import of the package that fails.
pub fn failure(
    trace: &Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
    raises: bool,
) -> Vec<BString> {
    let mut messages = Vec::new();
    if has_dump(input, raises) {
        messages = dump(input, settings, config, trace.charset);
    }
    messages.push(fatal_line(trace.ask.host(), input, raises).into());
    if input.behaviors.has(Behavior::RuntimeStateLine) {
        messages.push("Python runtime state: core initialized".into());
    }
    messages
}

fn has_dump(input: &Input<'_>, raises: bool) -> bool {
    let behaviors = input.behaviors;
    behaviors.has(Behavior::ConfigurationDump)
        && (!raises
            || !behaviors.has(Behavior::ConfigurationDumpLost)
            || behaviors.has(Behavior::ConfigurationDumpRestored))
}

fn fatal_line(host: &dyn Host, input: &Input<'_>, raises: bool) -> &'static str {
    let behaviors = input.behaviors;
    if raises && behaviors.has(Behavior::EncodingsFatalText) {
        "Fatal Python error: Failed to import encodings module"
    } else if behaviors.has(Behavior::FilesystemCodecText) {
        "Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding"
    } else if !behaviors.has(Behavior::FatalErrorNamesFunction) {
        "Fatal Python error: Py_Initialize: Unable to get the locale encoding"
    } else if locale::is_utf8_mode(host, input.invocation, behaviors) {
        "Fatal Python error: initfsencoding: unable to load the file system codec"
    } else {
        "Fatal Python error: initfsencoding: Unable to get the locale encoding"
    }
}

/// `_Py_DumpPathConfig` of `Python/initconfig.c`.
fn dump(input: &Input<'_>, settings: &Settings, config: &PathConfig, charset: Charset) -> Vec<BString> {
    let behaviors = input.behaviors;
    let wide = |value: Option<&BString>| value.map_or_else(|| "(not set)".into(), |value| python::dump(value, charset));
    let text = |value: Option<&BString>| value.map_or_else(|| "None".into(), |value| python::ascii(value, charset));
    let flag = |value: bool| BString::from(if value { "1" } else { "0" });
    let program = &input.invocation.executable;
    let mut lines: Vec<BString> = vec!["Python path configuration:".into()];
    let mut line = |name: &str, value: BString| lines.push(sentence!("  ", name, " = ", value));
    line("PYTHONHOME", wide(config.home.as_ref()));
    line("PYTHONPATH", wide(settings.python_path.as_ref()));
    line("program name", wide(Some(program)));
    line("isolated", flag(settings.isolated));
    line("environment", flag(settings.use_environment));
    line("user site", flag(settings.user_site_directory));
    if behaviors.has(Behavior::SafePath) {
        line("safe_path", flag(settings.safe_path));
    }
    line("import site", flag(settings.site_import));
    if behaviors.has(Behavior::GetpathInPython) {
        line("is in build tree", flag(config.is_build_tree));
    }
    if behaviors.has(Behavior::StdlibDir) {
        line("stdlib dir", wide(Some(&config.stdlib_dir.clone().unwrap_or_default())));
    }
    if behaviors.has(Behavior::FirstEntryInDump) {
        line("sys.path[0]", "(not set)".into());
    }
    line("sys._base_executable", text(config.base_executable.as_ref()));
    line("sys.base_prefix", text(Some(&config.base_prefix)));
    line("sys.base_exec_prefix", text(Some(&config.base_exec_prefix)));
    if behaviors.has(Behavior::Platlibdir) {
        line("sys.platlibdir", text(Some(&config.platlibdir)));
    }
    line("sys.executable", text(Some(&config.executable)));
    line("sys.prefix", text(Some(&config.prefix)));
    line("sys.exec_prefix", text(Some(&config.exec_prefix)));
    lines.push("  sys.path = [".into());
    lines.extend(config.path.iter().map(|entry| sentence!("    ", python::ascii(entry.value.as_bstr(), charset), ",")));
    lines.push("  ]".into());
    lines
}
