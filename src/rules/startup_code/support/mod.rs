//! What the rules of this family share.

pub(in crate::rules) mod by_owner;
pub(in crate::rules) mod failing;
pub(in crate::rules) mod files;
pub(in crate::rules) mod hooks;
pub(in crate::rules) mod literal;
pub(in crate::rules) mod redirector;
pub(in crate::rules) mod suspicious;
