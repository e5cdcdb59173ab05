//! The explain report as JSON, version 1: a public interface, apart from the types that it is made of.
//!
//! Keys may be added, none renamed. A path that is not valid UTF-8 is an object with its bytes.
//!
//! Each file below is one part of the report, made from what the simulation recorded.

mod command;
mod environment;
mod executable;
mod findings;
mod interpreter;
mod invocation;
mod outcome;
mod pyvenv_cfg;
mod startup;
mod steps;
mod string;
mod sys;
mod values;

use bstr::BString;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use crate::Explanation;
use crate::text::document::{line, schema_of};
use command::CommandReport;
use executable::ExecutableReport;
use interpreter::InterpreterReport;
use invocation::InvocationReport;
use pyvenv_cfg::PyvenvCfgReport;
use sys::{SiteReport, SysReport};

pub(in crate::report) use environment::EnvironmentReport;
pub(in crate::report) use findings::FindingReport;
pub(in crate::report) use outcome::OutcomeReport;
pub(in crate::report) use startup::StartupReport;
pub(in crate::report) use steps::StepReport;
pub(in crate::report) use string::{Text, optional, texts};
#[cfg(feature = "cli")]
pub(in crate::report) use sys::PathEntryReport;
#[cfg(feature = "cli")]
pub(in crate::report) use values::ValueReport;

/// The name and version of the document.
pub const SCHEMA: &str = "venv-doctor/explain/1";

/// The report as one line of JSON.
pub fn render(resolution: &Explanation, notes: &[BString]) -> Vec<u8> {
    line(&Report::new(resolution, notes))
}

/// The JSON Schema of the report, indented.
pub fn schema() -> String {
    schema_of::<Report>(SchemaSettings::draft2020_12().for_serialize())
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
    /// How the command leads to the interpreter; null where it is the interpreter itself.
    command: Option<CommandReport<'a>>,
    executable: ExecutableReport<'a>,
    interpreter: InterpreterReport<'a>,
    outcome: OutcomeReport<'a>,
    /// What the interpreter belongs to; null where there is nothing to tell.
    environment: Option<EnvironmentReport<'a>>,
    /// The `pyvenv.cfg` that decided; where the interpreter cannot be executed, the one that Python would read, with no
    /// entry used; null where none was found.
    pyvenv_cfg: Option<PyvenvCfgReport<'a>>,
    /// What `sys` would show; null where Python failed before it was computed.
    sys: Option<SysReport<'a>>,
    /// What `site` would hold; null where Python failed before it was computed.
    site: Option<SiteReport<'a>>,
    /// The code that startup would execute beyond the standard library, in order.
    startup: Vec<StartupReport<'a>>,
    /// What Python would print on standard error while it starts, without the bodies of tracebacks.
    messages: Vec<Text<'a>>,
    /// The explanation, in the order in which Python does it.
    steps: Vec<StepReport<'a>>,
    findings: Vec<FindingReport<'a>>,
    /// How the arguments were understood, where they had to be interpreted.
    notes: Vec<Text<'a>>,
}

impl<'a> Report<'a> {
    /// The report on a resolution.
    pub fn new(resolution: &'a Explanation, notes: &'a [BString]) -> Self {
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            invocation: resolution.into(),
            command: resolution.resolution.command.as_ref().map(Into::into),
            executable: (&resolution.resolution.identification).into(),
            interpreter: (&resolution.resolution.identification).into(),
            outcome: (&resolution.resolution.outcome).into(),
            environment: resolution.environment.as_ref().map(Into::into),
            pyvenv_cfg: resolution.resolution.pyvenv_cfg.as_ref().map(Into::into),
            sys: resolution.resolution.sys.as_ref().map(Into::into),
            site: resolution.resolution.site.as_ref().map(Into::into),
            startup: each(&resolution.resolution.startup),
            messages: texts(&resolution.resolution.messages),
            steps: each(&resolution.resolution.steps),
            findings: each(&resolution.findings),
            notes: texts(notes),
        }
    }
}

/// The program that wrote this.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Tool {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) version: &'static str,
}

impl Tool {
    pub(in crate::report) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

fn each<'a, S, T: From<&'a S>>(items: &'a [S]) -> Vec<T> {
    items.iter().map(Into::into).collect()
}
