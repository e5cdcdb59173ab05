//! The modules that startup imports after `encodings`: whether something hides them, and whether they are whole.
//!
//! Python searches `sys.path` for each of them. Where all is well, this asks only what Python asks, too: for the files of
//! the standard library, and for files of the same names in the directories before it.

mod bytecode;
mod content;
mod library;
mod messages;
mod search;
mod table;

use bstr::{BString, ByteSlice};

use super::fatal::Fatal;
use super::getpath::{Input, PathConfig, RawEntry};
use super::record::{Doubt, ImportFault, ImportProblem, Origin};
use super::settings::Settings;
use super::site::SiteResult;
use super::steps::StepId;
use super::trace::Trace;
use crate::invocation::Launch;
use crate::text::sentence;
use content::Verdict;
use search::Search;
use table::{Module, Stage};

pub use content::{fails_at_once, is_blank};
pub use search::place;

/// What the imports leave behind.
#[derive(Debug, Default)]
pub struct Imports {
    /// What is not as the standard library has it.
    pub problems: Vec<ImportProblem>,
    /// Why the result is not certain.
    pub doubts: Vec<Doubt>,
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
    let modules = table::before_launch(input.behaviors, input.invocation.platform, settings.site_import);
    let search = Search::before_stdlib(&trace.ask, input, &config.path);
    let fatal = |trace: &Trace<'_>, stage, problem: &ImportProblem| match stage {
        Stage::Codec => messages::codec(trace, input, settings, config, problem),
        stage => messages::later(input, stage, problem),
    };
    if !modules.is_empty() {
        search.list(&trace.ask);
    }
    let encodings = hidden(trace, &search, &[table::ENCODINGS], found);
    if let Some((stage, problem)) = encodings {
        return Err(end(trace, StepId::StartupModules, found, problem, |trace, problem| fatal(trace, stage, problem)));
    }
    if let Some((stage, problem)) = hidden(trace, &search, &modules, found) {
        return Err(end(trace, StepId::StartupModules, found, problem, |trace, problem| fatal(trace, stage, problem)));
    }
    if let Some((stage, problem)) = library::damage(trace, input, config, &modules) {
        return Err(end(trace, StepId::StartupModules, found, problem, |trace, problem| fatal(trace, stage, problem)));
    }
    Ok(())
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
    let mut search = Search::before_stdlib(&trace.ask, input, path);
    // What startup code has imported is not searched for again.
    search.is_certain = site.startup.is_empty();
    let problem = hidden(trace, &search, &modules, found);
    let problem = problem.or_else(|| library::damage(trace, input, config, &modules));
    match problem {
        None => Ok(()),
        Some((_, problem)) if !search.is_certain => {
            let step = trace.resume(StepId::LaunchModules);
            let text = sentence!(reason(&problem), ", unless startup code has imported it before");
            found.doubts.push(Doubt::Code { file: problem.file, line: None, text, step });
            Ok(())
        }
        Some((_, problem)) => {
            Err(end(trace, StepId::LaunchModules, found, problem, |_, problem| messages::at_launch(input, problem)))
        }
    }
}

/// Notes the problem in a step of its own, and returns how Python ends.
fn end(
    trace: &mut Trace<'_>,
    id: StepId,
    found: &mut Imports,
    mut problem: ImportProblem,
    fatal: impl FnOnce(&Trace<'_>, &ImportProblem) -> Fatal,
) -> Fatal {
    problem.step = trace.resume(id);
    let fatal = fatal(trace, &problem);
    found.problems.push(problem);
    fatal
}

/// Looks for files that hide one of the modules. The first with which startup certainly fails is returned; others are
/// noted.
fn hidden(
    trace: &mut Trace<'_>,
    search: &Search<'_>,
    modules: &[Module],
    found: &mut Imports,
) -> Option<(Stage, ImportProblem)> {
    for module in modules {
        let Some((file, entry)) = search.find(&trace.ask, module.name) else { continue };
        let verdict = search.judge(trace, module, &file, &entry);
        let fault = match verdict {
            Verdict::Fails => ImportFault::Hides,
            Verdict::Works => ImportFault::Replaces,
            Verdict::Unknown => ImportFault::MayReplace,
        };
        let id = if module.stage == Stage::Launch { StepId::LaunchModules } else { StepId::StartupModules };
        let step = trace.resume(id);
        let entry = Some((entry.value, entry.origin));
        let problem = ImportProblem { module: module.name, file: file.clone(), fault, entry, step };
        match verdict {
            Verdict::Fails => {
                trace.say(sentence!(file, " is imported as ", module.name, ", and cannot replace it."));
                return Some((module.stage, problem));
            }
            Verdict::Works => {
                trace.say(sentence!(file, " is imported as ", module.name, ", and replaces it."));
            }
            Verdict::Unknown => {
                trace.say(sentence!(
                    file,
                    " is imported as ",
                    module.name,
                    "; whether it can replace it, only running it would tell."
                ));
                let text = sentence!(
                    "this file replaces the module ",
                    module.name,
                    " of the standard library, which startup imports"
                );
                found.doubts.push(Doubt::Code { file, line: None, text, step });
            }
        }
        found.problems.push(problem);
    }
    None
}

/// How a problem is called where a reason is given.
fn reason(problem: &ImportProblem) -> BString {
    let ImportProblem { module, file, fault, .. } = problem;
    match fault {
        ImportFault::Missing => sentence!("the module ", *module, " is missing from the standard library (", file, ")"),
        ImportFault::BadMagic => {
            sentence!(file, " is not compiled code of this release, and the module ", *module, " has no source")
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
