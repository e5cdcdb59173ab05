//! The imports of a `PyPy`: first the package `encodings`, then what its site module and `app_main.py` need.
//!
//! Nothing is frozen into a `PyPy`. What cannot be imported ends it in another way than a `CPython`: without the site
//! module it starts all the same, unless `app_main.py` needs the same module for itself.

use bstr::{BStr, BString, ByteSlice};

use super::content::{Failing, Verdict};
use super::search::{self, Search, is_in_removed_cwd};
use super::table::{self, Module, Need, Stage};
use super::{Found, Imports, fault, library, messages, note, place, reason};
use crate::finders;
use crate::host::HostError;
use crate::startup::behaviors::Behavior;
use crate::startup::encodings::holds_encodings;
use crate::startup::fatal::os_error;
use crate::startup::getpath::{Input, PathConfig, RawEntry};
use crate::startup::locale;
use crate::startup::record::{ImportFault, ImportProblem, Origin};
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::python::Charset;
use crate::text::sentence;

/// An import that fails.
pub struct Failed {
    /// Why, in one sentence.
    pub reason: BString,
    /// The exception as a traceback shows it, where it is known.
    pub exception: Option<BString>,
}

/// The modules that hide others, and what the library lacks, where `PyPy` starts all the same.
pub struct Library {
    /// Whether the site module cannot be imported.
    pub is_without_site: bool,
    /// The import with which `app_main.py` fails, and `PyPy` with it.
    pub failed: Option<Failed>,
}

/// The package `encodings`, and what is imported with it; `is_late` says that `PYTHONPATH` counts by then.
///
/// # Errors
/// Where it cannot be imported.
pub fn codecs(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    is_late: bool,
    found: &mut Imports,
) -> Result<(), Failed> {
    trace.begin(StepId::Encodings);
    if is_late {
        fail_before_library(trace, input, config)?;
        let search = Search::before_stdlib(&trace.ask, input, &config.path);
        if let Some(entry) = search.values().find(|entry| !entry.is_ascii()).filter(|_| is_ascii_early(trace, input)) {
            return Err(Failed { reason: unencodable(entry), exception: Some(INTERNAL_ERROR.into()) });
        }
        let hidden = hidden(trace, &search, &[table::encodings(), table::codecs()], found);
        if let Some(problem) = hidden {
            return Err(ended(found, problem));
        }
        if search.find(&trace.ask, "encodings").is_some() {
            return Ok(());
        }
    }
    let counts = |entry: &&RawEntry| is_late || entry.origin != Origin::PythonPath;
    let places: Vec<BString> = config.path.iter().filter(counts).filter_map(|entry| in_place(input, entry)).collect();
    let Some(package) = places.iter().find(|place| holds_encodings(&trace.ask, place.as_bstr())) else {
        trace.say("No entry of sys.path contains the package encodings, so PyPy fails to start.");
        return Err(missing(trace, config, &places));
    };
    trace.say(sentence!("The package encodings is in ", package, "."));
    match library::damage(trace, input, config, &[table::codecs()], true, found) {
        None => Ok(()),
        // It is looked up for nothing: the exception is printed, and forgotten.
        Some(Found { problem, .. }) if problem.module == "encodings.latin_1" => {
            trace.print(of_codec(problem, trace).exception.unwrap_or_default());
            Ok(())
        }
        Some(Found { problem, .. }) => Err(ended(found, of_codec(problem, trace))),
    }
}

/// The first entry below a working directory that has been removed: the search for a module fails there.
fn lost(trace: &Trace<'_>, input: &Input<'_>, config: &PathConfig) -> Option<usize> {
    let is_lost = |entry: &RawEntry| is_in_removed_cwd(&trace.ask, input, entry.value.as_bstr());
    config.path.iter().position(is_lost).filter(|_| input.behaviors.has(Behavior::FinderPathsAbsolute))
}

/// The first import fails if such an entry comes before the library.
fn fail_before_library(trace: &Trace<'_>, input: &Input<'_>, config: &PathConfig) -> Result<(), Failed> {
    let Some(at) = lost(trace, input, config) else { return Ok(()) };
    let mut before = config.path[..at].iter().filter_map(|entry| in_place(input, entry));
    if before.any(|place| holds_encodings(&trace.ask, place.as_bstr())) {
        return Ok(());
    }
    Err(without_cwd(&config.path[at]))
}

fn without_cwd(entry: &RawEntry) -> Failed {
    let reason =
        sentence!("the entry ", entry.value, " of sys.path is below the working directory, which has been removed");
    Failed { reason, exception: Some(os_error(&HostError::NotFound).into()) }
}

/// What an internal error says first; an address follows.
const INTERNAL_ERROR: &str =
    "SystemError: unexpected internal exception (please report a bug): <UnicodeEncodeError object";

/// Whether paths are still encoded as ASCII when the codecs are imported: what is UTF-8 in the C locale later is not yet.
fn is_ascii_early(trace: &Trace<'_>, input: &Input<'_>) -> bool {
    let (host, invocation) = (trace.ask.host(), input.invocation);
    locale::is_missing(host, invocation)
        || input.behaviors.has(Behavior::PypyPathsUtf8) && locale::is_c(host, invocation)
}

fn unencodable(entry: &BString) -> BString {
    sentence!("the entry ", entry, " of PYTHONPATH cannot be encoded in the locale")
}

/// `PYTHONPATH` is decoded as UTF-8 in every locale, and its entries are encoded as ASCII in the C locale.
fn encoding_error(entry: &BString) -> Option<BString> {
    let (at, char) = entry.to_str().ok()?.chars().enumerate().find(|(_, char)| !char.is_ascii())?;
    let shown = locale::escaped(char);
    let text = format!("'ascii' codec can't encode character '{shown}' in position {at}: ordinal not in range(128)");
    Some(sentence!("UnicodeEncodeError: ", text))
}

fn in_place(input: &Input<'_>, entry: &RawEntry) -> Option<BString> {
    place(input, entry.value.as_bstr())
}

/// No `__init__` is found. A directory without it is a namespace package, which registers no codec.
fn missing(trace: &Trace<'_>, config: &PathConfig, places: &[BString]) -> Failed {
    let below = |place: &BString, name: &str| finders::join(&trace.ask, place.as_bstr(), name);
    let is_bare = |place: &&BString| trace.ask.is_dir(below(place, "encodings").as_bstr());
    let has_codec = |place: &BString| trace.ask.is_file(below(place, "encodings/utf_8.py").as_bstr());
    let exception = match places.iter().find(is_bare) {
        None => "ModuleNotFoundError: No module named 'encodings'",
        Some(place) if has_codec(place) => "LookupError: no codec search functions registered: can't find encoding",
        Some(_) => "ModuleNotFoundError: No module named 'encodings.utf_8'",
    };
    let entries: Vec<&[u8]> = config.path.iter().map(|entry| entry.value.as_slice()).collect();
    let reason = sentence!(
        "PyPy cannot start without the package encodings, and no entry of sys.path contains it (",
        entries.join(&b", "[..]),
        ")"
    );
    Failed { reason, exception: Some(exception.into()) }
}

/// The module that the standard streams of 3.9 need, unless it is missing.
///
/// # Errors
/// Where something hides it that raises another exception than an `ImportError`, or lacks what is needed.
pub fn streams(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    found: &mut Imports,
) -> Result<(), Failed> {
    if input.behaviors.has(Behavior::StreamsWithoutLatin1) {
        return Ok(());
    }
    fail_before_library(trace, input, config)?;
    let search = Search::before_stdlib(&trace.ask, input, &config.path);
    let hidden = hidden(trace, &search, &[table::bootlocale(Stage::Streams)], found);
    hidden.map_or(Ok(()), |problem| Err(ended(found, problem)))
}

/// What `app_main.py` and the site module import, as far as it is hidden, missing or damaged.
pub fn library(trace: &mut Trace<'_>, input: &Input<'_>, config: &PathConfig, found: &mut Imports) -> Library {
    let (own, of_site) = (table::of_app_main(), table::of_pypy_site());
    let search = Search::before_stdlib(&trace.ask, input, &config.path);
    if let Some(entry) = lost(trace, input, config).and_then(|at| config.path.get(at)) {
        return Library { is_without_site: true, failed: Some(without_cwd(entry)) };
    }
    let is_lost = |entry: &&RawEntry| entry.origin == Origin::PythonPath && !entry.value.is_ascii();
    if trace.charset == Charset::Ascii
        && let Some(entry) = config.path.iter().find(is_lost)
    {
        let failed = Failed { reason: unencodable(&entry.value), exception: encoding_error(&entry.value) };
        return Library { is_without_site: true, failed: Some(failed) };
    }
    search.list(&trace.ask);
    let mut first = |trace: &mut Trace<'_>, modules: &[Module]| {
        let hidden = hidden(trace, &search, modules, found);
        let mut problem =
            hidden.or_else(|| Some(library::damage(trace, input, config, modules, false, found)?.problem))?;
        problem.step = trace.resume(StepId::StartupModules);
        Some(ended(found, problem))
    };
    let failed = first(trace, &own);
    let is_without_site = failed.is_some() || first(trace, &of_site).is_some();
    Library { is_without_site, failed }
}

/// The first file before the standard library that certainly cannot replace the module that it hides; others are noted.
fn hidden(
    trace: &mut Trace<'_>,
    search: &Search<'_>,
    modules: &[Module],
    found: &mut Imports,
) -> Option<ImportProblem> {
    for module in modules {
        let Some((file, entry)) = search.find(&trace.ask, module.name) else { continue };
        let (verdict, exception) = match search.judge(trace, module, &file, &entry) {
            // Who imports it does without.
            Verdict::Fails(Failing::Raises(raised)) if !module.is_required && raised.is_import_error() => {
                (Verdict::Works, None)
            }
            Verdict::Fails(Failing::Raises(raised)) => {
                let exception = raised.exception.clone();
                (Verdict::Fails(Failing::Raises(raised)), exception)
            }
            Verdict::Fails(Failing::LacksFirst(need)) if is_taken_at_once(module, need) => {
                let exception = lacks(search, module, need, &file);
                (Verdict::Fails(Failing::LacksFirst(need)), exception)
            }
            // What else it lacks may be noticed late, or never.
            Verdict::Fails(Failing::LacksFirst(_) | Failing::Lacks) => (Verdict::Unknown, None),
            other => (other, None),
        };
        let step = trace.resume(StepId::StartupModules);
        note(trace, module.name, &file, &verdict, found);
        let place = Some((entry.value, entry.origin));
        let (module, fault) = (module.name, fault(&verdict));
        let problem = ImportProblem { module, fault, exception, entry: place, file, step };
        if matches!(verdict, Verdict::Fails(_)) {
            return Some(problem);
        }
        found.problems.push(problem);
    }
    None
}

fn is_taken_at_once(module: &Module, need: Need) -> bool {
    module.name == "encodings" || !matches!(need, Need::Other(_))
}

fn lacks(search: &Search<'_>, module: &Module, need: Need, file: &BString) -> Option<BString> {
    let is_package = search::is_init(file);
    let need = if module.name == "encodings" { Need::Submodule("utf_8") } else { need };
    messages::lacks(search.behaviors(), module.name, need, file, is_package)
}

/// The exception of `PyPy` for a piece of the codecs that is missing.
fn of_codec(mut problem: ImportProblem, trace: &Trace<'_>) -> ImportProblem {
    if problem.fault != ImportFault::Missing {
        return problem;
    }
    let package = problem.file.rfind_byte(b'/').map_or(BStr::new(b""), |at| problem.file[..at].as_bstr());
    problem.exception = Some(match problem.module {
        "encodings.aliases" => sentence!(
            "ImportError: cannot import name 'aliases' from partially initialized module 'encodings' (most likely due to a circular import) (",
            finders::join(&trace.ask, package, "__init__.py"),
            ")"
        ),
        module => format!("ModuleNotFoundError: No module named '{module}'").into(),
    });
    problem
}

/// Keeps the problem, and says how it ends the import.
fn ended(found: &mut Imports, problem: ImportProblem) -> Failed {
    let failed = Failed { reason: reason(&problem), exception: problem.exception.clone() };
    found.problems.push(problem);
    failed
}
