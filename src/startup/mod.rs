//! The simulation of start-up, one file per phase, in the order in which Python does them.

mod record;

pub use record::{
    CfgCandidate, CfgEntry, CfgStage, Customize, Origin, OriginFile, Outcome, PathEntry, Phase, PyvenvCfg, Reader,
    Resolution, SiteValues, StartupCode, StartupKind, Status, Step, SysValues, Unset, Value,
};
