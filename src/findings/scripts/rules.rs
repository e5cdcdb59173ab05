//! What the rules of this family mean.

use crate::findings::rule::Rule;

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[];
