//! The explain report as JSON, version 1: a public interface, apart from the types that it is made of.
//!
//! Keys may be added, none renamed. A path that is not valid UTF-8 is an object with its bytes.

use std::borrow::Cow;

use bstr::{BStr, BString, ByteSlice};
use data_encoding::BASE64;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use crate::Explanation;
use crate::findings::{Finding, Proof};
use crate::host::{Answer, Check};
use crate::interpreter::{Compiled, Evidence, Hop, Identification, Problem, Shim, Version};
use crate::invocation::{Flags, Launch};
use crate::report::escape::escape_invalid;
use crate::startup::{
    CfgCandidate, CfgEntry, Outcome, PathEntry, PyvenvCfg, SiteValues, StartupCode, Step, SysValues, Unset, Value,
};

/// The name and version of the document.
pub const SCHEMA: &str = "venv-doctor/explain/1";

/// The report as one line of JSON.
pub fn render(resolution: &Explanation, notes: &[BString]) -> Vec<u8> {
    // Most reports of an ordinary environment fit, so the buffer does not grow.
    let mut document = Vec::with_capacity(32 * 1024);
    // Every key is a string and the buffer takes everything, so that this cannot fail.
    serde_json::to_writer(&mut document, &Report::new(resolution, notes)).unwrap_or_default();
    document.push(b'\n');
    document
}

/// The JSON Schema of the report, indented.
pub fn schema() -> String {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Report>();
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// What a Python will do when it starts, and why.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "venv-doctor explain report, version 1")]
pub struct Report<'a> {
    /// `venv-doctor/explain/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: Tool,
    invocation: InvocationReport<'a>,
    executable: ExecutableReport<'a>,
    interpreter: InterpreterReport<'a>,
    outcome: OutcomeReport<'a>,
    /// The `pyvenv.cfg` that decided; null where no stage found one.
    pyvenv_cfg: Option<PyvenvCfgReport<'a>>,
    /// What `sys` would show; null where Python died before computing it.
    sys: Option<SysReport<'a>>,
    /// What `site` would hold; null where Python died before computing it.
    site: Option<SiteReport<'a>>,
    /// The code that start-up would execute beyond the standard library, in order.
    startup: Vec<StartupReport<'a>>,
    /// What Python would print on standard error while it starts, without the bodies of tracebacks.
    messages: Vec<Text<'a>>,
    /// The explanation, in the order in which Python does it.
    steps: Vec<StepReport<'a>>,
    findings: Vec<FindingReport<'a>>,
    /// How the arguments were understood, where that was not as typed.
    notes: Vec<Text<'a>>,
}

impl<'a> Report<'a> {
    /// The report on a resolution.
    pub fn new(resolution: &'a Explanation, notes: &'a [BString]) -> Self {
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            invocation: resolution.into(),
            executable: (&resolution.identification).into(),
            interpreter: (&resolution.identification).into(),
            outcome: (&resolution.outcome).into(),
            pyvenv_cfg: resolution.pyvenv_cfg.as_ref().map(Into::into),
            sys: resolution.sys.as_ref().map(Into::into),
            site: resolution.site.as_ref().map(Into::into),
            startup: each(&resolution.startup),
            messages: texts(&resolution.messages),
            steps: each(&resolution.steps),
            findings: each(&resolution.findings),
            notes: texts(notes),
        }
    }
}

fn each<'a, S, T: From<&'a S>>(items: &'a [S]) -> Vec<T> {
    items.iter().map(Into::into).collect()
}

pub(in crate::report) fn texts(items: &[BString]) -> Vec<Text<'_>> {
    each(items)
}

fn optional(text: Option<&BString>) -> Option<Text<'_>> {
    text.map(Into::into)
}

/// Bytes that are nearly always text: a string, or where they are not valid UTF-8, an object that holds them.
#[derive(Clone, Copy)]
pub struct Text<'a>(&'a BStr);

impl<'a> From<&'a BString> for Text<'a> {
    fn from(text: &'a BString) -> Self {
        Self(text.as_bstr())
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Ok(text) = self.0.to_str() {
            return serializer.serialize_str(text);
        }
        let mut object = serializer.serialize_struct("Text", 2)?;
        object.serialize_field("base64", &BASE64.encode(self.0))?;
        object.serialize_field("display", &escape_invalid(self.0))?;
        object.end()
    }
}

impl JsonSchema for Text<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A string; where it is not valid UTF-8, its bytes.",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "base64": {"type": "string", "contentEncoding": "base64"},
                        "display": {"type": "string", "description": "The same with the bad bytes escaped."},
                    },
                    "required": ["base64", "display"],
                },
            ],
        })
    }
}

/// The program that wrote this.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(in crate::report) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

/// How Python is called.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invocation")]
struct InvocationReport<'a> {
    /// `argv[0]`, as typed.
    executable_arg: Text<'a>,
    /// The working directory; null where it has been removed.
    cwd: Option<Text<'a>>,
    #[schemars(extend("enum" = ["linux", "macos", "windows"]))]
    platform: &'static str,
    flags: FlagsReport,
    launch: LaunchReport<'a>,
    environment: Environment<'a>,
}

impl<'a> From<&'a Explanation> for InvocationReport<'a> {
    fn from(resolution: &'a Explanation) -> Self {
        let invocation = &resolution.invocation;
        Self {
            executable_arg: (&invocation.executable).into(),
            cwd: optional(invocation.cwd.as_ref()),
            platform: invocation.platform.name(),
            flags: invocation.flags.into(),
            launch: (&invocation.launch).into(),
            environment: Environment(&invocation.environment),
        }
    }
}

/// Python's flags, as given.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Flags")]
struct FlagsReport {
    isolated: bool,
    ignore_environment: bool,
    no_user_site: bool,
    no_site: bool,
    safe_path: bool,
}

impl From<Flags> for FlagsReport {
    fn from(flags: Flags) -> Self {
        Self {
            isolated: flags.isolated,
            ignore_environment: flags.ignore_environment,
            no_user_site: flags.no_user_site,
            no_site: flags.no_site,
            safe_path: flags.safe_path,
        }
    }
}

/// What Python is told to run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Launch")]
struct LaunchReport<'a> {
    #[schemars(extend("enum" = ["command", "module", "script", "interactive"]))]
    kind: &'static str,
    target: Option<Text<'a>>,
}

impl<'a> From<&'a Launch> for LaunchReport<'a> {
    fn from(launch: &'a Launch) -> Self {
        let (kind, target) = match launch {
            Launch::Command => ("command", None),
            Launch::Interactive => ("interactive", None),
            Launch::Module(name) => ("module", Some(name)),
            Launch::Script(path) => ("script", Some(path)),
        };
        Self { kind, target: optional(target) }
    }
}

/// The variables that start-up consults and that are set.
struct Environment<'a>(&'a std::collections::BTreeMap<String, BString>);

impl Serialize for Environment<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Text::from(value))))
    }
}

impl JsonSchema for Environment<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Environment".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The variables that start-up consults and that are set.",
            "type": "object",
            "additionalProperties": generator.subschema_for::<Text>(),
        })
    }
}

/// The file that would be started.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Executable")]
struct ExecutableReport<'a> {
    /// The links from the path as typed to the file.
    hops: Vec<HopReport<'a>>,
    /// The file at the end of the links; null where there is none.
    file: Option<Text<'a>>,
    /// Why it does not start a Python, or not directly; null where it does.
    problem: Option<ProblemReport<'a>>,
}

impl<'a> From<&'a Identification> for ExecutableReport<'a> {
    fn from(identification: &'a Identification) -> Self {
        Self {
            hops: each(&identification.hops),
            file: optional(identification.file.as_ref()),
            problem: identification.problem.as_ref().map(Into::into),
        }
    }
}

/// A symbolic link.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hop")]
struct HopReport<'a> {
    path: Text<'a>,
    /// The target, as written.
    target: Text<'a>,
}

impl<'a> From<&'a Hop> for HopReport<'a> {
    fn from(hop: &'a Hop) -> Self {
        Self { path: (&hop.path).into(), target: (&hop.target).into() }
    }
}

/// Why a path does not start a Python, or not directly.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum ProblemReport<'a> {
    Missing,
    DanglingLink {
        link: Text<'a>,
        target: Text<'a>,
        /// The nearest parent of the target that exists.
        nearest: Option<Text<'a>>,
    },
    LinkLoop,
    Directory,
    NotAFile,
    Unreachable {
        path: Text<'a>,
    },
    NotExecutable,
    Empty,
    TextLink {
        target: Text<'a>,
    },
    Script {
        interpreter: Text<'a>,
        #[schemars(extend("enum" = ["pyenv", "asdf", "mise", null]))]
        shim: Option<&'static str>,
        real: Option<Text<'a>>,
        interpreter_exists: bool,
    },
    NotAProgram,
    Truncated,
    WrongArchitecture {
        built_for: &'a str,
    },
    WrongSystem {
        format: &'a str,
    },
    MissingLoader {
        loader: Text<'a>,
    },
    MissingLibrary {
        library: Text<'a>,
        searched: Vec<Text<'a>>,
    },
    BadLibrary {
        library: Text<'a>,
    },
    NotPython,
}

impl<'a> From<&'a Problem> for ProblemReport<'a> {
    fn from(problem: &'a Problem) -> Self {
        match problem {
            Problem::Missing => Self::Missing,
            Problem::DanglingLink { link, target, nearest } => {
                Self::DanglingLink { link: link.into(), target: target.into(), nearest: optional(nearest.as_ref()) }
            }
            Problem::LinkLoop => Self::LinkLoop,
            Problem::Directory => Self::Directory,
            Problem::NotAFile => Self::NotAFile,
            Problem::Unreachable { path } => Self::Unreachable { path: path.into() },
            Problem::NotExecutable => Self::NotExecutable,
            Problem::Empty => Self::Empty,
            Problem::TextLink { target } => Self::TextLink { target: target.into() },
            Problem::Script { interpreter, shim, real, interpreter_exists } => Self::Script {
                interpreter: interpreter.into(),
                shim: shim.map(shim_name),
                real: optional(real.as_ref()),
                interpreter_exists: *interpreter_exists,
            },
            Problem::NotAProgram => Self::NotAProgram,
            Problem::Truncated => Self::Truncated,
            Problem::WrongArchitecture { built_for } => Self::WrongArchitecture { built_for },
            Problem::WrongSystem { format } => Self::WrongSystem { format },
            Problem::MissingLoader { loader } => Self::MissingLoader { loader: loader.into() },
            Problem::MissingLibrary { library, searched } => {
                Self::MissingLibrary { library: library.into(), searched: texts(searched) }
            }
            Problem::BadLibrary { library } => Self::BadLibrary { library: library.into() },
            Problem::NotPython => Self::NotPython,
        }
    }
}

fn shim_name(shim: Shim) -> &'static str {
    match shim {
        Shim::Pyenv => "pyenv",
        Shim::Asdf => "asdf",
        Shim::Mise => "mise",
    }
}

/// Which Python it is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Interpreter")]
struct InterpreterReport<'a> {
    /// `cpython`, `pypy`, `graalpy` or `unknown`, or what a snapshot says.
    implementation: &'a str,
    /// The version, to the micro release where that could be learnt.
    version: Option<String>,
    /// Who built it: `upstream`, `debian`, `python-build-standalone` or `unknown`, or what a snapshot says.
    vendor: &'a str,
    compiled: CompiledReport<'a>,
    /// The shared object that holds the interpreter; null in static builds and where it is unknown.
    library: Option<Text<'a>>,
    /// Where each fact was read.
    evidence: Vec<EvidenceReport<'a>>,
}

impl<'a> From<&'a Identification> for InterpreterReport<'a> {
    fn from(identification: &'a Identification) -> Self {
        let interpreter = &identification.interpreter;
        Self {
            implementation: interpreter.implementation.name(),
            version: interpreter.version.as_ref().map(Version::to_string),
            vendor: interpreter.vendor.name(),
            compiled: (&interpreter.compiled).into(),
            library: optional(interpreter.library.as_ref()),
            evidence: each(&interpreter.evidence),
        }
    }
}

/// What the build wrote into the binary; null is unknown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Compiled")]
struct CompiledReport<'a> {
    prefix: Option<Text<'a>>,
    exec_prefix: Option<Text<'a>>,
    platlibdir: Option<Text<'a>>,
    pythonpath: Option<Text<'a>>,
    vpath: Option<Text<'a>>,
    abi_thread: Option<Text<'a>>,
    framework: Option<Text<'a>>,
    winver: Option<Text<'a>>,
}

impl<'a> From<&'a Compiled> for CompiledReport<'a> {
    fn from(compiled: &'a Compiled) -> Self {
        Self {
            prefix: optional(compiled.prefix.as_ref()),
            exec_prefix: optional(compiled.exec_prefix.as_ref()),
            platlibdir: optional(compiled.platlibdir.as_ref()),
            pythonpath: optional(compiled.pythonpath.as_ref()),
            vpath: optional(compiled.vpath.as_ref()),
            abi_thread: optional(compiled.abi_thread.as_ref()),
            framework: optional(compiled.framework.as_ref()),
            winver: optional(compiled.winver.as_ref()),
        }
    }
}

/// Where a fact was read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Evidence")]
struct EvidenceReport<'a> {
    fact: &'a str,
    value: Text<'a>,
    from: Text<'a>,
}

impl<'a> From<&'a Evidence> for EvidenceReport<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        Self { fact: &evidence.fact, value: (&evidence.value).into(), from: (&evidence.from).into() }
    }
}

/// What would become of the process.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
pub(in crate::report) struct OutcomeReport<'a> {
    #[schemars(extend("enum" = ["starts", "fails-to-execute", "fails-to-initialize"]))]
    status: &'static str,
    /// Why not, or what limits the answer.
    reason: Option<Text<'a>>,
    /// The step that decided a failure.
    step: Option<usize>,
}

impl<'a> From<&'a Outcome> for OutcomeReport<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        Self { status: outcome.status.name(), reason: optional(outcome.reason.as_ref()), step: outcome.step }
    }
}

/// The `pyvenv.cfg` that decided.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PyvenvCfg")]
struct PyvenvCfgReport<'a> {
    path: Text<'a>,
    /// Its lines with an equals sign.
    entries: Vec<CfgEntryReport<'a>>,
    /// Every place where it was looked for, in order.
    candidates: Vec<CfgCandidateReport<'a>>,
}

impl<'a> From<&'a PyvenvCfg> for PyvenvCfgReport<'a> {
    fn from(file: &'a PyvenvCfg) -> Self {
        Self { path: (&file.path).into(), entries: each(&file.entries), candidates: each(&file.candidates) }
    }
}

/// A line of `pyvenv.cfg`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CfgEntry")]
struct CfgEntryReport<'a> {
    /// From 1.
    line: usize,
    key: Text<'a>,
    value: Text<'a>,
    /// Who took a value from this line.
    #[schemars(extend("items" = {"enum": ["getpath", "site"]}))]
    used_by: Vec<&'static str>,
}

impl<'a> From<&'a CfgEntry> for CfgEntryReport<'a> {
    fn from(entry: &'a CfgEntry) -> Self {
        Self {
            line: entry.line,
            key: (&entry.key).into(),
            value: (&entry.value).into(),
            used_by: entry.used_by.iter().map(|reader| reader.name()).collect(),
        }
    }
}

/// A place where `pyvenv.cfg` was looked for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CfgCandidate")]
struct CfgCandidateReport<'a> {
    path: Text<'a>,
    found: bool,
    #[schemars(extend("enum" = ["getpath", "site"]))]
    stage: &'static str,
}

impl<'a> From<&'a CfgCandidate> for CfgCandidateReport<'a> {
    fn from(candidate: &'a CfgCandidate) -> Self {
        Self { path: (&candidate.path).into(), found: candidate.found, stage: candidate.stage.name() }
    }
}

/// What `sys` would show; null where this version has no such attribute.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sys")]
struct SysReport<'a> {
    executable: Text<'a>,
    _base_executable: Option<Text<'a>>,
    prefix: Text<'a>,
    exec_prefix: Text<'a>,
    base_prefix: Text<'a>,
    base_exec_prefix: Text<'a>,
    /// Absent where the run has no such attribute, as under `-S`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "JSON tells an absent key from null, and so must this")]
    _home: Option<Option<Text<'a>>>,
    platlibdir: Option<Text<'a>>,
    _stdlib_dir: Option<Text<'a>>,
    path: Vec<PathEntryReport<'a>>,
}

impl<'a> From<&'a SysValues> for SysReport<'a> {
    fn from(sys: &'a SysValues) -> Self {
        Self {
            executable: (&sys.executable).into(),
            _base_executable: optional(sys.base_executable.as_ref()),
            prefix: (&sys.prefix).into(),
            exec_prefix: (&sys.exec_prefix).into(),
            base_prefix: (&sys.base_prefix).into(),
            base_exec_prefix: (&sys.base_exec_prefix).into(),
            _home: match &sys.home {
                Unset::Absent => None,
                Unset::Set(home) => Some(optional(home.as_ref())),
            },
            platlibdir: optional(sys.platlibdir.as_ref()),
            _stdlib_dir: optional(sys.stdlib_dir.as_ref()),
            path: each(&sys.path),
        }
    }
}

/// An entry of `sys.path`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PathEntry")]
pub(in crate::report) struct PathEntryReport<'a> {
    /// Exactly what Python would hold.
    value: Text<'a>,
    #[schemars(extend("enum" = [
        "launch", "PYTHONPATH", "zip", "stdlib", "platstdlib", "compiled-pythonpath", "registry", "executable-dir",
        "_pth-file", "site-packages", "user-site", "pth-file"
    ]))]
    origin: &'static str,
    exists: bool,
    /// The step that put it there.
    step: usize,
    /// The `.pth` or `._pth` file that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Text<'a>>,
    /// The line in that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

impl<'a> From<&'a PathEntry> for PathEntryReport<'a> {
    fn from(entry: &'a PathEntry) -> Self {
        Self {
            value: (&entry.value).into(),
            origin: entry.origin.name(),
            exists: entry.exists,
            step: entry.step,
            file: entry.file.as_ref().map(|from| (&from.file).into()),
            line: entry.file.as_ref().map(|from| from.line),
        }
    }
}

/// What the `site` module would hold.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Site")]
#[allow(non_snake_case, reason = "the names are those of the site module")]
struct SiteReport<'a> {
    enabled: bool,
    ENABLE_USER_SITE: Option<bool>,
    USER_BASE: Option<Text<'a>>,
    USER_SITE: Option<Text<'a>>,
    PREFIXES: Vec<Text<'a>>,
    /// The file that would be imported.
    sitecustomize: Option<Text<'a>>,
    /// The file that would be imported.
    usercustomize: Option<Text<'a>>,
}

impl<'a> From<&'a SiteValues> for SiteReport<'a> {
    fn from(site: &'a SiteValues) -> Self {
        Self {
            enabled: site.enabled,
            ENABLE_USER_SITE: site.enable_user_site,
            USER_BASE: optional(site.user_base.as_ref()),
            USER_SITE: optional(site.user_site.as_ref()),
            PREFIXES: texts(&site.prefixes),
            sitecustomize: optional(site.customize.sitecustomize.as_ref()),
            usercustomize: optional(site.customize.usercustomize.as_ref()),
        }
    }
}

/// Code that start-up would execute.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StartupCode")]
pub(in crate::report) struct StartupReport<'a> {
    #[schemars(extend("enum" = ["pth-import", "start-entry-point", "sitecustomize", "usercustomize"]))]
    kind: &'static str,
    file: Text<'a>,
    /// From 1; null for modules.
    line: Option<usize>,
    /// The text of the line; null for modules.
    code: Option<Text<'a>>,
    /// What the code is known to do; null where it is not recognised.
    known: Option<&'static str>,
    /// The step that would run it.
    step: usize,
}

impl<'a> From<&'a StartupCode> for StartupReport<'a> {
    fn from(code: &'a StartupCode) -> Self {
        Self {
            kind: code.kind.name(),
            file: (&code.file).into(),
            line: code.line,
            code: optional(code.code.as_ref()),
            known: code.known,
            step: code.step,
        }
    }
}

/// An element of the explanation.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Step")]
pub(in crate::report) struct StepReport<'a> {
    /// From 1.
    id: usize,
    #[schemars(extend("enum" = ["executable", "environment", "venv", "prefix", "path", "site", "pth", "customize"]))]
    phase: &'static str,
    title: &'static str,
    detail: Text<'a>,
    /// The stable name, such as `getpath.venv.home`.
    rule: &'static str,
    /// The upstream file, and the versions for which the rule holds.
    source: &'a str,
    /// The upstream issues that brought this behaviour.
    issues: &'a [&'static str],
    /// Every file-system question of this step, in order.
    checks: Vec<CheckReport<'a>>,
    sets: Sets<'a>,
}

impl<'a> From<&'a Step> for StepReport<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            id: step.id,
            phase: step.phase.name(),
            title: step.title,
            detail: (&step.detail).into(),
            rule: step.rule,
            source: &step.source,
            issues: &step.issues,
            checks: each(&step.checks),
            sets: Sets(&step.sets),
        }
    }
}

/// A question put to the machine, with its answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Check")]
struct CheckReport<'a> {
    #[schemars(extend("enum" = ["is_file", "is_dir", "is_executable", "read", "read_link", "real_path", "list_dir", "exists"]))]
    op: &'static str,
    /// As Python spelt it: perhaps relative to the working directory.
    path: Text<'a>,
    result: ResultReport<'a>,
}

impl<'a> From<&'a Check> for CheckReport<'a> {
    fn from(check: &'a Check) -> Self {
        let result = match &check.answer {
            Answer::Bool(yes) => ResultReport::Bool(*yes),
            Answer::Bytes(bytes) => ResultReport::Read { bytes: *bytes },
            Answer::Path(path) => ResultReport::Resolved { path: path.into() },
            Answer::Names(names) => ResultReport::Listed { names: *names },
            Answer::Error(error) => ResultReport::Failed { error: error.name() },
        };
        Self { op: check.op.name(), path: (&check.path).into(), result }
    }
}

/// The answer of the machine.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Result")]
#[serde(untagged)]
enum ResultReport<'a> {
    /// To `is_file`, `is_dir`, `is_executable` and `exists`.
    Bool(bool),
    /// To `read`: how many bytes.
    Read { bytes: usize },
    /// To `read_link` and `real_path`.
    Resolved { path: Text<'a> },
    /// To `list_dir`: how many names.
    Listed { names: usize },
    /// To any: why there is no answer.
    Failed { error: &'static str },
}

/// The values that a step decided, by name; where it decided one twice, the last.
struct Sets<'a>(&'a [(&'static str, Value)]);

impl Serialize for Sets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            if !self.0[index + 1..].iter().any(|(later, _)| later == name) {
                map.serialize_entry(name, &ValueReport::from(value))?;
            }
        }
        map.end()
    }
}

impl JsonSchema for Sets<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Sets".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The values that the step decided, by name.",
            "type": "object",
            "additionalProperties": generator.subschema_for::<ValueReport>(),
        })
    }
}

/// A value that a step decided.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Value")]
#[serde(untagged)]
pub(in crate::report) enum ValueReport<'a> {
    None,
    Bool(bool),
    Text(Text<'a>),
    List(Vec<Text<'a>>),
}

impl<'a> From<&'a Value> for ValueReport<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Text(text) => Self::Text(text.into()),
            Value::List(items) => Self::List(texts(items)),
        }
    }
}

/// A problem that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(in crate::report) struct FindingReport<'a> {
    /// `VD` and three digits.
    code: &'static str,
    #[schemars(extend("enum" = ["error", "warning", "info"]))]
    severity: &'static str,
    message: Text<'a>,
    /// The places that prove it.
    evidence: Vec<ProofReport<'a>>,
    /// What to do.
    fix: Option<Text<'a>>,
    /// The step in which it shows.
    step: Option<usize>,
}

impl<'a> From<&'a Finding> for FindingReport<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.code,
            severity: finding.severity.name(),
            message: (&finding.message).into(),
            evidence: each(&finding.evidence),
            fix: optional(finding.fix.as_ref()),
            step: finding.step,
        }
    }
}

/// A place that proves a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Proof")]
struct ProofReport<'a> {
    file: Text<'a>,
    /// From 1; null where no single line is meant.
    line: Option<usize>,
    text: Text<'a>,
}

impl<'a> From<&'a Proof> for ProofReport<'a> {
    fn from(proof: &'a Proof) -> Self {
        Self { file: (&proof.file).into(), line: proof.line, text: (&proof.text).into() }
    }
}
