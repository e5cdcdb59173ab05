//! The report of `fix` and of `undo`: what is to be done or was done, and what is left.

mod actions;
#[cfg(feature = "cli")]
mod documents;
#[cfg(feature = "cli")]
mod json;
#[cfg(feature = "cli")]
mod text;
#[cfg(feature = "cli")]
mod transactions;

pub(in crate::report) use actions::{ActionReport, actions};
#[cfg(feature = "cli")]
pub use {
    documents::{Report, State},
    json::{schema, undone},
    transactions::{list_to_json, list_to_text, schema_of_list},
};
