//! What the rules of this family share.

pub(in crate::rules) mod mismatched;
pub(in crate::rules) mod naming;
pub(in crate::rules) mod owners;
pub(in crate::rules) mod retarget;
