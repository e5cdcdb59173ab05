//! What the rules of this family share.

pub(in crate::rules) mod library_path;
pub(in crate::rules) mod problem;
pub(in crate::rules) mod problem_fix;
