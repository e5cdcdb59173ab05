//! What the library says about a case, in the judge's terms.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};
use serde_json::{Value, json};
use venv_doctor::internals::host::{Answer, Hive, HostError, Lookup, MemoryHost, Op, RegistryKey};
use venv_doctor::internals::interpreter::{Compiled, Implementation, Interpreter, Vendor, Version};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::startup::{self, Options, Origin, Resolution, Status, SysValues};

use super::case::{Case, System};

/// The library's side of the comparison.
#[derive(Debug)]
pub struct Ours {
    /// Whether the path configuration fails.
    pub dies: bool,
    /// The fields that the judge also reports.
    pub values: BTreeMap<&'static str, Value>,
    /// Each lookup: its kind, the path, the answer.
    pub asked: Vec<(&'static str, String, Value)>,
    /// Everything that is printed, of which the script's part comes first.
    pub messages: Vec<String>,
}

/// Repeats the start; none where the file that is named cannot be started.
///
/// No machine contains the package `encodings`, so that every Python fails before `site` could change a value.
pub fn resolve(case: &Case, version: Version) -> Option<Ours> {
    let host = host(case);
    let mut invocation = Invocation::on(&host, case.argv0.as_str()).unwrap();
    invocation.flags.ignore_environment = case.ignore_environment;
    invocation.flags.isolated = case.isolated;
    let options = Options { interpreter: Some(interpreter(case, version)), ..Options::default() };
    let resolution = startup::resolve(&host, &invocation, &options);
    if resolution.outcome.status == Status::FailsToExecute {
        return None;
    }
    Some(Ours {
        dies: resolution.sys.is_none(),
        values: resolution.sys.as_ref().map(|sys| values(sys, &resolution)).unwrap_or_default(),
        asked: asked(&resolution, case.os),
        messages: resolution.messages.iter().map(ToString::to_string).collect(),
    })
}

fn host(case: &Case) -> MemoryHost {
    let mut host = MemoryHost::new(case.os.platform()).cwd(&case.cwd);
    for (name, value) in &case.variables {
        host = host.variable(name, value);
    }
    for dir in &case.directories {
        host = host.directory(dir);
    }
    for file in &case.files {
        // A program without content would be no program; that of this one is unknown.
        host = if file.executable { host.executable(&file.path) } else { host.file(&file.path, file.text.as_str()) };
        if file.denied {
            host = host.error(&file.path, HostError::PermissionDenied);
        }
    }
    for (path, target) in &case.links {
        host = host.symlink(path, target);
    }
    for (hive, name) in [(Hive::CurrentUser, "HKEY_CURRENT_USER"), (Hive::LocalMachine, "HKEY_LOCAL_MACHINE")] {
        if let Some(values) = case.registry.get(name) {
            host = host.registry(hive, registry_key(values));
        }
    }
    host
}

fn registry_key(values: &BTreeMap<String, String>) -> RegistryKey {
    let mut named: Vec<_> = values.iter().filter(|(name, _)| !name.is_empty()).collect();
    named.sort_by_key(|(name, _)| name.to_uppercase());
    RegistryKey {
        value: values.get("").filter(|value| !value.is_empty()).map(|value| value.as_str().into()),
        subkeys: named.into_iter().map(|(_, value)| value.as_str().into()).collect(),
    }
}

fn interpreter(case: &Case, version: Version) -> Interpreter {
    let built = &case.compiled;
    let some = |text: &String| Some(BString::from(text.as_str()));
    Interpreter {
        implementation: Implementation::CPython,
        version: Some(version),
        vendor: Vendor::Upstream,
        compiled: Compiled {
            prefix: some(&built.prefix),
            exec_prefix: some(&built.exec_prefix),
            platlibdir: some(&built.platlibdir),
            pythonpath: some(&built.pythonpath),
            vpath: some(&built.vpath),
            abi_thread: some(&built.abi_thread),
            framework: built.framework.then(|| "Python".into()),
            winver: some(&built.winver),
        },
        library: case.library.as_deref().map(BString::from),
        real_executable: case.real_executable.as_deref().map(BString::from),
        module_tables: None,
        extension_suffix: None,
        evidence: Vec::new(),
    }
}

fn values(sys: &SysValues, resolution: &Resolution) -> BTreeMap<&'static str, Value> {
    let text = |value: &BString| Value::String(value.to_string());
    let optional = |value: &Option<BString>| json!(value.as_ref().map(ToString::to_string).unwrap_or_default());
    let path = sys.path.iter().filter(|entry| entry.origin != Origin::Launch).map(|entry| entry.value.to_string());
    let mut values = BTreeMap::from([
        ("executable", text(&sys.executable)),
        ("base_executable", optional(&sys.base_executable)),
        ("prefix", text(&sys.prefix)),
        ("exec_prefix", text(&sys.exec_prefix)),
        ("base_prefix", text(&sys.base_prefix)),
        ("base_exec_prefix", text(&sys.base_exec_prefix)),
        ("module_search_paths", json!(path.collect::<Vec<_>>())),
        ("stdlib_dir", optional(&sys.stdlib_dir)),
        ("platlibdir", optional(&sys.platlibdir)),
    ]);
    let under_pth = resolution.steps.iter().find(|step| step.id.name() == "getpath.underpth.path");
    for (name, value) in under_pth.iter().flat_map(|step| &step.sets) {
        if let startup::Value::Bool(flag) = value {
            values.insert(name, json!(i32::from(*flag)));
        }
    }
    values
}

fn asked(resolution: &Resolution, system: System) -> Vec<(&'static str, String, Value)> {
    let own = resolution.steps.iter().filter(|step| step.id.name().starts_with("getpath."));
    own.flat_map(|step| &step.lookups)
        .map(|check| (check.op.name(), check.path.to_string(), answer(check, system)))
        .collect()
}

/// The answer as the judge writes it: whether reading worked, and the target of a symlink.
fn answer(check: &Lookup, system: System) -> Value {
    match (&check.answer, check.op) {
        (Answer::Bool(yes), _) => json!(yes),
        (Answer::Path(path), _) => json!(path.to_str_lossy()),
        (Answer::Bytes(_) | Answer::Names(_), _) => json!(true),
        (Answer::Error(_), Op::ReadLink | Op::RealPath) => Value::Null,
        // An opened directory reads as empty on POSIX.
        (Answer::Error(HostError::IsADirectory), Op::Read) => json!(system != System::Windows),
        _ => json!(false),
    }
}
