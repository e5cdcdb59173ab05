//! What the rules of this family share.

pub(in crate::rules) mod importing;
mod marker;
pub(in crate::rules) mod notation;
pub(in crate::rules) mod requirement;
pub(in crate::rules) mod settings;
pub(in crate::rules) mod stdlib_names;
pub(in crate::rules) mod visible;

pub(in crate::rules) use marker::Values;
