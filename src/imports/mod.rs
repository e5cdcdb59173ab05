//! Which file an import gets, and why: the finders in their order, what each candidate is, what is shadowed.
//!
//! The search begins where startup ends, with the same `sys.path` and the same memory of lookups, and runs nothing.

mod alias;
mod answer;
mod binary;
mod closures;
mod code;
mod finder;
mod importers;
mod launched;
mod loaded;
mod offer;
mod outcome;
mod package;
mod parent;
mod provided;
mod pypy;
mod set_up;

pub use answer::{Candidate, FoundBy, Import, Kind, Place, There, Verdict};
pub use finder::{Finder, Provided};
pub use launched::{Launched, launched};
