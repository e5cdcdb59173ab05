//! Repairs: what the fixes of a report do, worked out for a machine, proven in imagination, carried out, and undone.

#[cfg(feature = "cli")]
mod apply;
#[cfg(feature = "cli")]
mod built;
#[cfg(feature = "cli")]
mod bytes;
mod draft;
#[cfg(feature = "cli")]
mod effects;
#[cfg(feature = "cli")]
mod journal;
#[cfg(feature = "cli")]
mod merged;
mod operation;
mod paths;
mod plan;
mod proof;
mod recorded;
mod state;
#[cfg(feature = "cli")]
mod undo;
mod within;

pub use operation::{Operation, What};
#[cfg(feature = "cli")]
pub(crate) use plan::plan_for;
pub use plan::{Plan, PlannedFix, Progress, Standing, Wanted, plan};
pub use state::State;
#[cfg(feature = "cli")]
pub use {
    apply::{Failure, Programs, apply},
    effects::look_at_effects,
    journal::{Journal, Transaction, rfc_3339},
    undo::{UndoError, recover, undo},
};
