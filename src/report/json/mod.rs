//! JSON documents, one module per version of each.

pub mod v1;
