//! The simulation of start-up, one file per phase, in the order in which Python does them.

mod record;

use crate::host::Host;
use crate::interpreter::{Identification, Interpreter, Version};
use crate::invocation::Invocation;

pub use record::{
    CfgCandidate, CfgEntry, CfgStage, Customize, Origin, OriginFile, Outcome, PathEntry, Phase, PyvenvCfg, Reader,
    Resolution, SiteValues, StartupCode, StartupKind, Status, Step, SysValues, Unset, Value,
};

/// What the caller knows better than the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The version to suppose.
    pub python_version: Option<Version>,
}

/// Placeholder.
pub fn resolve(_host: &dyn Host, invocation: &Invocation, options: &Options) -> Resolution {
    let mut interpreter = Interpreter::unknown();
    interpreter.version = options.python_version;
    Resolution {
        invocation: invocation.clone(),
        identification: Identification { hops: Vec::new(), file: None, problem: None, interpreter },
        outcome: Outcome { status: Status::Starts, reason: None, step: None },
        pyvenv_cfg: None,
        sys: None,
        site: None,
        startup: Vec::new(),
        messages: Vec::new(),
        steps: Vec::new(),
        findings: Vec::new(),
    }
}
