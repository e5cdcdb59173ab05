//! One resolution from beginning to end.

use bstr::{BStr, BString, ByteSlice};

use super::assemble::{Progress, assemble};
use super::behaviors::{Behavior, Behaviors, is_simulated, is_simulated_in_pypy, stand_in};
use super::command;
use super::configuration;
use super::encodings;
use super::fatal::Fatal;
use super::getpath::{self, Input};
use super::imports::{self, Imports};
use super::launch;
use super::layout::Layout;
use super::locale;
use super::pypy;
use super::record::{Doubt, Outcome, Resolution, Status, Value};
use super::redirector;
use super::settings;
use super::site::{self, SysState};
use super::steps::StepId;
use super::store;
use super::stub;
use super::target;
use super::trace::Trace;
use super::unstarted;
use super::without_python;
use crate::host::{Host, Lookup, Lookups, Platform, ProgramKind};
use crate::interpreter::{
    self, Fact, Identification, Implementation, Interpreter, LoaderVariables, Problem, Vendor, Version,
};
use crate::invocation::Invocation;
use crate::text::python::Charset;
use crate::text::sentence;

/// What the caller may specify beyond the invocation.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Options {
    /// Take the interpreter for this version, whatever its file says.
    pub python_version: Option<Version>,
    /// What is already known about the interpreter, so that its file need not be read; a snapshot contains it.
    pub interpreter: Option<Interpreter>,
    /// What else was found out together with `interpreter`.
    pub recorded: Recorded,
    /// Stop at a shim that stands for the interpreter of an environment, since the environment is what is examined.
    pub in_place: bool,
}

impl Options {
    /// The same, taking the interpreter for this version whatever its file says.
    #[must_use]
    pub fn with_python_version(self, version: Version) -> Self {
        Self { python_version: Some(version), ..self }
    }

    /// The same, taking what is known about the interpreter as given, so that its file is not read.
    #[must_use]
    pub fn with_interpreter(self, interpreter: Interpreter) -> Self {
        Self { interpreter: Some(interpreter), ..self }
    }
}

/// What identification found out when it was recorded, beyond the facts about the interpreter.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Why the file starts no Python, or not directly.
    pub problem: Option<Problem>,
    /// The lookups that identification needed; they are shown again and not repeated.
    pub lookups: Vec<Lookup>,
    /// The scripts on the way to the interpreter: what was recorded is not about these.
    pub scripts: Vec<BString>,
    /// The version of the redirector of `venv` that starts the interpreter, if it is another one.
    pub redirector: Option<Version>,
}

/// Repeats the startup of the Python that `invocation` names, against `host`.
pub fn resolve(host: &dyn Host, invocation: &Invocation, options: &Options) -> Resolution {
    resolve_asking(Lookups::new(host, invocation.cwd.clone()), invocation, options).0
}

/// The same, and returns the lookups with their memory, for callers that want to know more about the same machine.
pub fn resolve_asking<'h>(
    lookups: Lookups<'h>,
    invocation: &Invocation,
    options: &Options,
) -> (Resolution, Lookups<'h>) {
    let mut trace = Trace::new(lookups);
    let file = started_file(&mut trace, invocation, options);
    let identified = identify(&mut trace, invocation, options, file.as_ref());
    let followed = command::follow(&mut trace, invocation, options, file, identified);
    let command::Followed { invocation, file, mut identification, command, end } = followed;
    let mut progress = Progress { command, ..Progress::default() };
    let refused = end.map_or_else(|| simulated(&identification, &invocation), Err);
    let refused = refused.map_err(|outcome| {
        let known = without_python::judge(&trace, &invocation, &identification, file.as_ref());
        at(&trace, known.unwrap_or(outcome))
    });
    let outcome = match (refused, file) {
        (Err(outcome), Some(file)) if outcome.status == Status::FailsToExecute => {
            print_complaint(&mut trace, &invocation, &identification);
            progress.unread_cfg = unstarted::read(&mut trace, &invocation, &identification, file.as_bstr());
            outcome
        }
        (Err(outcome), _) => outcome,
        (Ok(_), file) => match start(&mut trace, &invocation, options, file, &mut identification) {
            Err(outcome) => at(&trace, outcome),
            Ok((started, version)) => {
                // Identification has tried every path in the image as the prefix; what a snapshot leaves out, nobody has.
                progress.may_have_other_prefix = options.interpreter.is_some();
                run(&mut trace, &started, &identification.interpreter, version, &mut progress)
            }
        },
    };
    assemble(trace, &invocation, identification, progress, outcome)
}

/// What the dynamic loader prints about a program that it cannot start.
fn print_complaint(trace: &mut Trace<'_>, invocation: &Invocation, identification: &Identification) {
    let file = identification.file.as_ref().unwrap_or(&invocation.executable);
    let problem = identification.problem.as_ref();
    if let Some(line) = problem
        .and_then(|problem| problem.printed(invocation.platform, invocation.executable.as_bstr(), file.as_bstr()))
    {
        trace.print(line);
    }
}

/// Learns what the file is.
pub(super) fn identify(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    options: &Options,
    file: Option<&BString>,
) -> Identification {
    trace.begin(StepId::Identify);
    let mut identification = match file {
        Some(file) => examine(trace, invocation, options, file.as_bstr()),
        None => Identification {
            hops: Vec::new(),
            file: None,
            program: None,
            problem: Some(Problem::Missing),
            interpreter: Interpreter::unknown(),
            redirector: None,
        },
    };
    if let Some(version) = options.python_version {
        assume_version(&mut identification, version);
    }
    explain_identity(trace, invocation, &identification);
    identification
}

/// The file that the name leads to. `argv[0]` may be any text: if it leads nowhere, the file is the one that the operating
/// system reports as started.
fn started_file(trace: &mut Trace<'_>, invocation: &Invocation, options: &Options) -> Option<BString> {
    let typed = target::find(trace, invocation);
    if typed.as_ref().is_some_and(|file| trace.ask.metadata(file.as_bstr()).is_ok()) {
        return typed;
    }
    options.interpreter.as_ref().and_then(|known| known.real_executable.clone()).or(typed)
}

fn examine(trace: &mut Trace<'_>, invocation: &Invocation, options: &Options, file: &BStr) -> Identification {
    match &options.interpreter {
        Some(known) => recognize(trace, file, known, &options.recorded),
        None => interpreter::identify(&trace.ask, file, LoaderVariables::of(invocation)),
    }
}

/// How the Python itself is called: as the user calls it, or as the redirector of an environment does.
fn start(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    options: &Options,
    file: Option<BString>,
    identification: &mut Identification,
) -> Result<(Invocation, Version), Outcome> {
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
        let first = identification.redirector.or(identification.interpreter.version);
        *identification = identify(trace, &invocation, options, Some(&file));
        identification.redirector = first;
        let reported = identification.interpreter.real_executable.take();
        identification.interpreter.real_executable = Some(store::started_by(file.as_bstr(), reported.as_ref()));
        simulated(identification, &invocation)?;
    }
    let version = simulated(identification, &invocation)?;
    if invocation.platform == Platform::Windows && identification.interpreter.real_executable.is_none() {
        identification.interpreter.real_executable = store::reported(trace.ask.cwd(), file.as_bstr());
    }
    Ok((stub::run(trace, &invocation, &identification.interpreter, file.as_bstr()).unwrap_or(invocation), version))
}

/// Takes the facts as given, and only the symlinks from the host.
fn recognize(trace: &mut Trace<'_>, file: &BStr, known: &Interpreter, recorded: &Recorded) -> Identification {
    let (problem, redirector) = (recorded.problem.as_ref(), recorded.redirector);
    let identification = interpreter::recognize(&trace.ask, file, known, problem, &recorded.scripts, redirector);
    if identification.program == Some(ProgramKind::VenvLauncher) {
        return identification;
    }
    let is_script = matches!(identification.problem, Some(Problem::Script { .. }));
    if identification.file.is_some() && (!is_script || recorded.problem == identification.problem) {
        trace.recall(&recorded.lookups);
    }
    identification
}

/// `--python-version`: the given version counts, and a program of unknown kind is taken for CPython.
fn assume_version(identification: &mut Identification, version: Version) {
    let interpreter = &mut identification.interpreter;
    interpreter.version = Some(version);
    interpreter.evidence.retain(|evidence| evidence.fact != "version");
    interpreter.evidence.push(Fact {
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
    // The sentence about a dangling symlink already says where it leads.
    let dangling = match &identification.problem {
        Some(Problem::DanglingLink { link, .. }) => Some(link),
        _ => None,
    };
    for hop in identification.hops.iter().filter(|hop| Some(&hop.path) != dangling) {
        trace.say(sentence!(hop.path, " is a symlink to ", hop.target, "."));
    }
    let interpreter = &identification.interpreter;
    if let Some(complaint) = identification.complaint(invocation.executable.as_bstr()) {
        trace.say(sentence!(complaint, "."));
    }
    if let Some(version) = interpreter.version {
        let name = interpreter.implementation.name();
        let build = match &interpreter.vendor {
            Vendor::Unknown => String::new(),
            vendor => format!(", build: {}", vendor.name()),
        };
        trace.say(format!("The interpreter is {name} {version}{build}."));
    }
    if let Some(launcher) = interpreter.evidence.iter().find(|fact| fact.fact == "launcher") {
        trace.say(sentence!("On Windows, it is a launcher that starts ", launcher.value, "."));
    }
    if let Some(library) = &interpreter.library {
        trace.say(sentence!("The interpreter itself is in the shared library ", library, "."));
    }
    trace.set("implementation", Value::Text(interpreter.implementation.name().into()));
    trace.set("version", interpreter.version.map_or(Value::None, |version| Value::Text(version.to_string().into())));
}

/// The same outcome, decided in the open step.
fn at(trace: &Trace<'_>, outcome: Outcome) -> Outcome {
    Outcome { step: Some(trace.step()), ..outcome }
}

/// The version whose startup is simulated, or the outcome where none can be.
fn simulated(identification: &Identification, invocation: &Invocation) -> Result<Version, Outcome> {
    if let Some(problem) = &identification.problem {
        let status = if problem.is_started() { Status::NotSimulated } else { Status::FailsToExecute };
        let reason = identification.complaint(invocation.executable.as_bstr());
        return Err(Outcome { status, reason, step: None });
    }
    let interpreter = &identification.interpreter;
    let reason = match (&interpreter.implementation, interpreter.version) {
        (Implementation::CPython, Some(version)) if is_simulated(version) => return Ok(version),
        (Implementation::PyPy, Some(version))
            if is_simulated_in_pypy(version) && invocation.platform == Platform::Linux =>
        {
            return Ok(version);
        }
        (Implementation::CPython, Some(version)) => {
            format!("CPython {version} is older than 3.6, and its startup is not simulated")
        }
        (Implementation::CPython, None) => {
            "the version is unknown; with --python-version X.Y, startup can be simulated".to_owned()
        }
        (Implementation::Unknown, _) => {
            "the implementation and version of this Python are unknown; with --python-version X.Y, startup can be simulated".to_owned()
        }
        (other, version) => {
            let own = interpreter.evidence.iter().find(|fact| fact.fact == "implementation_version");
            let own = own.map(|fact| fact.value.to_string());
            let version = own.or_else(|| version.map(|version| version.to_string()));
            let version = version.map(|version| format!(" {version}")).unwrap_or_default();
            format!("the startup of {}{version} is not simulated, and that of CPython differs", other.name())
        }
    };
    Err(Outcome { status: Status::NotSimulated, reason: Some(reason.into()), step: None })
}

/// Says so where the version is newer than every release that is known.
fn newer(trace: &mut Trace<'_>, version: Version) -> Option<Doubt> {
    let stand_in = stand_in(version)?;
    trace.say(format!(
        "CPython {version} is newer than the newest version that is known, {}, whose behavior is assumed.",
        stand_in.short()
    ));
    Some(Doubt::Newer { version, stand_in, step: trace.step() })
}

fn run(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    interpreter: &Interpreter,
    version: Version,
    progress: &mut Progress,
) -> Outcome {
    let is_pypy = interpreter.implementation == Implementation::PyPy;
    let behaviors = if is_pypy { Behaviors::of_pypy(version) } else { Behaviors::of(version) };
    if !is_pypy {
        progress.newer = newer(trace, version);
    }
    let simulation = if is_pypy { pypy::simulate } else { simulate };
    let started = simulation(trace, invocation, interpreter, &behaviors, progress);
    progress.unsure = behaviors.unsure();
    match started {
        Ok(()) => Outcome { status: Status::Starts, reason: None, step: None },
        Err(fatal) if fatal.unanswered => {
            Outcome { status: Status::Starts, reason: Some(fatal.reason), step: Some(trace.step()) }
        }
        Err(_)
            if progress.may_have_other_prefix
                && let Some(fact) = progress.config.as_ref().and_then(|config| config.unknown) =>
        {
            unknown(trace, progress, fact)
        }
        Err(fatal) => {
            let step = trace.step();
            trace.say(sentence!("Startup ends here: ", fatal.reason, "."));
            for message in fatal.messages {
                trace.print(message);
            }
            Outcome { status: Status::FailsToInitialize, reason: Some(fatal.reason), step: Some(step) }
        }
    }
}

/// Startup fails in the simulation, but with a value that could not be determined: what Python does is not known.
fn unknown(trace: &mut Trace<'_>, progress: &mut Progress, fact: &'static str) -> Outcome {
    *progress = Progress { unknown: Some(fact), ..Progress::default() };
    trace.keep_identification();
    let reason = format!("{fact} could not be determined, and whether Python finds its standard library depends on it");
    Outcome { status: Status::NotSimulated, reason: Some(reason.into()), step: Some(trace.step()) }
}

fn simulate(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    interpreter: &Interpreter,
    behaviors: &Behaviors,
    progress: &mut Progress,
) -> Result<(), Fatal> {
    if locale::is_ascii(invocation, behaviors) {
        trace.charset = Charset::Ascii;
    }
    let mut settings = settings::read(trace, behaviors, invocation);
    configuration::check(trace, behaviors, invocation, &mut progress.refused)?;
    let packaged = store::prepare(trace, invocation, interpreter, &mut settings);
    let invocation = packaged.as_ref().unwrap_or(invocation);
    let layout = Layout::new(invocation.platform, behaviors.version(), interpreter, &settings, behaviors);
    let input = Input { invocation, interpreter, behaviors, layout: &layout };
    let config = getpath::compute(trace, &input, &mut settings)?;
    configuration::announce(trace, behaviors, invocation);
    let state = SysState::of(&config);
    let config = &*progress.config.insert(config);
    let state = progress.sys.insert(state);
    configuration::check_frozen_modules(trace, behaviors, invocation, &mut progress.refused)?;
    let library = encodings::import(trace, &input, &settings, config)?;
    let mut found = Imports::default();
    let early = imports::early(trace, &input, &settings, config, &mut found);
    progress.site.note_imports(found);
    early?;
    let entry = library.as_bstr();
    let refused = &mut progress.refused;
    if behaviors.has(Behavior::CoreConfiguration) {
        configuration::look_up_io_encoding(trace, behaviors, invocation, entry, refused)?;
        configuration::start_tracemalloc(trace, behaviors, invocation, refused)?;
    } else {
        configuration::start_tracemalloc(trace, behaviors, invocation, refused)?;
        configuration::look_up_io_encoding(trace, behaviors, invocation, entry, refused)?;
    }
    configuration::read_warning_filters(trace, &input, config, refused, &mut progress.site.doubts);
    if settings.site_import {
        progress.site_ran = true;
        progress.site_ran = site::run(trace, &input, &settings, config, state, &mut progress.site)?;
    }
    if behaviors.has(Behavior::Preconfiguration) {
        configuration::warn_of_legacy_locale(trace, behaviors, invocation);
    }
    progress.first = launch::first_entry(trace, behaviors, invocation, &settings);
    let path: Vec<_> = progress.first.iter().chain(&state.path).cloned().collect();
    let place = |trace: &Trace<'_>, module: &str| site::place_of(&trace.ask, &input, &path, module);
    let doubts = &mut progress.site.doubts;
    configuration::read_startup_file(trace, behaviors, invocation, &place, &mut progress.refused, doubts)?;
    let mut found = Imports::default();
    let imported = imports::at_launch(trace, &input, &settings, config, &path, &progress.site, &mut found);
    progress.site.note_imports(found);
    imported
}
