//! The readers of this module, each by itself, for the fuzz targets of this crate.

use std::hint::black_box;

use super::{bytecode, content};
use crate::startup::behaviors::Behaviors;

/// The source of a module of the standard library.
pub fn source(source: &[u8], behaviors: &Behaviors) {
    black_box(content::read(source, behaviors));
}

/// The strings of compiled code; none where it is cut off.
pub fn compiled(code: &[u8], behaviors: &Behaviors) -> Option<Vec<Vec<u8>>> {
    bytecode::names(code, behaviors).ok()
}
