//! What the rules of this family share.

pub(in crate::rules) mod notation;
pub(in crate::rules) mod settings;
pub(in crate::rules) mod stdlib_names;
