//! One resolution from beginning to end.

use bstr::{BStr, BString, ByteSlice};

use super::assemble::{Progress, assemble, note_imports};
use super::behaviors::{Behavior, Behaviors, is_simulated};
use super::encodings;
use super::fatal::Fatal;
use super::getpath::{self, Input};
use super::imports::{self, Imports};
use super::launch;
use super::layout::Layout;
use super::locale;
use super::record::{Outcome, Resolution, Status, Unset, Value};
use super::redirector;
use super::settings;
use super::site::{self, SysState};
use super::steps::StepId;
use super::store;
use super::stub;
use super::target;
use super::trace::Trace;
use super::unstarted;
use crate::host::{Host, Lookup, Lookups, ProgramKind};
use crate::interpreter::{self, Fact, Identification, Implementation, Interpreter, Problem, Vendor, Version};
use crate::invocation::Invocation;
use crate::text::python::Charset;
use crate::text::sentence;

/// What the caller may specify beyond the invocation.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Take the interpreter for this version, whatever its file says.
    pub python_version: Option<Version>,
    /// What is already known about the interpreter, so that its file need not be read; a snapshot contains it.
    pub interpreter: Option<Interpreter>,
    /// What else was found out together with `interpreter`.
    pub recorded: Recorded,
}

/// What identification found out when it was recorded, beyond the facts about the interpreter.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Why the file starts no Python, or not directly.
    pub problem: Option<Problem>,
    /// The lookups that identification needed; they are shown again and not repeated.
    pub lookups: Vec<Lookup>,
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
    let mut identification = identify(&mut trace, invocation, options, file.as_ref());
    let mut progress = Progress::default();
    let refused = refusal(&identification, invocation).map(|outcome| Outcome { step: Some(trace.step()), ..outcome });
    let outcome = match (refused, file) {
        (Some(outcome), Some(file)) if outcome.status == Status::FailsToExecute => {
            progress.unread_cfg = unstarted::read(&mut trace, invocation, &identification, file.as_bstr());
            outcome
        }
        (Some(outcome), _) => outcome,
        (None, file) => match start(&mut trace, invocation, options, file, &mut identification) {
            Err(outcome) => Outcome { step: Some(trace.step()), ..outcome },
            Ok(started) => run(&mut trace, &started, &identification.interpreter, &mut progress),
        },
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
    trace.begin(StepId::Identify);
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
    let library_path = settings::set_variable(invocation, "LD_LIBRARY_PATH");
    match &options.interpreter {
        Some(known) => recognize(trace, file, known, &options.recorded),
        None => interpreter::identify(&trace.ask, file, library_path),
    }
}

/// How the Python itself is called: as the user calls it, or as the redirector of an environment does.
fn start(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    options: &Options,
    file: Option<BString>,
    identification: &mut Identification,
) -> Result<Invocation, Outcome> {
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
        let reported = identification.interpreter.real_executable.take();
        identification.interpreter.real_executable = Some(store::started_by(file.as_bstr(), reported.as_ref()));
        if let Some(outcome) = refusal(identification, &invocation) {
            return Err(outcome);
        }
    }
    Ok(stub::run(trace, &invocation, &identification.interpreter, file.as_bstr()).unwrap_or(invocation))
}

/// Takes the facts as given, and only the symlinks from the host.
fn recognize(trace: &mut Trace<'_>, file: &BStr, known: &Interpreter, recorded: &Recorded) -> Identification {
    let identification = interpreter::recognize(&trace.ask, file, known, recorded.problem.as_ref());
    if identification.file.is_some() {
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
    if let Some(library) = &interpreter.library {
        trace.say(sentence!("The interpreter itself is in the shared library ", library, "."));
    }
    trace.set("implementation", Value::Text(interpreter.implementation.name().into()));
    trace.set("version", interpreter.version.map_or(Value::None, |version| Value::Text(version.to_string().into())));
}

/// Why startup cannot be simulated, if it cannot.
fn refusal(identification: &Identification, invocation: &Invocation) -> Option<Outcome> {
    if let Some(problem) = &identification.problem {
        let status = if problem.is_started() { Status::Starts } else { Status::FailsToExecute };
        let reason = identification.complaint(invocation.executable.as_bstr());
        return Some(Outcome { status, reason, step: None });
    }
    let interpreter = &identification.interpreter;
    let reason = match (&interpreter.implementation, interpreter.version) {
        (Implementation::CPython, Some(version)) if is_simulated(version) => return None,
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
            let version = version.map(|version| format!(" {version}")).unwrap_or_default();
            format!("the startup of {}{version} is not simulated, and that of CPython differs", other.name())
        }
    };
    Some(Outcome { status: Status::Starts, reason: Some(reason.into()), step: None })
}

fn run(trace: &mut Trace<'_>, invocation: &Invocation, interpreter: &Interpreter, progress: &mut Progress) -> Outcome {
    let Some(version) = interpreter.version else { unreachable!("a refusal came before") };
    let behaviors = Behaviors::of(version);
    let started = simulate(trace, invocation, interpreter, &behaviors, progress);
    progress.unsure = behaviors.unsure();
    match started {
        Ok(()) => Outcome { status: Status::Starts, reason: None, step: None },
        Err(fatal) if fatal.unanswered => {
            Outcome { status: Status::Starts, reason: Some(fatal.reason), step: Some(trace.step()) }
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
    if invocation.flags.safe_path && !behaviors.has(Behavior::SafePath) {
        return Err(Fatal {
            reason: "this version does not have the option -P".into(),
            messages: vec!["Unknown option: -P".into()],
            unanswered: false,
        });
    }
    let packaged = store::prepare(trace, invocation, interpreter, &mut settings);
    let invocation = packaged.as_ref().unwrap_or(invocation);
    let layout = Layout::new(invocation.platform, behaviors.version(), interpreter, &settings, behaviors);
    let input = Input { invocation, interpreter, behaviors, layout: &layout };
    let config = getpath::compute(trace, &input, &mut settings)?;
    let state = SysState {
        path: config.path.clone(),
        prefix: config.prefix.clone(),
        exec_prefix: config.exec_prefix.clone(),
        home: Unset::Absent,
        base_executable: config.base_executable.clone(),
    };
    let config = &*progress.config.insert(config);
    let state = progress.sys.insert(state);
    encodings::import(trace, &input, &settings, config)?;
    let mut found = Imports::default();
    let imported = imports::early(trace, &input, &settings, config, &mut found);
    note_imports(&mut progress.site, &mut progress.imports, found);
    imported?;
    if settings.site_import {
        progress.site_ran = true;
        progress.site_ran = site::run(trace, &input, &settings, config, state, &mut progress.site)?;
    }
    progress.first = launch::first_entry(trace, behaviors, invocation, &settings);
    let path: Vec<_> = progress.first.iter().chain(&state.path).cloned().collect();
    let mut found = Imports::default();
    let imported = imports::at_launch(trace, &input, &settings, config, &path, &progress.site, &mut found);
    note_imports(&mut progress.site, &mut progress.imports, found);
    imported
}
