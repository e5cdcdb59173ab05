//! One resolution from beginning to end.

use bstr::{BStr, BString, ByteSlice};

use super::death;
use super::fatal::Fatal;
use super::getpath::{self, Input, PathConfig, RawEntry};
use super::launch;
use super::layout::Layout;
use super::locale;
use super::record::{
    Doubt, Outcome, PathEntry, PyvenvCfg, Resolution, SiteValues, Status, Step, SysValues, Unset, Value,
};
use super::redirector;
use super::rules::{Behaviour, Rules};
use super::settings;
use super::site::{self, SiteResult, SysState};
use super::steps;
use super::store;
use super::stub;
use super::target;
use super::text::Charset;
use super::trace::Trace;
use crate::host::{Answer, Check, Host, HostError, ProgramKind, Questions};
use crate::interpreter::{self, Evidence, Identification, Implementation, Interpreter, Problem, Version};
use crate::invocation::Invocation;
use crate::sentence;

/// What may be said beyond the invocation.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Take the interpreter for this version, whatever it seems to be.
    pub python_version: Option<Version>,
    /// What is known about the interpreter from elsewhere, so that its file need not be read: a snapshot says it.
    pub interpreter: Option<Interpreter>,
    /// What else was found out together with `interpreter`.
    pub recorded: Recorded,
}

/// What identification found out when it was recorded, beyond the facts about the interpreter.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Why the file starts no Python, or not directly.
    pub problem: Option<Problem>,
    /// The questions that it took to learn all this: they are shown again, and not asked.
    pub checks: Vec<Check>,
}

/// What the simulation has found out so far; a death leaves the rest empty.
#[derive(Default)]
struct Progress {
    config: Option<PathConfig>,
    sys: Option<SysState>,
    site: SiteResult,
    first: Option<RawEntry>,
    site_ran: bool,
    unsure: Vec<Behaviour>,
}

/// Repeats the start-up of the Python that `invocation` names, against `host`.
pub fn resolve(host: &dyn Host, invocation: &Invocation, options: &Options) -> Resolution {
    let mut trace = Trace::new(Questions::new(host, invocation.cwd.clone()));
    let file = started_file(&mut trace, invocation, options);
    let mut identification = identify(&mut trace, invocation, options, file.as_ref());
    let mut progress = Progress::default();
    let outcome = match start(&mut trace, invocation, options, file, &mut identification) {
        Err(outcome) => Outcome { step: Some(trace.step()), ..outcome },
        Ok(started) => run(&mut trace, &started, &identification.interpreter, &mut progress),
    };
    assemble(trace, invocation, identification, progress, outcome)
}

/// Learns what the file is.
fn identify(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    options: &Options,
    file: Option<&BString>,
) -> Identification {
    trace.begin(steps::IDENTIFY);
    let mut identification = match file {
        Some(file) => examine(trace, invocation, options, file.as_bstr()),
        None => Identification {
            hops: Vec::new(),
            file: None,
            program: None,
            problem: Some(Problem::Missing),
            interpreter: Interpreter::unknown(),
        },
    };
    if let Some(version) = options.python_version {
        assume_version(&mut identification, version);
    }
    explain_identity(trace, invocation, &identification);
    identification
}

/// The file that the name leads to. `argv[0]` may be any text: where it leads nowhere, what the operating system says
/// that it started is it.
fn started_file(trace: &mut Trace<'_>, invocation: &Invocation, options: &Options) -> Option<BString> {
    let typed = target::find(trace, invocation);
    if typed.as_ref().is_some_and(|file| trace.ask.metadata(file.as_bstr()).is_ok()) {
        return typed;
    }
    options.interpreter.as_ref().and_then(|known| known.real_executable.clone()).or(typed)
}

fn examine(trace: &mut Trace<'_>, invocation: &Invocation, options: &Options, file: &BStr) -> Identification {
    let library_path = settings::set_variable(invocation, "LD_LIBRARY_PATH");
    match &options.interpreter {
        Some(known) => recognise(trace, file, known, &options.recorded),
        None => interpreter::identify(&trace.ask, file, library_path),
    }
}

/// How the Python itself is called: as the user says, or as the redirector of an environment does it.
fn start(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    options: &Options,
    file: Option<BString>,
    identification: &mut Identification,
) -> Result<Invocation, Outcome> {
    if let Some(outcome) = refusal(identification, invocation) {
        return Err(outcome);
    }
    let mut invocation = invocation.clone();
    let mut file = file.unwrap_or_default();
    let mut hops = 0;
    while identification.program == Some(ProgramKind::VenvLauncher) {
        hops += 1;
        if hops > redirector::MOST_HOPS {
            return Err(redirector::endless());
        }
        let started = redirector::run(trace, &invocation, file.as_bstr(), &identification.interpreter)?;
        invocation = started.invocation;
        file = started.file;
        *identification = identify(trace, &invocation, options, Some(&file));
        let told = identification.interpreter.real_executable.take();
        identification.interpreter.real_executable = Some(store::started_by(file.as_bstr(), told.as_ref()));
        if let Some(outcome) = refusal(identification, &invocation) {
            return Err(outcome);
        }
    }
    Ok(stub::run(trace, &invocation, &identification.interpreter, file.as_bstr()).unwrap_or(invocation))
}

/// Takes the facts from elsewhere, and only the links from the host.
fn recognise(trace: &mut Trace<'_>, file: &BStr, known: &Interpreter, recorded: &Recorded) -> Identification {
    let identification = interpreter::recognise(&trace.ask, file, known, recorded.problem.as_ref());
    if identification.file.is_some() {
        trace.recall(&recorded.checks);
    }
    identification
}

/// `--python-version`: the given version counts, and a program of unknown kind is taken for CPython.
fn assume_version(identification: &mut Identification, version: Version) {
    let interpreter = &mut identification.interpreter;
    interpreter.version = Some(version);
    interpreter.evidence.retain(|evidence| evidence.fact != "version");
    interpreter.evidence.push(Evidence {
        fact: "version".into(),
        value: version.to_string().into(),
        from: "given on the command line".into(),
    });
    if interpreter.implementation == Implementation::Unknown {
        interpreter.implementation = Implementation::CPython;
    }
    if identification.problem == Some(Problem::NotPython) {
        identification.problem = None;
    }
}

fn explain_identity(trace: &mut Trace<'_>, invocation: &Invocation, identification: &Identification) {
    // The complaint about a dangling link says itself where that link leads.
    let dangling = match &identification.problem {
        Some(Problem::DanglingLink { link, .. }) => Some(link),
        _ => None,
    };
    for hop in identification.hops.iter().filter(|hop| Some(&hop.path) != dangling) {
        trace.say(sentence!(hop.path, " is a link to ", hop.target, "."));
    }
    let interpreter = &identification.interpreter;
    if let Some(complaint) = identification.complaint(invocation.executable.as_bstr()) {
        trace.say(sentence!(complaint, "."));
    }
    if let Some(version) = interpreter.version {
        let name = interpreter.implementation.name();
        trace.say(format!("It is {name} {version} ({}).", interpreter.vendor.name()));
    }
    if let Some(library) = &interpreter.library {
        trace.say(sentence!("The interpreter itself is in ", library, "."));
    }
    trace.set("implementation", Value::Text(interpreter.implementation.name().into()));
    trace.set("version", interpreter.version.map_or(Value::None, |version| Value::Text(version.to_string().into())));
}

/// Why nothing can be simulated, where nothing can.
fn refusal(identification: &Identification, invocation: &Invocation) -> Option<Outcome> {
    if let Some(problem) = &identification.problem {
        let status = if problem.is_started() { Status::Starts } else { Status::FailsToExecute };
        let reason = identification.complaint(invocation.executable.as_bstr());
        return Some(Outcome { status, reason, step: None });
    }
    let interpreter = &identification.interpreter;
    let reason = match (&interpreter.implementation, interpreter.version) {
        (Implementation::CPython, Some(version)) if version.minor >= 6 => return None,
        (Implementation::CPython, Some(version)) => {
            format!("CPython {version} is older than 3.6, and its start-up is not simulated")
        }
        (Implementation::CPython, None) => {
            "the version could not be learnt; say it with --python-version X.Y, and start-up can be simulated"
                .to_owned()
        }
        (Implementation::Unknown, _) => {
            "which Python this is could not be learnt; say it with --python-version X.Y".to_owned()
        }
        (other, version) => {
            let version = version.map(|version| format!(" {version}")).unwrap_or_default();
            format!(
                "the start-up of {}{version} is not simulated, and that of CPython would be no answer",
                other.name()
            )
        }
    };
    Some(Outcome { status: Status::Starts, reason: Some(reason.into()), step: None })
}

fn run(trace: &mut Trace<'_>, invocation: &Invocation, interpreter: &Interpreter, progress: &mut Progress) -> Outcome {
    let Some(version) = interpreter.version else { unreachable!("a refusal came before") };
    let rules = Rules::of(version);
    let started = simulate(trace, invocation, interpreter, &rules, progress);
    progress.unsure = rules.unsure();
    match started {
        Ok(()) => Outcome { status: Status::Starts, reason: None, step: None },
        Err(fatal) if fatal.unanswered => {
            Outcome { status: Status::Starts, reason: Some(fatal.reason), step: Some(trace.step()) }
        }
        Err(fatal) => {
            let step = trace.step();
            for message in fatal.messages {
                trace.print(message);
            }
            Outcome { status: Status::FailsToInitialize, reason: Some(fatal.reason), step: Some(step) }
        }
    }
}

fn simulate(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    interpreter: &Interpreter,
    rules: &Rules,
    progress: &mut Progress,
) -> Result<(), Fatal> {
    if locale::is_ascii(invocation, rules) {
        trace.charset = Charset::Ascii;
    }
    let mut settings = settings::read(trace, rules, invocation);
    if invocation.flags.safe_path && !rules.has(Behaviour::SafePath) {
        return Err(Fatal {
            reason: "this version does not know the option -P".into(),
            messages: vec!["Unknown option: -P".into()],
            unanswered: false,
        });
    }
    let packaged = store::prepare(trace, invocation, interpreter, &mut settings);
    let invocation = packaged.as_ref().unwrap_or(invocation);
    let layout = Layout::new(invocation.platform, rules.version(), interpreter, &settings, rules);
    let input = Input { invocation, interpreter, rules, layout: &layout };
    let config = getpath::compute(trace, &input, &mut settings)?;
    let state = SysState {
        path: config.path.clone(),
        prefix: config.prefix.clone(),
        exec_prefix: config.exec_prefix.clone(),
        home: Unset::Absent,
        base_executable: config.base_executable.clone(),
    };
    let config = progress.config.insert(config);
    let state = progress.sys.insert(state);
    death::import_encodings(trace, &input, &settings, config)?;
    if settings.site_import {
        progress.site_ran = true;
        site::run(trace, &input, &settings, config, state, &mut progress.site)?;
    }
    progress.first = launch::first_entry(trace, rules, invocation, &settings);
    Ok(())
}

fn assemble(
    trace: Trace<'_>,
    invocation: &Invocation,
    identification: Identification,
    progress: Progress,
    outcome: Outcome,
) -> Resolution {
    let Progress { config, sys: sys_state, mut site, first, site_ran, unsure } = progress;
    let rules = identification.interpreter.version.map(Rules::of);
    let mut doubts = std::mem::take(&mut site.doubts);
    doubts.extend(config.as_ref().and_then(|config| config.unknown).map(Doubt::Compiled));
    doubts.extend(unsure.into_iter().map(Doubt::Micro));
    let site_missing = std::mem::take(&mut site.missing);
    let pyvenv_cfg = config.as_ref().and_then(|config| pyvenv_cfg(config, &site));
    let (mut sys, mut site_values, mut startup) = (None, None, Vec::new());
    if let (Some(config), Some(state), Some(rules)) = (config, sys_state, rules) {
        sys = Some(sys_values(&trace, &rules, config, state, first));
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
    let (steps, messages) = trace.finish();
    doubts.extend(unanswered(&steps));
    Resolution {
        invocation: invocation.clone(),
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
    }
}

/// The questions to which the host had no answer, each once.
fn unanswered(steps: &[Step]) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = Vec::new();
    for step in steps {
        for Check { op, path, .. } in step.checks.iter().filter(|check| is_unanswered(check)) {
            let known = |doubt: &Doubt| matches!(doubt, Doubt::Unanswered { path: other, op: asked, .. } if other == path && asked == op);
            if !doubts.iter().any(known) {
                doubts.push(Doubt::Unanswered { path: path.clone(), op: *op, step: step.id });
            }
        }
    }
    doubts
}

fn is_unanswered(check: &Check) -> bool {
    check.answer == Answer::Error(HostError::Unanswered)
}

fn sys_values(
    trace: &Trace<'_>,
    rules: &Rules,
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
        platlibdir: rules.has(Behaviour::Platlibdir).then_some(config.platlibdir),
        stdlib_dir: config.stdlib_dir.filter(|_| rules.has(Behaviour::StdlibDir)),
        path,
    }
}

/// An entry as it is shown. Whether it exists is no question of Python's, and stands in no step.
fn path_entry(trace: &Trace<'_>, entry: RawEntry) -> PathEntry {
    let place: &BStr = if entry.value.is_empty() { b".".as_bstr() } else { entry.value.as_bstr() };
    let exists = trace.ask.metadata(place).is_ok();
    PathEntry { value: entry.value, origin: entry.origin, exists, step: entry.step, file: entry.file }
}

/// The file that decided: that of the site module, or where it read none, that of the path configuration.
fn pyvenv_cfg(config: &PathConfig, site: &SiteResult) -> Option<PyvenvCfg> {
    let candidates = config.cfg.candidates.iter().chain(&site.cfg_candidates).cloned().collect();
    if let Some(path) = &site.cfg_path {
        return Some(PyvenvCfg { path: path.clone(), entries: site.cfg_entries.clone(), candidates });
    }
    let path = config.cfg.path.clone()?;
    let entries = site::parse_cfg(&config.cfg.content, config.cfg.home_line);
    Some(PyvenvCfg { path, entries, candidates })
}
