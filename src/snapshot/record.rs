//! Turns a machine into a document.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use super::archive;
use super::convert;
use super::discreet;
use super::document::{
    Document, FileDocument, FlagsDocument, LaunchDocument, LaunchKind, PlatformName, ProcessDocument, RegistryDocument,
    SchemaName, ScopeName,
};
use super::map::UniqueMap;
use super::text::Text;
use crate::environment::{Depth, Survey};
use crate::explanation;
use crate::host::path::{Flavor, module};
use crate::host::{Hive, Host, Lookups, Platform, ProgramKind, Recorded, RecordingHost, RegistryKey};
use crate::interpreter::{self, ModuleTables, Problem, Shim, Version};
use crate::invocation::{Flags, Invocation, Launch, SHIM_VARIABLES};
use crate::startup::{self, Options, Resolution};
use crate::which::{self, Asked};

/// Launchers of pip, distlib, uv and setuptools are far smaller.
const LARGEST_LAUNCHER: u64 = 1 << 20;
/// The mode of a directory that is not written down: owned by root, and open to everyone.
const ORDINARY: u16 = 0o755;

/// Writes down everything that the resolution of `invocation` looks up on `host`.
///
/// The invocation is resolved twice. The first resolution identifies the interpreter. The second takes that as given, as the
/// reader of the snapshot will, so that exactly what the reader needs is noted, and none of the interpreter's bytes.
///
/// At [`Depth::Environment`] the snapshot also holds what `check` reads beyond startup, with owners and permissions. Of the
/// names in `imports` it holds what `which` looks up.
pub fn record(
    host: &dyn Host,
    invocation: &Invocation,
    options: &Options,
    notes: &[BString],
    (depth, imports): (Depth, &[BString]),
) -> Document {
    let facts = startup::resolve(host, invocation, &Options { python_version: None, ..options.clone() });
    let identification = &facts.identification;
    let has_shim = facts.command.as_ref().is_some_and(startup::Command::has_shim) || identification.is_shim();
    let problem = identification.problem.as_ref().filter(|_| !fails_as_script(&facts));
    let mut interpreter = identification.interpreter.clone();
    if !imports.is_empty() && interpreter.module_tables.is_none() {
        interpreter.module_tables = tables(host, &facts).map(Box::new);
    }
    let known = Options {
        python_version: options.python_version,
        interpreter: Some(interpreter),
        recorded: startup::Recorded {
            problem: problem.cloned().filter(|_| identification.file.is_some()),
            lookups: identity_lookups(&facts),
            scripts: scripts(host, &facts),
            redirector: identification.redirector,
        },
        in_place: options.in_place,
    };
    let recorder = RecordingHost::new(host);
    let replayed = explanation::examine(&recorder, invocation, &known, depth).resolution;
    // `diff` finds out what a variable or a flag leads to by a startup without it, which may look elsewhere.
    for without in without_each(invocation) {
        explanation::explain(&recorder, &without, &known);
    }
    // What `diff` compares is part of every snapshot: the other machine is not there to be asked later.
    let lookups = Lookups::new(&recorder, invocation.cwd.clone());
    Survey::new(&replayed, &lookups).manifest();
    if !imports.is_empty() {
        let asked = Asked { names: imports.to_vec(), ..Asked::default() };
        which::ask(&recorder, invocation, &known, &asked);
    }
    let mut recorded = recorder.into_recorded();
    discreet::leave_out(&mut recorded, invocation);
    for script in &known.recorded.scripts {
        if let Some(file) = recorded.get_mut(script) {
            file.program = Some(ProgramKind::Script);
            // What a launcher of Windows starts is at its end, so that it is kept as a whole.
            if host.platform() == Platform::Windows && file.content.is_none() && file.opened {
                file.content = host.read(script.as_bstr(), LARGEST_LAUNCHER).ok();
            }
        }
    }
    let version = options.python_version.or(identification.interpreter.version);
    let interpreter = known.interpreter.as_ref().unwrap_or(&identification.interpreter);
    let mut interpreter = convert::interpreter_document(interpreter, problem, &known.recorded.lookups);
    if let Some(version) = options.python_version {
        // A version from the command line is part of the invocation that is repeated.
        interpreter = convert::interpreter_document(
            &replayed.identification.interpreter,
            replayed.identification.problem.as_ref(),
            &known.recorded.lookups,
        );
        interpreter.version = Some(version.to_string());
    }
    let redirector =
        identification.redirector.filter(|_| identification.redirector != identification.interpreter.version);
    interpreter.redirector = redirector.map(|version| version.to_string());
    let winver = identification.interpreter.winver();
    Document {
        schema: SchemaName::V1,
        scope: match depth {
            Depth::Startup => None,
            Depth::Environment => Some(ScopeName::Check),
            Depth::Files => Some(ScopeName::Files),
        },
        platform: match invocation.platform {
            Platform::Linux => PlatformName::Linux,
            Platform::Macos => PlatformName::Macos,
            Platform::Windows => PlatformName::Windows,
        },
        cwd: invocation.cwd.clone().map(Text),
        removed_cwd: host.removed_dir().filter(|_| invocation.cwd.is_none()).map(Text),
        executable: Text(invocation.executable.clone()),
        flags: flags(invocation),
        options: invocation.options.iter().cloned().map(Text).collect(),
        switches: invocation.switches.iter().cloned().map(Text).collect(),
        launch: launch(&invocation.launch),
        environment: UniqueMap(
            invocation
                .environment
                .iter()
                .filter(|(name, _)| has_shim || !SHIM_VARIABLES.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), Text(value.clone())))
                .collect(),
        ),
        process: process(host, invocation, version),
        interpreter,
        registry: RegistryDocument {
            current_user: host.registry(Hive::CurrentUser, winver.as_bstr()).map(registry_key),
            local_machine: host.registry(Hive::LocalMachine, winver.as_bstr()).map(registry_key),
        },
        files: files(host, recorded, depth),
        imports: imports.iter().cloned().map(Text).collect(),
        installed: true,
        notes: notes.iter().cloned().map(Text).collect(),
    }
}

/// So many startups without a variable or a flag are recorded.
const MOST_WITHOUT: usize = 24;

/// The invocation without each of its variables and flags of Python.
fn without_each(invocation: &Invocation) -> Vec<Invocation> {
    let names = invocation.environment.keys().filter(|name| name.starts_with("PYTHON"));
    let variables = names.map(|name| {
        let mut without = invocation.clone();
        without.environment.remove(name);
        without
    });
    let flags: [fn(&mut Flags) -> &mut bool; 5] = [
        |flags| &mut flags.isolated,
        |flags| &mut flags.ignore_environment,
        |flags| &mut flags.no_user_site,
        |flags| &mut flags.no_site,
        |flags| &mut flags.safe_path,
    ];
    let flags = flags.into_iter().filter_map(|flag| {
        let mut without = invocation.clone();
        let flag = flag(&mut without.flags);
        std::mem::take(flag).then_some(without)
    });
    variables.chain(flags).take(MOST_WITHOUT).collect()
}

/// The tables of modules in the interpreter, which the reader cannot read from its bytes.
fn tables(host: &dyn Host, facts: &Resolution) -> Option<ModuleTables> {
    let lookups = Lookups::new(host, facts.invocation.cwd.clone());
    let tables = interpreter::module_tables(&lookups, &facts.identification)?;
    Some(ModuleTables { suffixes: interpreter::extension_suffixes(&lookups, &facts.identification), ..tables })
}

/// Whether a script fails, of which the reader finds out why from its bytes. Of a script that leads to no Python, it is
/// recorded that it is one, and a shim of mise is no script.
fn fails_as_script(facts: &Resolution) -> bool {
    let is_script = match &facts.identification.problem {
        Some(Problem::Script { shim, .. }) => *shim != Some(Shim::Mise),
        _ => false,
    };
    is_script && facts.outcome.status == startup::Status::FailsToExecute
}

/// The scripts that lead to the interpreter, with their symlinks resolved.
fn scripts(host: &dyn Host, facts: &Resolution) -> Vec<BString> {
    let hops = facts.command.iter().flat_map(|command| &command.hops);
    let absolute = |path: &BString| match &facts.invocation.cwd {
        Some(cwd) => module::join(Flavor::of(facts.invocation.platform), &[cwd.as_bstr(), path.as_bstr()]),
        None => path.clone(),
    };
    let passed = hops.filter_map(|hop| host.real_path(absolute(&hop.path).as_bstr()).ok());
    passed.chain(facts.identification.file.clone().filter(|_| fails_as_script(facts))).collect()
}

/// The lookups of the identification, without those that follow symlinks, which the reader will repeat.
fn identity_lookups(facts: &Resolution) -> Vec<crate::host::Lookup> {
    let identification = &facts.identification;
    let Some(step) = facts.steps.iter().rfind(|step| step.id == startup::StepId::Identify) else {
        return Vec::new();
    };
    // One lookup for each symlink, one that finds no further symlink, one for the real path.
    let repeated = if identification.file.is_some() { identification.hops.len() + 2 } else { step.lookups.len() };
    step.lookups.get(repeated..).unwrap_or_default().to_vec()
}

fn flags(invocation: &Invocation) -> FlagsDocument {
    let flags = invocation.flags;
    FlagsDocument {
        isolated: flags.isolated,
        ignore_environment: flags.ignore_environment,
        no_user_site: flags.no_user_site,
        no_site: flags.no_site,
        safe_path: flags.safe_path,
    }
}

fn launch(launch: &Launch) -> LaunchDocument {
    let (kind, target) = match launch {
        Launch::Command => (LaunchKind::Command, None),
        Launch::Module(name) => (LaunchKind::Module, Some(name)),
        Launch::Script(path) => (LaunchKind::Script, Some(path)),
        Launch::Interactive => (LaunchKind::Interactive, None),
    };
    LaunchDocument { kind, target: target.cloned().map(Text) }
}

fn process(host: &dyn Host, invocation: &Invocation, version: Option<Version>) -> ProcessDocument {
    let process = invocation.process;
    ProcessDocument {
        uid: process.uid,
        euid: process.euid,
        gid: process.gid,
        egid: process.egid,
        home: host.account_home().map(Text),
        locale_encoding: version.map(|version| startup::encoding_name(host, invocation, version)),
    }
}

/// Startup does not use the names of subkeys, only their order, so they are numbered.
fn registry_key(key: RegistryKey) -> UniqueMap<Text> {
    let own = key.value.into_iter().map(|value| (String::new(), Text(value)));
    let subkeys = key.subkeys.into_iter().enumerate().map(|(index, value)| (format!("{index:04}"), Text(value)));
    UniqueMap(own.chain(subkeys).collect())
}

/// What exists, without directories that follow from other paths.
fn files(host: &dyn Host, mut recorded: BTreeMap<BString, Recorded>, depth: Depth) -> Vec<FileDocument> {
    if depth == Depth::Startup {
        for known in recorded.values_mut() {
            known.access = None;
        }
    }
    let is_plain = |recorded: &Recorded| {
        let plain = Recorded { access: None, ..recorded.clone() } == Recorded::directory();
        plain && recorded.access.is_none_or(|access| access.mode == ORDINARY && access.owner == 0)
    };
    let paths: Vec<&BString> = recorded.keys().collect();
    let mut files = Vec::with_capacity(recorded.len());
    for (path, known) in &recorded {
        if !(is_plain(known) && is_implied(path, &paths)) {
            let mut file = convert::file_document(path, known);
            if known.opened && known.content.is_none() && !is_library(path) {
                file.archive = Some(archive::read(host, path.as_bstr()));
            }
            files.push(file);
        }
    }
    files
}

/// Whether a file that was opened is a program or a library by its name, and so not an archive whose members count: what
/// was read of it is not kept, and is unknown to the reader.
fn is_library(path: &BString) -> bool {
    // Metadata are read in part as well.
    const SUFFIXES: [&[u8]; 7] = [b".so", b".pyd", b".dll", b".dylib", b".exe", b"/METADATA", b"/PKG-INFO"];
    SUFFIXES.iter().any(|suffix| path.ends_with(suffix))
}

/// Whether something is below the directory; a root always exists.
fn is_implied(path: &BString, sorted: &[&BString]) -> bool {
    let separator = |byte: &u8| matches!(byte, b'/' | b'\\');
    if path.last().is_some_and(separator) {
        return true;
    }
    let below = sorted.partition_point(|other| *other <= path);
    sorted[below..]
        .iter()
        .take_while(|other| other.starts_with(path))
        .any(|other| other.get(path.len()).is_some_and(separator))
}
