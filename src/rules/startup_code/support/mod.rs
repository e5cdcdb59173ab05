//! What the rules of this family share.

pub(in crate::rules) mod files;
pub(in crate::rules) mod literal;
pub(in crate::rules) mod own_fixes;
pub(in crate::rules) mod suspicious;
