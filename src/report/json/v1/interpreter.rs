//! Which Python it is, what its build wrote into it, and where that was read.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::{Text, optional};
use crate::interpreter::{Compiled, Fact, Identification, Version};

/// Which Python it is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Interpreter")]
pub(super) struct InterpreterReport<'a> {
    /// `cpython`, `pypy`, `graalpy` or `unknown`, or what a snapshot says.
    implementation: &'a str,
    /// The version, with the micro version where that is known.
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

impl<'a> From<&'a Fact> for EvidenceReport<'a> {
    fn from(evidence: &'a Fact) -> Self {
        Self { fact: &evidence.fact, value: (&evidence.value).into(), from: (&evidence.from).into() }
    }
}
