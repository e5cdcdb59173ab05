//! The simulation of startup, one file per phase, in the order in which Python does them.

mod assemble;
pub mod behaviors;
mod command;
mod configuration;
mod encodings;
mod fatal;
mod getpath;
mod imports;
mod known_code;
mod launch;
mod layout;
mod locale;
mod pypy;
mod python_code;
#[cfg(feature = "internals")]
pub mod readers;
mod record;
mod redirector;
mod resolve;
mod settings;
mod site;
pub mod steps;
mod store;
mod stub;
mod target;
mod trace;
mod unstarted;
mod values;
mod without_python;

pub use command::{Command, CommandHop, CommandKind};
pub use configuration::RefusedSetting;
#[cfg(feature = "cli")]
#[cfg(feature = "cli")]
pub use configuration::disregarded;
pub use configuration::{HashChecks, hash_checks, uses_frozen_modules};
pub use imports::bytecode_names;
pub use known_code::{
    BUILT_IN, Effect, First, Line, MAY_BE_BUILT_IN, Module, Namespace, line as recognize_line, may_import,
    module as recognize_module,
};
pub use locale::encoding_name;
pub(crate) use locale::{is_ascii as decodes_as_ascii, is_c as is_c_locale, is_utf8_mode};
pub use python_code::{Expression, Grammar, Source, Statement, SurveyedCode, Token, Tokens, survey_code, word};
pub use record::{
    CfgCandidate, CfgEntry, Customize, Doubt, Failure, Fault, Hook, HookKind, ImportFault, ImportProblem, MissingPath,
    Origin, OriginFile, Outcome, PathEntry, Phase, PyvenvCfg, Reader, Resolution, SiteValues, Status, Step, SysValues,
    Unset, Value,
};
pub use resolve::{Options, Recorded, resolve, resolve_asking};
pub use steps::StepId;
#[cfg(feature = "cli")]
pub use values::Named;

/// The most that is read of a configuration file, in bytes; a larger one is an error with a name.
pub const MOST_BYTES: u64 = 1 << 20;
