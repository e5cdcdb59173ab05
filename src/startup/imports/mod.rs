//! The modules that startup imports after `encodings`: whether something hides them, and whether they are whole.
//!
//! Python searches `sys.path` for each of them. Where all is well, this asks only what Python asks, too: for the files of
//! the standard library, and for files of the same names in the directories before it.

mod bytecode;
mod content;
mod earlier;
mod library;
mod messages;
mod newer;
pub mod pypy;
#[cfg(feature = "internals")]
pub mod readers;
mod search;
mod stat;
mod table;

use bstr::{BString, ByteSlice};

use super::behaviors::Behavior;
use super::fatal::Fatal;
use super::getpath::{Input, PathConfig, RawEntry};
use super::record::{Doubt, ImportFault, ImportProblem, Origin};
use super::settings::Settings;
use super::site::SiteResult;
use super::steps::StepId;
use super::trace::Trace;
use crate::invocation::Launch;
use crate::text::sentence;
use content::{Failing, Verdict};
use earlier::Earlier;
use search::Search;
use table::{Module, Need, Stage};

pub use bytecode::names as bytecode_names;
pub use search::{is_in_removed_cwd, place};
pub use stat::IncompleteStat;

/// What the imports leave behind.
#[derive(Debug, Default)]
pub struct Imports {
    /// What is not as the standard library has it.
    pub problems: Vec<ImportProblem>,
    /// Why the result is not certain.
    pub doubts: Vec<Doubt>,
    /// A module `stat` with which the site module may fail later.
    pub stat: Option<IncompleteStat>,
}

/// A problem with which startup ends.
struct Found {
    stage: Stage,
    problem: ImportProblem,
    /// Whether the module itself is imported, and what it lacks is noticed later.
    is_silent: bool,
    /// Whether code of the module has run.
    runs: bool,
    /// Whether code of the module ends the process, so that nothing is printed.
    ends: bool,
    /// Whether it raises `SystemExit`, of which there is no traceback.
    exits: bool,
}

/// The imports before the launch.
///
/// # Errors
/// Where one of them fails, and Python with it. What was found before remains in `found`.
pub fn early(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
    found: &mut Imports,
) -> Result<(), Fatal> {
    if config.is_build_tree {
        return Ok(());
    }
    let modules = table::before_launch(input.invocation, input.behaviors, settings.site_import);
    let search = Search::before_stdlib(&trace.ask, input, &config.path);
    if !modules.is_empty() {
        search.list(&trace.ask);
    }
    let none = Earlier::new(input, &[], &[]);
    let ended = hidden(trace, &search, &none, &[table::encodings()], found)
        .or_else(|| hidden(trace, &search, &none, &modules, found))
        .or_else(|| library::damage(trace, input, config, &modules, true, found));
    match ended {
        None => Ok(()),
        Some(ended) => Err(end(trace, StepId::StartupModules, found, ended, |trace, ended| match ended.stage {
            Stage::Codec => messages::codec(trace, input, settings, config, ended),
            _ => messages::later(input, ended),
        })),
    }
}

/// The import that opening a text file without an encoding needs from 3.8 on; before, the standard streams need it.
///
/// # Errors
/// As [`early`].
pub fn for_text_file(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    found: &mut Imports,
) -> Result<(), Fatal> {
    let behaviors = input.behaviors;
    if !behaviors.has(Behavior::BootlocaleOnlyForFiles) || behaviors.has(Behavior::StreamsWithoutLatin1) {
        return Ok(());
    }
    trace.close();
    let search = Search::before_stdlib(&trace.ask, input, &config.path);
    let module = table::bootlocale(Stage::Site);
    let ended = hidden(trace, &search, &Earlier::new(input, &[], &[]), std::slice::from_ref(&module), found);
    let ended = ended.or_else(|| library::damage(trace, input, config, &[module], false, found));
    // The import is the import system's, and no part of reading the text file.
    trace.give_lookups_to(StepId::Site);
    match ended {
        None => Ok(()),
        Some(ended) => Err(end(trace, StepId::StartupModules, found, ended, |_, ended| messages::later(input, ended))),
    }
}

/// The imports of the launch, after `sys.path[0]` is in place.
///
/// # Errors
/// As [`early`].
pub fn at_launch(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    settings: &Settings,
    config: &PathConfig,
    path: &[RawEntry],
    site: &SiteResult,
    found: &mut Imports,
) -> Result<(), Fatal> {
    if config.is_build_tree {
        return Ok(());
    }
    let launch = &input.invocation.launch;
    let runs_path = matches!(launch, Launch::Script(script) if super::launch::is_importable(trace, script.as_bstr()));
    let modules = table::at_launch(input.behaviors, input.invocation, runs_path, settings.site_import);
    if modules.is_empty() {
        return Ok(());
    }
    let search = Search::before_stdlib(&trace.ask, input, path);
    if modules.len() > 1 {
        search.list(&trace.ask);
    }
    let earlier = Earlier::new(input, path, &site.startup);
    let ended = hidden(trace, &search, &earlier, &modules, found);
    let Some(ended) = ended.or_else(|| library::damage(trace, input, config, &modules, false, found)) else {
        return Ok(());
    };
    if earlier.may_import(trace) && ended.problem.module != "runpy" {
        let step = trace.resume(StepId::LaunchModules);
        let text = sentence!(reason(&ended.problem), ", unless startup code has imported it before");
        found.doubts.push(Doubt::Code { file: ended.problem.file, line: None, text, step });
        return Ok(());
    }
    Err(end(trace, StepId::LaunchModules, found, ended, |trace, ended| {
        messages::at_launch(trace, input, config, path.first(), ended)
    }))
}

/// A module `encodings` that is no package.
#[derive(Debug)]
pub enum PlainModule {
    /// It raises an exception.
    Raises(Option<BString>),
    /// It is imported, and registers no codec.
    Loaded,
}

/// The first plain module `encodings`, where there is no such package.
pub fn plain_encodings(trace: &Trace<'_>, input: &Input<'_>, path: &[RawEntry]) -> Option<PlainModule> {
    let search = Search::everywhere(input, path);
    let (file, entry) = search.find(&trace.ask, "encodings")?;
    Some(match search.judge(trace, &table::encodings(), &file, &entry) {
        Verdict::Fails(Failing::Raises(raised)) => PlainModule::Raises(raised.exception),
        Verdict::Fails(_) | Verdict::Works | Verdict::Unknown => PlainModule::Loaded,
    })
}

/// A `site.py` in front of the standard library's.
#[derive(Debug)]
pub enum ForeignSite {
    /// It raises an exception.
    Raises(Option<BString>),
    /// It ends the process.
    Ends,
    /// It does nothing.
    Idle,
    /// It has the text of the standard library's.
    Same,
    /// Only running it would tell.
    Unknown,
}

/// What a `site.py` on `PYTHONPATH` does in place of the standard library's.
pub fn foreign_site(
    trace: &Trace<'_>,
    input: &Input<'_>,
    path: &[RawEntry],
    file: &BString,
    entry: &RawEntry,
) -> ForeignSite {
    let search = Search::before_stdlib(&trace.ask, input, path);
    match search.judge(trace, &table::site(), file, entry) {
        Verdict::Fails(Failing::Raises(raised)) => ForeignSite::Raises(raised.exception),
        Verdict::Fails(Failing::Ends) => ForeignSite::Ends,
        Verdict::Works if search.is_copy(trace, "site", file, entry) => ForeignSite::Same,
        Verdict::Works => ForeignSite::Idle,
        Verdict::Fails(_) | Verdict::Unknown => ForeignSite::Unknown,
    }
}

/// Notes the problem in a step of its own, and returns how Python ends.
fn end(
    trace: &mut Trace<'_>,
    id: StepId,
    found: &mut Imports,
    mut ended: Found,
    fatal: impl FnOnce(&Trace<'_>, &Found) -> Fatal,
) -> Fatal {
    ended.problem.step = trace.resume(id);
    let mut fatal = fatal(trace, &ended);
    if ended.ends {
        fatal.messages.clear();
    }
    found.problems.push(ended.problem);
    fatal
}

/// Looks for files that hide one of the modules. The first with which startup certainly fails is returned; others are
/// noted.
fn hidden(
    trace: &mut Trace<'_>,
    search: &Search<'_>,
    earlier: &Earlier<'_>,
    modules: &[Module],
    found: &mut Imports,
) -> Option<Found> {
    for module in modules {
        let Some((file, entry)) = search.find(&trace.ask, module.name) else { continue };
        let is_certain = module.name == "runpy" || !earlier.may_import(trace);
        let verdict = if is_certain { search.judge(trace, module, &file, &entry) } else { Verdict::Unknown };
        let verdict = match verdict {
            // Who imports it does without.
            Verdict::Fails(Failing::Raises(raised)) if !module.is_required && raised.is_import_error() => {
                Verdict::Works
            }
            verdict => verdict,
        };
        let id = if module.stage == Stage::Launch { StepId::LaunchModules } else { StepId::StartupModules };
        let step = trace.resume(id);
        note(trace, module.name, &file, &verdict, found);
        let mut problem = ImportProblem {
            module: module.name,
            fault: fault(&verdict),
            exception: None,
            entry: Some((entry.value, entry.origin)),
            file,
            step,
        };
        let Verdict::Fails(failing) = verdict else {
            found.problems.push(problem);
            continue;
        };
        let is_blank = matches!(failing, Failing::LacksFirst(_));
        if module.is_taken_late() && (is_blank || failing == Failing::Lacks) {
            let is_plain = search.names_plainly(Need::Late(""), problem.entry.as_ref());
            found.stat = Some(IncompleteStat { problem, is_blank, is_plain });
            continue;
        }
        let is_silent = !matches!(failing, Failing::Raises(_) | Failing::Exits);
        let (ends, exits) = (failing == Failing::Ends, failing == Failing::Exits);
        let mut runs = false;
        problem.exception = match failing {
            Failing::Raises(raised) => {
                runs = raised.runs;
                raised.exception
            }
            Failing::LacksFirst(need) => {
                let is_init = search::is_init(&problem.file);
                let text = messages::lacks(search.behaviors(), module.name, need, &problem.file, is_init);
                text.filter(|_| search.names_plainly(need, problem.entry.as_ref()))
            }
            Failing::Lacks | Failing::Ends | Failing::Exits => None,
        };
        return Some(Found { stage: module.stage, problem, is_silent, runs, ends, exits });
    }
    None
}

fn fault(verdict: &Verdict) -> ImportFault {
    match verdict {
        Verdict::Fails(_) => ImportFault::Hides,
        Verdict::Works => ImportFault::Replaces,
        Verdict::Unknown => ImportFault::MayReplace,
    }
}

fn note(trace: &mut Trace<'_>, module: &str, file: &BString, verdict: &Verdict, found: &mut Imports) {
    match verdict {
        Verdict::Fails(_) => trace.say(sentence!(file, " is imported as ", module, ", and cannot replace it.")),
        Verdict::Works => trace.say(sentence!(file, " is imported as ", module, ", and replaces it.")),
        Verdict::Unknown => {
            trace.say(sentence!(
                file,
                " is imported as ",
                module,
                "; whether it can replace it, only running it would tell."
            ));
            let text =
                sentence!("this file replaces the module ", module, " of the standard library, which startup imports");
            found.doubts.push(Doubt::Code { file: file.clone(), line: None, text, step: trace.step() });
        }
    }
}

/// How a problem is called where a reason is given.
fn reason(problem: &ImportProblem) -> BString {
    let ImportProblem { module, file, fault, .. } = problem;
    match fault {
        ImportFault::Missing => sentence!("the module ", *module, " is missing from the standard library (", file, ")"),
        ImportFault::BadMagic => {
            sentence!(file, " is not compiled code of this release, and the module ", *module, " has no source")
        }
        ImportFault::OfAnotherMicro => {
            sentence!(file, " is that of a later micro version than the interpreter, which calls it in another way")
        }
        ImportFault::DamagedSource => {
            sentence!(
                file,
                " is not what the standard library has as the module ",
                *module,
                ", and startup cannot use it"
            )
        }
        ImportFault::CutBytecode => sentence!("the compiled code ", file, " of the module ", *module, " is cut off"),
        ImportFault::Hides | ImportFault::Replaces | ImportFault::MayReplace => {
            let from = match &problem.entry {
                Some((_, Origin::PythonPath)) => ", because PYTHONPATH comes before the standard library",
                Some((_, Origin::Launch)) => ", because the first entry of sys.path comes before the standard library",
                _ => "",
            };
            sentence!(file, " is imported in place of the module ", *module, from, ", and startup cannot use it")
        }
    }
}
