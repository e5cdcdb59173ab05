//! Repairs: what the fixes of a report do, worked out for a machine, proven in imagination, carried out, and undone.

#[cfg(feature = "live")]
mod apply;
#[cfg(feature = "live")]
mod bytes;
mod draft;
#[cfg(feature = "live")]
mod journal;
mod operation;
mod plan;
mod proof;
mod state;
#[cfg(feature = "live")]
mod undo;
mod within;

pub use operation::{Operation, What};
pub use plan::{Plan, PlannedFix, Progress, Standing, Wanted, plan};
pub use state::State;
#[cfg(feature = "live")]
pub use {
    apply::{Failure, apply, preflight},
    journal::{Journal, Transaction, rfc_3339},
    undo::{UndoError, recover, undo},
};
