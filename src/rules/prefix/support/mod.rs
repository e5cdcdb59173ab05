//! What the rules of this family share.

pub(in crate::rules) mod alias;
pub(in crate::rules) mod base;
pub(in crate::rules) mod cause;
pub(in crate::rules) mod cfg;
pub(in crate::rules) mod undecorated;
