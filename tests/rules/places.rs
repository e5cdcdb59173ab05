//! The pairs of this family.

use crate::pair::Pair;

/// The pairs, in the order of their codes.
pub const PAIRS: &[Pair] = &[];
