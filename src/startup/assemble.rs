//! The record of a resolution, put together from what the phases left behind.

use bstr::{BStr, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::command::Command;
use super::configuration::RefusedSetting;
use super::getpath::{PathConfig, RawEntry};
use super::record::{Doubt, Outcome, PathEntry, PyvenvCfg, Resolution, SiteValues, Step, SysValues};
use super::site::{self, SiteResult, SysState};
use super::trace::Trace;
use crate::host::{Answer, HostError, Lookup, Lookups};
use crate::interpreter::Identification;
use crate::invocation::{Invocation, SHIM_VARIABLES};

/// What the simulation has found out so far; if Python fails to start, the rest stays empty.
#[derive(Default)]
pub(super) struct Progress {
    /// How the command led to the interpreter.
    pub command: Option<Command>,
    /// The path configuration.
    pub config: Option<PathConfig>,
    /// What `site` made of `sys`.
    pub sys: Option<SysState>,
    /// What the site module left behind.
    pub site: SiteResult,
    /// The implicit first entry.
    pub first: Option<RawEntry>,
    /// Whether the site module was imported.
    pub site_ran: bool,
    /// The `pyvenv.cfg` of an interpreter that cannot be started.
    pub unread_cfg: Option<PyvenvCfg>,
    /// Whether a prefix that could not be determined may be one with a standard library.
    pub may_have_other_prefix: bool,
    /// The compiled-in value without which nothing is known; what came before is dropped.
    pub unknown: Option<&'static str>,
    /// Behaviors that depend on a micro release that is not known.
    pub unsure: Vec<Behavior>,
    /// What is not known because the version is newer than the table of behaviors.
    pub newer: Option<Doubt>,
    /// Values of variables and options that Python does not accept.
    pub refused: Vec<RefusedSetting>,
}

/// Joins everything into the record.
pub(super) fn assemble<'h>(
    trace: Trace<'h>,
    invocation: &Invocation,
    identification: Identification,
    progress: Progress,
    outcome: Outcome,
) -> (Resolution, Lookups<'h>) {
    let Progress {
        command,
        config,
        sys: sys_state,
        mut site,
        first,
        site_ran,
        unread_cfg,
        unknown,
        unsure,
        newer,
        refused,
        ..
    } = progress;
    let behaviors = identification.interpreter.version.map(Behaviors::of);
    let mut doubts = std::mem::take(&mut site.doubts);
    doubts.extend(config.as_ref().and_then(|config| config.unknown).map(Doubt::Compiled));
    doubts.extend(unknown.map(Doubt::Compiled));
    doubts.extend(newer);
    doubts.extend(unsure.into_iter().map(Doubt::Micro));
    let site_missing = std::mem::take(&mut site.missing);
    let failures = std::mem::take(&mut site.failures);
    let imports = std::mem::take(&mut site.imports);
    let pyvenv_cfg = config.as_ref().and_then(|config| pyvenv_cfg(config, &site)).or(unread_cfg);
    let (mut sys, mut site_values, mut startup) = (None, None, Vec::new());
    if let (Some(config), Some(state), Some(behaviors)) = (config, sys_state, behaviors) {
        sys = Some(sys_values(&trace, &behaviors, config, state, first));
        startup = site.startup;
        site_values = Some(SiteValues {
            enabled: site_ran,
            enable_user_site: site.enable_user_site,
            user_base: site.user_base,
            user_site: site.user_site,
            prefixes: site.prefixes,
            customize: site.customize,
        });
    }
    let (steps, messages, lookups) = trace.finish();
    doubts.extend(unanswered(&steps));
    let has_shim = command.as_ref().is_some_and(Command::has_shim) || identification.is_shim();
    let resolution = Resolution {
        invocation: without_shim_variables(invocation, has_shim),
        command,
        identification,
        outcome,
        pyvenv_cfg,
        sys,
        site: site_values,
        startup,
        messages,
        steps,
        doubts,
        missing: site_missing,
        failures,
        refused,
        imports,
    };
    (resolution, lookups)
}

/// The invocation, without the variables of version managers where none was asked.
fn without_shim_variables(invocation: &Invocation, has_shim: bool) -> Invocation {
    let mut invocation = invocation.clone();
    if !has_shim {
        invocation.environment.retain(|name, _| !SHIM_VARIABLES.contains(&name.as_str()));
    }
    invocation
}

/// The questions to which the host had no answer, each once. What Python does not ask leaves no doubt about it.
fn unanswered(steps: &[Step]) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = Vec::new();
    for step in steps.iter().filter(|step| !step.id.is_beyond_python()) {
        for Lookup { op, path, .. } in step.lookups.iter().filter(|check| is_unanswered(check)) {
            let known = |doubt: &Doubt| matches!(doubt, Doubt::Unanswered { path: other, op: asked, .. } if other == path && asked == op);
            if !doubts.iter().any(known) {
                doubts.push(Doubt::Unanswered { path: path.clone(), op: *op, step: step.number });
            }
        }
    }
    doubts
}

fn is_unanswered(lookup: &Lookup) -> bool {
    lookup.answer == Answer::Error(HostError::Unanswered)
}

fn sys_values(
    trace: &Trace<'_>,
    behaviors: &Behaviors,
    config: PathConfig,
    state: SysState,
    first: Option<RawEntry>,
) -> SysValues {
    let path = first.into_iter().chain(state.path).map(|entry| path_entry(trace, entry)).collect();
    SysValues {
        executable: config.executable,
        base_executable: state.base_executable,
        prefix: state.prefix,
        exec_prefix: state.exec_prefix,
        base_prefix: config.base_prefix,
        base_exec_prefix: config.base_exec_prefix,
        home: state.home,
        platlibdir: behaviors.has(Behavior::Platlibdir).then_some(config.platlibdir),
        stdlib_dir: config.stdlib_dir.filter(|_| behaviors.has(Behavior::StdlibDir)),
        path,
    }
}

/// An entry as it is shown. Python does not look up whether it exists, so that lookup is part of no step.
fn path_entry(trace: &Trace<'_>, entry: RawEntry) -> PathEntry {
    let place: &BStr = if entry.value.is_empty() { b".".as_bstr() } else { entry.value.as_bstr() };
    let exists = trace.ask.metadata(place).is_ok();
    PathEntry { value: entry.value, origin: entry.origin, exists, step: entry.step, file: entry.file }
}

/// The file that decided: the one that the site module read, or else the one that the path configuration read.
fn pyvenv_cfg(config: &PathConfig, site: &SiteResult) -> Option<PyvenvCfg> {
    let candidates = config.cfg.candidates.iter().chain(&site.cfg_candidates).cloned().collect();
    if let Some(path) = &site.cfg_path {
        return Some(PyvenvCfg { path: path.clone(), entries: site.cfg_entries.clone(), candidates });
    }
    let path = config.cfg.path.clone()?;
    let entries = site::parse_cfg(&config.cfg.content, config.cfg.home_line);
    Some(PyvenvCfg { path, entries, candidates })
}
