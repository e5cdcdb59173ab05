//! JSON documents: one module per version of each, and what they have in common.

pub mod v1;
