//! JSON documents: one module per version of each, and what they have in common.

pub(crate) mod document;
pub mod v1;
