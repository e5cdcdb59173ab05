//! What the rules of this family share.

pub(in crate::rules) mod place;
