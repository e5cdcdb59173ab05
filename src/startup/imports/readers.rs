//! The readers of this room, each by itself, for the fuzz targets of this crate.

use std::hint::black_box;

use super::{bytecode, content};
use crate::startup::behaviors::Behaviors;
use crate::startup::python_code::Grammar;

/// The source of a module of the standard library.
pub fn source(source: &[u8], grammar: Grammar) {
    black_box(content::read(source, grammar));
}

/// The strings of compiled code; none where it is cut off.
pub fn compiled(code: &[u8], behaviors: &Behaviors) -> Option<Vec<Vec<u8>>> {
    bytecode::names(code, behaviors).ok()
}
